import { describe, expect, it } from 'vitest';
import type { AtsAdapter } from '../../../../server/ats/port.ts';
import { APPLICATION_ID, CANDIDATE_ID, fixtures, makeGreenhouse, rows, STAGES } from '../../../support/greenhouse-adapter.ts';

async function changesOf(adapter: AtsAdapter, stageIds: string[]) {
  const found = [];
  for await (const change of adapter.findChangedSince({ since: new Date('2026-11-20T00:00:00Z'), stageIds })) found.push(change);
  return found;
}

describe('the applications of a person', () => {
  it('are told newest first, with job and stage, without prospects that became another application', async () => {
    const { adapter } = makeGreenhouse({
      'GET /v3/applications': rows(
        { ...fixtures.application, id: 3, job_id: null, status: 'converted', prospect: true },
        { ...fixtures.application, id: 1, created_at: '2026-10-01T00:00:00.000Z', status: 'rejected' },
        { ...fixtures.application, id: 2, created_at: '2026-11-01T00:00:00.000Z' },
      ),
    });
    const found = await adapter.findApplications(CANDIDATE_ID);
    expect(found).toMatchObject({ ok: true, value: [{ applicationId: '2' }, { applicationId: '1', status: 'archived' }] });
    expect(found.ok && found.value[0]).toMatchObject({
      confidential: false,
      applicationId: '2',
      candidateId: CANDIDATE_ID,
      candidateName: 'Alba Quintero',
      jobName: 'Backend Engineer',
      stageName: 'Take Home Test',
      status: 'active',
    });
  });

  it('are none for a person who is not shown to us, or cannot exist', async () => {
    const { adapter } = makeGreenhouse({ 'GET /v3/applications': rows() });
    expect(await adapter.findApplications(CANDIDATE_ID)).toEqual({ ok: true, value: [] });
    expect(await adapter.findApplications('me')).toEqual({ ok: true, value: [] });
  });
});

describe('the sweep', () => {
  const whole = (id: number, stageId: string | number | null) => ({
    id,
    job_interview_stage_id: stageId && Number(stageId),
    stage_name: null,
  });

  it('asks for all changes and all activity since then, tells each application once, and marks those elsewhere', async () => {
    const { adapter, http } = makeGreenhouse({
      'GET /v3/applications': [rows(whole(5, STAGES.test), whole(4, null)), rows(whole(5, STAGES.test), whole(6, 99))],
    });
    const found = await changesOf(adapter, [STAGES.test, STAGES.onsite]);
    expect(found.map((change) => change.ok && Object.values(change.value).join())).toEqual(['5,false', '4,true', '6,true']);
    const from = 'gte|2026-11-20T00:00:00.000Z';
    const common = { per_page: 500, fields: 'id,job_interview_stage_id,stage_name' };
    expect(http.sent('GET /v3/applications').map((request) => request.query)).toEqual([
      { ...common, updated_at: from },
      { ...common, last_activity_at: from },
    ]);
  });

  it.each([
    ['refuses the choice of fields', { status: 422, body: { message: 'fields is not a parameter' } }],
    ['knows one of the fields by another name', rows({ id: 5, stage_name: 'Take Home Test' })],
  ])('asks for whole applications where Greenhouse %s, and finds the same', async (_what, answer) => {
    const { adapter, http } = makeGreenhouse({
      'GET /v3/applications': ({ query }) => (query?.fields === undefined ? rows(whole(5, STAGES.test)) : answer),
    });
    const told = { ok: true, value: { applicationId: '5', isElsewhere: false } };
    expect(await changesOf(adapter, [STAGES.test])).toEqual([told]);
    expect(http.sent('GET /v3/applications').map(({ query }) => [query?.fields === undefined, query?.per_page])).toEqual([
      [false, 500],
      [true, 500],
      [false, 500],
      [true, 500],
    ]);
  });

  it('asks for fewer at a time where a page is larger than we take, from the first on, and tells each once', async () => {
    const people = Array.from({ length: 7 }, (_, index) => whole(7 - index, STAGES.test));
    const link = (cursor: string) => ({ link: `<https://harvest.greenhouse.io/v3/applications?cursor=${cursor}>; rel="next"` });
    const { adapter, http } = makeGreenhouse({
      'GET /v3/applications': ({ query = {} }) => {
        const [perPage, from] = query.cursor ? `${query.cursor}`.split('-').map(Number) : [Number(query.per_page), 0];
        // The first of them is small, and the second page the first that is too large.
        if (perPage === undefined || from === undefined || perPage > 20 || (perPage > 4 && from > 0)) return 'answer too large';
        const size = perPage === 20 ? 3 : perPage;
        const page = people.slice(from, from + size);
        const headers = from + size < people.length ? link(`${perPage}-${from + size}`) : {};
        return { status: 200, body: page, headers };
      },
    });
    const found = await changesOf(adapter, [STAGES.test]);
    expect(found.map((change) => change.ok && change.value.applicationId)).toEqual(['7', '6', '5', '4', '3', '2', '1']);
    const sizes = http.sent('GET /v3/applications').flatMap(({ query }) => query?.per_page ?? []);
    expect(sizes).toEqual([500, 500, 100, 20, 4, 500, 500, 100, 20, 4]);
  });

  it('says that a single page is too large, when it is so with the fewest applications too', async () => {
    const { adapter } = makeGreenhouse({ 'GET /v3/applications': 'answer too large' });
    expect(await changesOf(adapter, [STAGES.test])).toMatchObject([{ ok: false, kind: 'unreadable', tooMuch: 'page' }]);
  });

  it('tells the name of the stage, which is all that can be compared where the job is not open', async () => {
    const row = { id: 5, job_interview_stage_id: 99, stage_name: 'Take Home Test' };
    const { adapter } = makeGreenhouse({ 'GET /v3/applications': rows(row, { id: 6, stage_name: 7 }) });
    expect(await changesOf(adapter, [STAGES.test])).toEqual([
      { ok: true, value: { applicationId: '5', isElsewhere: true, stageName: 'Take Home Test' } },
      { ok: true, value: { applicationId: '6', isElsewhere: true } },
    ]);
  });

  it('ends with the failure when Greenhouse fails, so that nobody believes to have seen everything', async () => {
    const { adapter } = makeGreenhouse({ 'GET /v3/applications': [rows(whole(5, null)), { status: 500, body: '<html>' }] });
    const found = await changesOf(adapter, [STAGES.test]);
    expect(found).toEqual([
      { ok: true, value: { applicationId: '5', isElsewhere: true } },
      expect.objectContaining({ ok: false, kind: 'unreachable' }),
    ]);
  });
});

