/**
 * Words that an ATS may use one day: statuses, types, roles, kinds. Nothing breaks, nothing happens by itself because of one, and where
 * something is hidden from people the guess is the stricter one.
 */
import { describe, expect, it } from 'vitest';
import { greenhouseSettingsSchema } from '../../../lib/contract/settings.ts';
import { currentStageEntry } from '../../../lib/domain/application.ts';
import { createGreenhouseV1Adapter } from '../../../server/ats/greenhouse-v1/index.ts';
import type { CallResult } from '../../../server/outbound/outcome.ts';
import { UNLIMITED } from '../../../server/outbound/rate-limiter.ts';
import { createFakeHttp } from '../../support/fake-http.ts';
import { APPLICATION_ID, CANDIDATE_ID, fixtures, makeGreenhouse, rows, STAGES } from '../../support/greenhouse-adapter.ts';
import { fixture, OPPORTUNITY, scriptedLever } from './lever/scripted-lever.ts';

const NEW_WORDS = ['on_hold', 'Withdrawn', '', 'constructor', '__proto__', 'ACTIVE?', '休止'];

function succeeded<T>(result: CallResult<T>): T {
  if (!result.ok) throw new Error(`${result.kind}: ${result.detail}`);
  return result.value;
}

describe('a status that Greenhouse has not had before', () => {
  const v3 = (status: string) => makeGreenhouse({ 'GET /v3/applications': rows({ ...fixtures.application, status }) }).adapter;
  const v1 = (status: string) => {
    const application = {
      id: Number(APPLICATION_ID),
      candidate_id: Number(CANDIDATE_ID),
      prospect: false,
      applied_at: '2026-11-10T08:00:00Z',
      status,
      current_stage: { id: Number(STAGES.test), name: 'Take Home Test' },
      jobs: [{ id: 4310442002, name: 'Backend Engineer' }],
    };
    const person = { id: Number(CANDIDATE_ID), first_name: 'Alba', last_name: 'Quintero', tags: [], applications: [application] };
    const stage = { id: Number(STAGES.test), name: 'Take Home Test', job_id: 4310442002, active: true, priority: 1 };
    const http = createFakeHttp({
      [`GET /v1/applications/${APPLICATION_ID}`]: { status: 200, body: application },
      [`GET /v1/candidates/${CANDIDATE_ID}`]: { status: 200, body: person },
      [`GET /v1/candidates/${CANDIDATE_ID}/activity_feed`]: { status: 200, body: { notes: [], activities: [] } },
      'GET /v1/jobs/4310442002/stages': { status: 200, body: [stage] },
    });
    return createGreenhouseV1Adapter({
      http,
      limiter: UNLIMITED,
      settings: greenhouseSettingsSchema.parse({ kind: 'greenhouse', api: 'v1', serviceUserId: '7' }),
      apiKey: 'hush',
      clock: { now: () => new Date('2026-11-21T12:00:00Z') },
      connectionId: 'connection-1',
    });
  };

  describe.each([
    ['v3', v3],
    ['v1', v1],
  ])('over %s', (_name, adapterFor) => {
    it.each(NEW_WORDS)(
      '%j: the candidate is shown where they stand, and no stage was entered that anything could follow from',
      async (word) => {
        const snapshot = succeeded(await adapterFor(word).readSnapshot(APPLICATION_ID));
        expect(snapshot).toMatchObject({ status: 'prospect', stage: { id: STAGES.test }, disposition: null, stageEntries: [] });
      },
    );

    it.each(NEW_WORDS)('%j: the application is among those of the person', async (word) => {
      const found = succeeded(await adapterFor(word).findApplications(CANDIDATE_ID));
      expect(found).toMatchObject([{ applicationId: APPLICATION_ID, status: 'prospect', stageName: 'Take Home Test' }]);
    });

    it.each(['in_process', 'active', 'Active'])('%j is the old one under either name', async (word) => {
      const snapshot = succeeded(await adapterFor(word).readSnapshot(APPLICATION_ID));
      expect(snapshot.status).toBe('active');
      expect(currentStageEntry(snapshot)).toBeDefined();
    });
  });

  it.each(NEW_WORDS)('%j: v1 moves nobody out of it', async (word) => {
    const target = { applicationId: APPLICATION_ID, candidateId: CANDIDATE_ID };
    const moved = await v1(word).moveToStage(target, { fromStageId: STAGES.test, toStageId: STAGES.onsite });
    expect(moved.ok).toBe(false);
  });
});

