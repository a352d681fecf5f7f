/** Every reply and webhook that Lever documents, or that was seen, for what this product asks and takes. */
import { createHmac } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { describe, expect, it, test } from 'vitest';
import { createLeverClient } from '../../../../server/ats/lever/client.ts';
import { leverKey } from '../../../../server/ats/lever/credential.ts';
import { leverWebhooks } from '../../../../server/ats/lever/index.ts';
import { requestLeverTokens } from '../../../../server/ats/lever/oauth-token-endpoint.ts';
import { createLeverWebhookManager } from '../../../../server/ats/lever/webhook-manager.ts';
import { errorDetail } from '../../../../server/outbound/error-detail.ts';
import type { HttpClient } from '../../../../server/outbound/http.ts';
import { UNLIMITED } from '../../../../server/outbound/rate-limiter.ts';
import { collect, fixture, NOW, OPPORTUNITY, scriptedLever, TARGET } from './scripted-lever.ts';

const at = `/opportunities/${OPPORTUNITY}`;
const OTHER = '0f7d8d0e-9c56-4a32-a1a0-6a4d6a6b4f02';
const NOTE = 'dafc52cc-2eba-4542-92ba-1f17685df17b';
const ASSESSMENT = '00922a60-7c15-422b-b086-f62000824fd7';
const UNDERQUALIFIED = '63dd55b2-a99f-4e7b-985f-22c7bf80ab42';
const ok = (value: unknown) => ({ ok: true, value });
const answers = async (routes: Record<string, string>) => {
  const script = await Promise.all(Object.entries(routes).map(async ([route, name]) => [route, { body: await fixture(name) }]));
  return scriptedLever(Object.fromEntries(script));
};

interface Case {
  /** The files that it shows to be understood. */
  files: string[];
  run(): Promise<void>;
}

const BARE = '5c86dfab-9a5a-4c11-a7c7-32f1e5f8e2c1';

