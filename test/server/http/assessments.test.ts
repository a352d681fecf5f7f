import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { codesignalSettingsSchema } from '../../../lib/contract/codesignal-settings.ts';
import {
  type AssessmentView,
  assessmentViewSchema,
  checkAnswerSchema,
  connectionViewSchema,
  mailViewSchema,
  overviewSchema,
  poolAddedSchema,
  poolSchema,
} from '../../../lib/contract/settings.ts';
import { ApiError } from '../../../server/http/api-error.ts';
import { createCodesignalAdapter } from '../../../server/vendors/codesignal/index.ts';
import { useSetUp } from '../../support/admin-set-up.ts';

describe('an assessment', () => {
  const at = useSetUp();
  let vendorConnectionId = '';
  beforeAll(async () => {
    vendorConnectionId = (await at.current().connect({ kind: 'byteboard' }, {}, { name: 'Byteboard' })).id;
  });

  const input = (tag: string, rest: object = {}) => ({
    vendorConnectionId,
    externalId: 'core',
    name: 'Core',
    tag,
    linkTemplate: 'https://byteboard.example/start?for={invitation}&email={email}',
    ...rest,
  });
  const make = (tag: string, rest: object = {}): Promise<AssessmentView> =>
    at.current().read(assessmentViewSchema, 'POST', '/api/assessments', input(tag, rest));

  it('is told apart from others by its tag, however it is spelt, until one is archived', async () => {
    const { refusal, call } = at.current();
    const { id } = await make('Senior SWE');
    expect(await refusal('POST', '/api/assessments', input(' senior swe '))).toMatchObject({
      code: 'invalid',
      details: [{ path: 'tag' }],
    });
    expect((await call('DELETE', `/api/assessments/${id}`)).status).toBe(204);
    expect((await call('DELETE', `/api/assessments/${id}`)).status).toBe(404);
    const { id: other } = await make('SENIOR SWE');
    const { id: third } = await make('Junior SWE');
    expect((await refusal('PATCH', `/api/assessments/${third}`, { tag: 'Senior SWE' })).code).toBe('invalid');
    expect(other).not.toBe(id);
  });

  it('keeps what a change does not mention', async () => {
    const { read } = at.current();
    const made = await make('Deadline', { deadlineDays: 3, passMark: 70, handover: 'copy link', durationMinutes: 90 });
    const changed = await read(assessmentViewSchema, 'PATCH', `/api/assessments/${made.id}`, { name: 'Core 2' });
    expect(changed).toEqual({ ...made, name: 'Core 2' });
    expect(await read(assessmentViewSchema, 'PATCH', `/api/assessments/${made.id}`, {})).toEqual(changed);
  });

  it.each([
    ['http://byteboard.example/', 'starts with https'],
    ['javascript:alert(1)', 'starts with https'],
    ['https://{name}.example/', 'behind the host'],
    ['https://byteboard.example/{candidate}', '"candidate" is none of them'],
    ['https://byteboard.example/{name', 'none of them'],
    ['https://u:p@byteboard.example/', 'starts with https'],
  ])('is not made with the link %s', async (linkTemplate, because) => {
    const error = await at.current().refusal('POST', '/api/assessments', input('Link', { linkTemplate }));
    expect(error).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(because),
      details: [{ path: 'linkTemplate' }],
    });
  });

  it('of a link vendor needs a link and somebody else than the vendor to send it', async () => {
    const { refusal } = at.current();
    expect(await refusal('POST', '/api/assessments', input('A', { linkTemplate: null }))).toMatchObject({
      details: [{ path: 'linkTemplate' }],
    });
    expect(await refusal('POST', '/api/assessments', input('A', { handover: 'vendor e-mail' }))).toMatchObject({
      details: [{ path: 'handover' }],
    });
  });

  it('may take its links from a list of one-time links, which are counted and never shown', async () => {
    const { read, refusal, call } = at.current();
    const made = await make('Pool', { linkTemplate: null, linkFrom: 'pool', handover: 'copy link' });
    expect(made).toMatchObject({
      linkFrom: 'pool',
      links: { free: 0, taken: 0 },
      troubles: ['No links left for Core. An admin can add some.'],
    });
    const path = `/api/assessments/${made.id}/links`;
    for (const wrong of ['http://v.example/1', 'https://u:p@v.example/1', 'https://v.example/{email}', 'https://v.example/1 2']) {
      const error = await refusal('POST', path, { links: ['https://v.example/ok', '', wrong] });
      expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining('Line 3 '), details: [{ path: 'links' }] });
      expect(JSON.stringify(error)).not.toContain('v.example');
    }
    const links = ['https://v.example/1', ' https://v.example/2 ', '', 'https://v.example/1', 'https://V.example/3'];
    expect(await read(poolAddedSchema, 'POST', path, { links })).toEqual({ free: 3, taken: 0, added: 3, known: 0 });
    expect(await read(poolAddedSchema, 'POST', path, { links })).toEqual({ free: 3, taken: 0, added: 0, known: 3 });
    expect(await (await call('GET', path)).text()).not.toContain('v.example');
    const changed = await read(assessmentViewSchema, 'PATCH', `/api/assessments/${made.id}`, { name: 'Core 3' });
    expect(changed).toMatchObject({ linkFrom: 'pool', troubles: [], warnings: ['Links left for Core 3: 3.'] });
    expect(await read(poolSchema, 'DELETE', path)).toEqual({ free: 0, taken: 0 });
    const linkTemplate = 'https://byteboard.example/{invitation}';
    const back = await read(assessmentViewSchema, 'PATCH', `/api/assessments/${made.id}`, { linkTemplate });
    expect(back).toMatchObject({ linkFrom: 'template', links: null, linkTemplate });
    expect((await refusal('POST', path, { links })).code).toBe('invalid');
    await call('DELETE', `/api/assessments/${made.id}`);
  });

  it('belongs to a vendor that is there', async () => {
    const { refusal, connect } = at.current();
    const ats = await connect({ kind: 'lever' });
    for (const id of ['nobody', '00000000-0000-4000-8000-000000000000', ats.id]) {
      expect(await refusal('POST', '/api/assessments', input('B', { vendorConnectionId: id }))).toMatchObject({
        details: [{ path: 'vendorConnectionId' }],
      });
    }
  });

  it('says what keeps it from being sent: a missing mail server, a vendor that is switched off', async () => {
    const { read } = at.current();
    const made = await make('Trouble');
    expect(made.troubles).toEqual(['Invitations by e-mail need a mail server. Set one up under Mail.']);
    await read(mailViewSchema, 'PUT', '/api/mail', { smtpUrl: 'smtps://tagalong:pw@mail.example.com', from: 'jobs@example.com' });
    await read(connectionViewSchema, 'PATCH', `/api/connections/${vendorConnectionId}`, { enabled: false });
    const { assessments } = await read(z.object({ assessments: z.array(assessmentViewSchema) }), 'GET', '/api/assessments');
    expect(assessments.find(({ id }) => id === made.id)?.troubles).toEqual([
      'The connection "Byteboard" is switched off. Ask an admin to switch it on in Settings.',
    ]);
  });
});