describe('kinds of Greenhouse that nobody knows', () => {
  const fieldOf = (value_type: unknown) => ({ id: 7, name: 'Score', field_type: 'application', value_type, active: true });

  it.each(NEW_WORDS)('a custom field of the type %j is listed and never written', async (word) => {
    const { adapter, http } = makeGreenhouse({
      'GET /v3/custom_fields': (request) => rows(...(request.query?.field_type === 'application' ? [fieldOf(word)] : [])),
      'GET /v3/custom_field_options': rows(),
    });
    const { listFields, writeFields } = adapter.operations;
    expect(succeeded((await listFields?.()) ?? { ok: true, value: [] })).toMatchObject([{ fieldId: '7', type: 'other' }]);
    const target = { applicationId: APPLICATION_ID, candidateId: CANDIDATE_ID };
    const written = await writeFields?.(target, [{ fieldId: '7', on: 'application', value: 'x' }]);
    expect(written).toMatchObject({ ok: false, kind: 'refused' });
    expect(http.requests.filter(({ write }) => write)).toEqual([]);
  });

  it('a rejection reason of another type is a reason', async () => {
    const odd = { id: 9, name: 'Other', type: { id: 99, name: 'New', key: 'somebody_else' }, include_defaults: 'perhaps' };
    const { adapter } = makeGreenhouse({ 'GET /v3/rejection_reasons': rows(odd) });
    expect(succeeded(await adapter.listDispositionReasons())).toEqual([
      { reasonId: '9', name: 'Other', kind: 'non-hired', active: true },
    ]);
  });

  it('a note of another type and visibility is read all the same', async () => {
    const note = { id: 3, body: 'Sent. (TA-7Q2M)', note_type: 'VOICE', visibility: 'somewhere' };
    const { adapter } = makeGreenhouse({ 'GET /v3/notes': rows(note) });
    const target = { applicationId: APPLICATION_ID, candidateId: CANDIDATE_ID };
    expect(await adapter.findNote(target, 'TA-7Q2M')).toEqual({ ok: true, value: 'found' });
  });

  it.each(NEW_WORDS)('a job of the status %j is neither open nor closed', async (word) => {
    const { adapter } = makeGreenhouse({ 'GET /v3/jobs': rows({ ...fixtures.job, status: word, is_template: null }) });
    expect(succeeded((await adapter.operations.listJobs?.()) ?? { ok: true, value: [] })).toMatchObject([{ status: 'unknown' }]);
  });
});

describe('kinds of Lever that nobody knows', () => {
  const scripted = async (script: Parameters<typeof scriptedLever>[0], change: object = {}) => {
    const { data } = (await fixture('opportunity')) as { data: object };
    return scriptedLever({ [`GET /opportunities/${OPPORTUNITY}`]: { body: { data: { ...data, ...change } } }, ...script });
  };
  const list = (...data: object[]) => ({ body: { data, hasNext: false } });

  it.each(NEW_WORDS)('an origin %j is not our concern', async (origin) => {
    const { adapter } = await scripted({}, { origin, sources: [origin], opportunityLocation: { kind: origin } });
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({ ok: true, value: { status: 'active' } });
  });

  it.each(NEW_WORDS.filter(Boolean))('a confidentiality %j counts as confidential', async (confidentiality) => {
    const { adapter } = await scripted({}, { confidentiality });
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({ ok: true, value: { confidential: true } });
    const posting = { id: 'p', text: 'Backend', state: 'published', confidentiality };
    const { adapter: other } = await scripted({ 'GET /postings': list(posting) });
    expect(succeeded((await other.operations.listJobs?.()) ?? { ok: true, value: [] })).toMatchObject([{ confidential: true }]);
  });

  it.each(NEW_WORDS)('an archive reason of the type and status %j ends without a hire', async (word) => {
    const reason = { id: 'r', text: 'Gone', type: word, status: word };
    const { adapter } = await scripted({ 'GET /archive_reasons': list(reason) }, { archived: { reason: 'r', archivedAt: 1 } });
    expect(await adapter.readSnapshot(OPPORTUNITY)).toMatchObject({
      ok: true,
      value: { status: 'archived', disposition: { reasonName: 'Gone' } },
    });
    expect(succeeded(await adapter.listDispositionReasons())).toMatchObject([{ kind: 'unknown', active: true }]);
  });

  it.each(NEW_WORDS)('a role %j is nobody we could name, and not one that sees everything', async (accessRole) => {
    const user = { id: 'u', name: 'Ada', email: 'ada@company.example', accessRole, deactivatedAt: null };
    const { adapter } = await scripted({ 'GET /users': list(user) });
    expect(succeeded((await adapter.operations.listUsers?.()) ?? { ok: true, value: [] })).toMatchObject([
      { sees: 'unknown', roleName: null, active: true },
    ]);
  });

  it.each(NEW_WORDS)('a posting in the state %j is neither open nor closed', async (state) => {
    const { adapter } = await scripted({ 'GET /postings': list({ id: 'p', text: 'Backend', state }) });
    expect(succeeded((await adapter.operations.listJobs?.()) ?? { ok: true, value: [] })).toMatchObject([{ status: 'unknown' }]);
  });
});