const CASES: Record<string, Case> = {
  'an opportunity, expanded and bare': {
    files: ['opportunity', 'opportunity-bare', 'posting', 'stages', 'archive-reasons'],
    async run() {
      const { adapter } = await answers({
        [`GET ${at}`]: 'opportunity',
        [`GET /opportunities/${BARE}`]: 'opportunity-bare',
        'GET /postings/f2f01e16-27f8-4711-a728-7d49499795a0': 'posting',
        'GET /stages': 'stages',
        'GET /archive_reasons': 'archive-reasons',
      });
      expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject(
        ok({ name: 'Ada Moreno', job: { name: 'Senior Backend Engineer' } }),
      );
      expect(await adapter.readSnapshot(BARE)).toMatchObject(ok({ name: null, anonymised: true, status: 'archived' }));
    },
  },
  'a list over two pages, the offset decoded once': {
    files: ['opportunity-list-page', 'opportunity-list-last'],
    async run() {
      const [first, last] = [await fixture('opportunity-list-page'), await fixture('opportunity-list-last')];
      const { adapter, requests } = scriptedLever({
        'GET /opportunities': ({ query }) => ({ body: query?.offset === undefined ? first : last }),
        'GET /stages': { body: await fixture('stages') },
        'GET /archive_reasons': { body: await fixture('archive-reasons') },
      });
      expect(await adapter.findApplications('contact')).toMatchObject(
        ok([
          { candidateName: 'Ada Moreno', stageName: 'Assessment' },
          { candidateName: null, stageName: 'New applicant' },
          { candidateName: 'Ben Fischer', status: 'archived' },
        ]),
      );
      const lists = requests.filter(({ url }) => url.endsWith('/opportunities')).map(({ query }) => query);
      expect(lists.map((query) => query?.offset)).toEqual([undefined, `[5,1790000300000,"${OTHER}"]`]);
      expect(lists[0]).toMatchObject({ contact_id: 'contact', confidentiality: 'all' });
    },
  },
  'the deleted list, a time as text too': {
    files: ['opportunities-deleted'],
    async run() {
      const { adapter, requests } = await answers({ 'GET /opportunities/deleted': 'opportunities-deleted' });
      const since = new Date('2026-09-01T00:00:00.000Z');
      const { findDeletedSince } = adapter.operations;
      if (!findDeletedSince) throw new Error('The adapter has no deleted list');
      expect(await collect(findDeletedSince(since))).toEqual([
        ok({ applicationId: OPPORTUNITY, deletedAt: '2026-09-21T14:28:20.000Z' }),
        ok({ applicationId: OTHER, deletedAt: '2026-09-21T14:29:10.000Z' }),
      ]);
      expect(requests[0]?.query).toMatchObject({ deleted_at_start: since.getTime() });
    },
  },
  'one stage, one reason, tags and disposition stages are lists of what we read elsewhere': {
    files: ['stage', 'archive-reason-alone', 'disposition-stages', 'tags'],
    async run() {
      const { adapter } = await answers({ 'GET /stages': 'stage', 'GET /archive_reasons': 'archive-reason-alone' });
      expect(await adapter.listStages()).toMatchObject(ok([{ stageId: ASSESSMENT, name: 'Assessment' }]));
      expect(await adapter.listDispositionReasons()).toMatchObject(ok([{ name: 'Hired', kind: 'hired' }]));
      const { adapter: other } = await answers({ 'GET /stages': 'disposition-stages', 'GET /archive_reasons': 'tags' });
      expect(await other.listStages()).toMatchObject({ ok: false, kind: 'unreadable' });
      expect(await other.listDispositionReasons()).toMatchObject({ ok: false, kind: 'unreadable' });
    },
  },
  'what writes to an opportunity answer, filled or emptied': {
    files: ['write-answer', 'archived-answer', 'links-answer'],
    async run() {
      const { adapter } = await answers({
        [`GET ${at}`]: 'opportunity',
        'GET /archive_reasons': 'archive-reasons',
        [`POST ${at}/addTags`]: 'write-answer',
        [`POST ${at}/addLinks`]: 'links-answer',
        [`PUT ${at}/archived`]: 'archived-answer',
      });
      expect(await adapter.addTag(TARGET, 'x')).toEqual(ok(undefined));
      expect(await adapter.operations.addLink?.(TARGET, 'https://tagalong.example/r/1')).toEqual(ok(undefined));
      expect(await adapter.operations.reject?.(TARGET, { reasonId: UNDERQUALIFIED, note: null })).toEqual(ok(undefined));
    },
  },
  'a note, as documented and as seen': {
    files: ['note-created-documented', 'note-created-seen', 'notes', 'note', 'note-answered', 'note-deleted', 'note-updated'],
    async run() {
      const note = { text: 'Senior SWE sent.', reference: 'TA-7Q2M' };
      for (const created of ['note-created-documented', 'note-created-seen']) {
        const { adapter } = await answers({ [`POST ${at}/notes`]: created });
        expect(await adapter.writeNote(TARGET, note)).toEqual(ok({ noteId: NOTE }));
      }
      const { adapter } = await answers({ [`GET ${at}/notes`]: 'notes' });
      expect(await adapter.findNote(TARGET, 'TA-7Q2M')).toEqual(ok('found'));
      const update = async (read: string) => {
        const lever = await answers({ [`GET ${at}/notes/${NOTE}`]: read, [`PUT ${at}/notes/${NOTE}`]: 'note-updated' });
        const updated = await lever.adapter.operations.updateNote?.(TARGET, { noteId: NOTE, text: 'Revised.' });
        return { updated, puts: lever.requests.filter(({ method }) => method === 'PUT').map(({ json }) => json) };
      };
      expect(await update('note')).toEqual({ updated: ok(undefined), puts: [{ values: [{ value: 'Revised.' }] }] });
      expect(await update('note-answered')).toMatchObject({ updated: { kind: 'refused' }, puts: [] });
      expect(await update('note-deleted')).toMatchObject({ updated: { kind: 'not-found' }, puts: [] });
    },
  },
  postings: {
    files: ['postings'],
    async run() {
      const { adapter, requests } = await answers({ 'GET /postings': 'postings' });
      const jobs = await adapter.operations.listJobs?.();
      const rows = jobs?.ok ? jobs.value : [];
      expect(rows[0]).toMatchObject({ name: 'Senior Backend Engineer', confidential: false });
      expect(rows.map(({ status }) => status)).toEqual(['open', 'open', 'closed', 'draft', 'draft', 'draft', 'unknown']);
      expect(rows.map(({ confidential }) => confidential).filter(Boolean)).toHaveLength(1);
      expect(rows[3]?.name).toBeNull();
      expect(requests[0]?.query).toMatchObject({ confidentiality: 'all' });
    },
  },
  'users, one with a role of the company’s own': {
    files: ['users'],
    async run() {
      const { adapter } = await answers({ 'GET /users': 'users' });
      const users = await adapter.operations.listUsers?.();
      const seen = users?.ok ? users.value.map(({ sees }) => sees) : [];
      expect(seen).toEqual(expect.arrayContaining(['all', 'limited', 'unknown']));
    },
  },
  'feedback templates, wrapped and not': {
    files: ['feedback-templates', 'feedback-template-documented'],
    async run() {
      const worstFirst = ['1 - Strong No Hire', '2 - No Hire', '3 - Hire', '4 - Strong Hire'];
      const { adapter } = await answers({ 'GET /feedback_templates': 'feedback-templates' });
      expect(await adapter.operations.listFeedbackForms?.()).toMatchObject(
        ok([
          { name: 'Assessment result', scoreField: { options: worstFirst }, textFields: [{ name: 'Other thoughts?' }] },
          { name: 'No score', scoreField: null },
          { name: 'Two scores', scoreField: null, textFields: [{ name: 'In a word' }] },
        ]),
      );
      const { adapter: bare } = await answers({ 'GET /feedback_templates': 'feedback-template-documented' });
      expect(await bare.operations.listFeedbackForms?.()).toMatchObject(ok([{ scoreField: { options: worstFirst } }]));
    },
  },
  'feedback, its answer with and without the wrapper': {
    files: ['feedback-list', 'feedback-created', 'feedback-created-documented', 'feedback-updated'],
    async run() {
      const feedback = {
        formId: '0251a01c-0f81-4988-b9ec-02edc7607925',
        authorUserId: 'user-1',
        score: '3 - Hire',
        text: 'Senior SWE: 86 of 100.',
        reference: 'TA-7Q2M',
      };
      for (const created of ['feedback-created', 'feedback-created-documented', 'feedback-updated']) {
        const { adapter } = await answers({
          'GET /feedback_templates': 'feedback-templates',
          [`POST ${at}/feedback`]: created,
        });
        expect(await adapter.operations.writeFeedback?.(TARGET, feedback)).toEqual(
          ok({ feedbackId: 'e0863d1c-3256-46e2-a8eb-6069fb61268b' }),
        );
      }
      const { adapter } = await answers({ [`GET ${at}/feedback`]: 'feedback-list' });
      expect(await adapter.operations.findFeedback?.(TARGET, 'TA-7Q2M')).toEqual(ok('found'));
      expect(await adapter.operations.findFeedback?.(TARGET, 'TA-other')).toEqual(ok('absent'));
    },
  },
  'files, wrapped and not': {
    files: ['files', 'files-documented', 'file', 'file-documented'],
    async run() {
      const name = 'Assessment report TA-7Q2M.pdf';
      for (const list of ['files', 'files-documented', 'file']) {
        const { adapter } = await answers({ [`GET ${at}/files`]: list });
        expect(await adapter.operations.findFile?.(TARGET, name)).toEqual(ok('found'));
        expect(await adapter.operations.findFile?.(TARGET, 'CV.docx')).toEqual(ok(list === 'files' ? 'found' : 'absent'));
      }
      const author = { ...TARGET, actingUserId: 'user-1' };
      const file = { name, contentType: 'application/pdf', bytes: new Uint8Array([1]) } as const;
      for (const made of ['file', 'file-documented']) {
        const { adapter } = await answers({ [`POST ${at}/files`]: made });
        expect(await adapter.operations.attachFile?.(author, file)).toEqual(
          ok({ fileId: 'ad4ee22f-3b5c-4d8c-a51f-8e9f3e0ff7a3' }),
        );
      }
    },
  },
  contacts: {
    files: ['contact', 'contact-anonymised'],
    async run() {
      const { adapter } = await answers({ 'GET /contacts/a': 'contact', 'GET /contacts/b': 'contact-anonymised' });
      const contactId = '7f23e772-f2cb-4ebb-b33f-54b872999992';
      expect(await adapter.operations.readContact?.('a')).toEqual(
        ok({ contactId, name: 'Ada Moreno', emails: ['ada.moreno@mail.example'], anonymised: false }),
      );
      expect(await adapter.operations.readContact?.('b')).toEqual(ok({ contactId, name: null, emails: [], anonymised: true }));
    },
  },
  'webhooks of the API, made and listed': {
    files: ['webhooks', 'webhook-created', 'webhook-created-documented', 'webhooks-updated'],
    async run() {
      const id = 'c94f5b4e-1c2d-4d8c-8a5a-9b0b2e6d7f01';
      for (const list of ['webhooks', 'webhooks-updated']) {
        const listed = await (await managerOf(list)).list();
        expect(listed.ok && listed.value[0]).toMatchObject({ id, event: 'candidateStageChange' });
      }
      for (const made of ['webhook-created', 'webhook-created-documented']) {
        const manager = await managerOf(made);
        expect(await manager.create({ event: 'candidateStageChange', url: 'https://tagalong.example/h' })).toEqual(
          ok({ id, signingToken: expect.stringMatching(/^[0-9a-f]{48}$/) }),
        );
      }
    },
  },
  errors: {
    files: ['error-not-found', 'error-upload-timeout', 'error-offset'],
    async run() {
      expect(errorDetail(await fixture('error-not-found'))).toBe(`opportunities ${OPPORTUNITY} was not found`);
      expect(errorDetail(await fixture('error-upload-timeout'))).toBe('File took too long to upload.');
      expect(errorDetail(await fixture('error-offset'))).toBe('Invalid offset token');
    },
  },
  'the answer with tokens, and a refusal': {
    files: ['oauth-token', 'oauth-refused'],
    async run() {
      const app = { authorizeUrl: '', tokenUrl: '', audience: '', scopes: '', clientId: 'c', clientSecret: 's' };
      const body = await fixture('oauth-token');
      const http: HttpClient = { request: async () => ({ ok: true, value: { status: 200, headers: {}, body } }) };
      const tokens = await requestLeverTokens(
        { http, clock: { now: () => NOW }, app },
        { grant_type: 'refresh_token', refresh_token: 'old' },
      );
      expect(tokens).toMatchObject(ok({ refreshToken: 'invented-refresh-token', expiresAt: '2026-09-21T15:20:00.000Z' }));
      expect(errorDetail(await fixture('oauth-refused'))).toBe('Unknown or invalid refresh token.');
    },
  },
};