describe('a live interview of a vendor that writes no e-mail for one', () => {
  const at = useSetUp({
    vendor: () =>
      createCodesignalAdapter({
        http: { request: () => Promise.reject(new Error('nobody is asked')) },
        settings: codesignalSettingsSchema.parse({ kind: 'codesignal', liveInterviews: true }),
        apiKey: 'key',
        clock: { now: () => new Date(0) },
      }),
  });

  it('is not saved with that e-mail, and says what to choose; a test is', async () => {
    const { connect, read, refusal } = at.current();
    const { id } = await connect({ kind: 'codesignal' }, {}, { enabled: false });
    const interview = {
      ...{ vendorConnectionId: id, externalId: 'live-interview', name: 'Pairing', tag: 'Pairing' },
      kind: 'live interview',
    };
    const message = 'CodeSignal writes no e-mail for a live interview. Choose our e-mail or copying the link.';
    const refused = await refusal('POST', '/api/assessments', { ...interview, handover: 'vendor e-mail' });
    expect(refused).toMatchObject({ code: 'invalid', message, details: [{ path: 'handover', message }] });
    const kept = await read(assessmentViewSchema, 'POST', '/api/assessments', { ...interview, handover: 'copy link' });
    expect(await refusal('PATCH', `/api/assessments/${kept.id}`, { handover: 'vendor e-mail' })).toMatchObject({ message });
    const test = { ...interview, externalId: 'swe', kind: 'test', tag: 'SWE', handover: 'vendor e-mail' };
    expect((await read(assessmentViewSchema, 'POST', '/api/assessments', test)).handover).toBe('vendor e-mail');
  });
});

describe('an assessment of a vendor that is only half set up', () => {
  const message = 'The API key is missing.';
  const at = useSetUp({ vendor: () => Promise.reject(new ApiError('vendor-refused', { message })) });

  it('can be entered, is listed with what is missing, and holds nothing else up', async () => {
    const { connect, read } = at.current();
    const { id } = await connect({ kind: 'coderbyte' });
    const body = { vendorConnectionId: id, externalId: '1', name: 'Senior', tag: 'Senior' };
    expect((await read(assessmentViewSchema, 'POST', '/api/assessments', body)).troubles).toEqual([message]);
    const { steps } = await read(overviewSchema, 'GET', '/api/overview');
    expect(steps.find((step) => step.id === 'assessment')).toMatchObject({ state: 'needs-you', text: `Senior: ${message}` });
    expect(await read(checkAnswerSchema, 'POST', `/api/connections/${id}/check`)).toEqual({ ok: false, message, account: null });
  });
});