describe('what the set-up page lists', () => {
  it('are the stages in use of the open jobs, in the order of the job', async () => {
    const { adapter, http } = makeGreenhouse();
    const stages = await adapter.listStages();
    expect(stages.ok && stages.value.map((stage) => stage.name)).toEqual([
      'Application Review',
      'Take Home Test',
      'Onsite',
      'Offer',
    ]);
    expect(stages.ok && stages.value[1]).toEqual({
      stageId: STAGES.test,
      name: 'Take Home Test',
      job: { id: '4310442002', name: 'Backend Engineer' },
      order: 1,
    });
    expect(http.sent('GET /v3/jobs')[0]?.query).toMatchObject({ status: 'open' });
    expect(http.sent('GET /v3/job_interview_stages')[0]?.query).toMatchObject({ active: true, job_ids: '4310442002' });
  });

  it('are those of one job, whatever its state, in one call; of a job that cannot be, none', async () => {
    const { adapter, http } = makeGreenhouse();
    const stages = await adapter.listStages('4310442002');
    expect(stages.ok && stages.value[1]).toEqual({
      ...{ stageId: STAGES.test, name: 'Take Home Test', order: 1 },
      job: { id: '4310442002', name: null },
    });
    expect(await adapter.listStages('1,2')).toEqual({ ok: true, value: [] });
    const asked = http.requests.filter(({ method }) => method === 'GET').map(({ url, query }) => [new URL(url).pathname, query]);
    expect(asked).toEqual([['/v3/job_interview_stages', expect.objectContaining({ active: true, job_ids: '4310442002' })]]);
  });

  it("are all rejection reasons, Greenhouse's own too", async () => {
    const { adapter, http } = makeGreenhouse();
    expect(await adapter.listDispositionReasons()).toEqual({
      ok: true,
      value: [
        { reasonId: '4010002', name: 'Lacking skill(s)/qualification(s)', kind: 'non-hired', active: true },
        { reasonId: '4011002', name: 'Accepted other offer', kind: 'non-hired', active: true },
      ],
    });
    expect(http.sent('GET /v3/rejection_reasons')[0]?.query).toMatchObject({ include_defaults: true });
  });
});