async function managerOf(name: string) {
  const body = await fixture(name);
  const http: HttpClient = { request: async () => ({ ok: true, value: { status: 200, headers: {}, body } }) };
  const apiUrl = 'https://api.lever.co/v1';
  return createLeverWebhookManager(
    createLeverClient({ http, limiter: UNLIMITED, apiUrl, credential: leverKey('key'), performAs: '' }),
  );
}

/** Whom each webhook is about: those that change nothing for us, nobody. */
const DELIVERIES: Record<string, { event: string; hint: boolean }> = {
  'delivery-stage-change': { event: 'candidateStageChange', hint: true },
  'delivery-first-stage': { event: 'candidateStageChange', hint: true },
  'delivery-archive': { event: 'candidateArchiveChange', hint: true },
  'delivery-unarchive': { event: 'candidateArchiveChange', hint: true },
  'delivery-hired': { event: 'candidateHired', hint: true },
  'delivery-deleted': { event: 'candidateDeleted', hint: true },
  'delivery-application-created': { event: 'applicationCreated', hint: true },
  'delivery-interview-created': { event: 'interviewCreated', hint: true },
  'delivery-contact-updated': { event: 'contactUpdated', hint: false },
};

describe('a reply of Lever', () => {
  test.each(Object.entries(CASES))('%s', (_what, { run }) => run());
});

describe('a webhook of Lever', () => {
  const SECRET = '81358960aa34bb56cc78dd90ee12ff3400112233445566e26';
  const signed = async (name: string) => {
    const body = (await fixture(name)) as { token: string; triggeredAt: number };
    const signature = createHmac('sha256', SECRET).update(`${body.token}${body.triggeredAt}`).digest('hex');
    return { headers: {}, body: Buffer.from(JSON.stringify({ ...body, signature })) };
  };

  it.each(Object.entries(DELIVERIES))('%s is authentic, and says whom it is about', async (name, { event, hint }) => {
    const request = await signed(name);
    const verdict = leverWebhooks.verifyDelivery(request, [SECRET], NOW);
    expect(verdict).toMatchObject({ kind: 'authentic', event });
    const body: unknown = JSON.parse(request.body.toString());
    expect(leverWebhooks.toHints(body)).toEqual(hint ? [{ applicationId: OPPORTUNITY, event }] : []);
  });

  it('"verify connection" is a test and about nobody', async () => {
    const request = await signed('delivery-verify-connection');
    expect(leverWebhooks.verifyDelivery(request, [SECRET], NOW)).toMatchObject({ kind: 'test' });
    expect(leverWebhooks.toHints(JSON.parse(request.body.toString()))).toEqual([]);
  });
});

test('no file here is left unread', async () => {
  const files = await readdir(new URL('../../../fixtures/lever/', import.meta.url));
  const read = [...Object.values(CASES).flatMap((one) => one.files), ...Object.keys(DELIVERIES), 'delivery-verify-connection'];
  expect(files.map((file) => file.replace(/\.json$/, '')).toSorted()).toEqual([...new Set(read)].toSorted());
});