describe('the check of the credential', () => {
  const introspection = {
    active: true,
    'https://auth.greenhouse.io/claims': { organization: { id: 9, name: 'Acme' }, user_role: 'site_admin' },
  };

  it('reads one row and names the account', async () => {
    const { adapter, http } = makeGreenhouse({ 'POST /introspect': { status: 200, body: introspection } });
    expect(await adapter.check()).toEqual({ ok: true, value: { account: 'Acme' } });
    expect(http.sent('GET /v3/applications')[0]?.query).toEqual({ per_page: 1 });
  });

  it('passes without a name when only the introspection fails', async () => {
    const { adapter } = makeGreenhouse({ 'POST /introspect': { status: 404 } });
    expect(await adapter.check()).toEqual({ ok: true, value: { account: null } });
  });

  it.each([
    ['the credential is refused', { 'POST /token': { status: 401, body: { error: 'invalid_client' } } }, 'unauthorised'],
    ['the user may not read', { 'GET /v3/applications': { status: 403 } }, 'forbidden'],
    ['Greenhouse cannot be reached', { 'POST /token': 'connection refused' as const }, 'unreachable'],
  ])('fails when %s', async (_, routes, kind) => {
    const { adapter } = makeGreenhouse(routes);
    expect(await adapter.check()).toMatchObject({ ok: false, kind });
  });
});

describe('a note', () => {
  const target = { applicationId: APPLICATION_ID, candidateId: CANDIDATE_ID };
  const note = { text: 'Senior SWE was sent.\ntagalong:n1', reference: 'tagalong:n1' };

  it('is written on the person and the application, for everybody, and its id is told', async () => {
    const { adapter, http } = makeGreenhouse({
      'POST /v3/notes': { status: 201, body: { id: 88, visibility: 'publicly_visible' } },
    });
    expect(await adapter.writeNote(target, note)).toEqual({ ok: true, value: { noteId: '88' } });
    expect(http.sent('POST /v3/notes')[0]?.json).toEqual({
      candidate_id: 259096501002,
      application_id: 273686618002,
      body: note.text,
      visibility: 'public',
      note_type: 'NOTE',
    });
  });

  it('always carries its reference', async () => {
    const { adapter, http } = makeGreenhouse({ 'POST /v3/notes': { status: 201 } });
    expect(await adapter.writeNote(target, { ...note, text: 'Sent.' })).toEqual({ ok: true, value: { noteId: null } });
    expect(http.sent('POST /v3/notes')[0]?.json).toMatchObject({ body: 'Sent.\n\ntagalong:n1' });
  });

  it('for an application whose person we do not know goes to the person Greenhouse names', async () => {
    const { adapter, http } = makeGreenhouse({ 'POST /v3/notes': { status: 201, body: { id: 88 } } });
    await adapter.writeNote({ ...target, candidateId: null }, note);
    expect(http.sent('POST /v3/notes')[0]?.json).toMatchObject({ candidate_id: 259096501002 });
  });

  it('whose answer is lost may have been written', async () => {
    const { adapter, http } = makeGreenhouse({ 'POST /v3/notes': 'answer lost' });
    expect(await adapter.writeNote(target, note)).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(http.sent('POST /v3/notes')).toHaveLength(1);
  });

  it('is found again by its reference, on any page of the notes', async () => {
    const link = '<https://harvest.greenhouse.io/v3/notes?cursor=c>; rel="next"';
    const { adapter } = makeGreenhouse({
      'GET /v3/notes': [
        { ...rows({ id: 1, body: 'Phone call' }, { id: 2, body: null }), headers: { link } },
        rows({ id: 3, body: note.text }),
      ],
    });
    expect(await adapter.findNote(target, 'tagalong:n1')).toEqual({ ok: true, value: 'found' });
    expect(await adapter.findNote(target, 'tagalong:n2')).toEqual({ ok: true, value: 'absent' });
  });

  it('cannot be looked for without the right to list notes', async () => {
    const { adapter } = makeGreenhouse({ 'GET /v3/notes': { status: 403 } });
    expect(await adapter.findNote(target, 'tagalong:n1')).toEqual({ ok: true, value: 'cannot-look' });
  });

  it('is not called absent when the look failed', async () => {
    const { adapter } = makeGreenhouse({ 'GET /v3/notes': { status: 502, body: '<html>' } });
    expect(await adapter.findNote(target, 'tagalong:n1')).toMatchObject({ ok: false, kind: 'unreachable' });
  });
});
