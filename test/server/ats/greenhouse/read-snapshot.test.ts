import { describe, expect, it, vi } from 'vitest';
import type { Snapshot } from '../../../../lib/domain/application.ts';
import { currentStageEntry } from '../../../../lib/domain/application.ts';
import { withPriority } from '../../../../server/outbound/call-priority.ts';
import type { CallResult } from '../../../../server/outbound/outcome.ts';
import { APPLICATION_ID, CANDIDATE_ID, fixtures, makeGreenhouse, rows, STAGES } from '../../../support/greenhouse-adapter.ts';

function snapshotOf(result: CallResult<Snapshot>): Snapshot {
  if (!result.ok) throw new Error(`${result.kind}: ${result.detail}`);
  return result.value;
}

const read = async (...given: Parameters<typeof makeGreenhouse>) =>
  snapshotOf(await makeGreenhouse(...given).adapter.readSnapshot(APPLICATION_ID));

const applicationWith = (changes: object) => ({ 'GET /v3/applications': rows({ ...fixtures.application, ...changes }) });

describe('a snapshot of Greenhouse', () => {
  it('tells everything about one application', async () => {
    expect(await read()).toEqual({
      ats: 'greenhouse',
      connectionId: 'connection-1',
      applicationId: APPLICATION_ID,
      candidateId: CANDIDATE_ID,
      name: 'Alba Quintero',
      emails: ['alba@candidate.example', 'alba@work.example'],
      canEmail: true,
      tags: [
        { text: 'Senior SWE', inherited: false },
        { text: 'Referral 2026', inherited: false },
      ],
      job: { id: '4310442002', name: 'Backend Engineer' },
      stage: { id: STAGES.test, name: 'Take Home Test' },
      stageEntries: [
        {
          key: `${STAGES.review}@${Date.parse('2026-11-10T08:00:00Z')}`,
          stageId: STAGES.review,
          stageName: 'Application Review',
          enteredAt: '2026-11-10T08:00:00.000Z',
        },
        {
          key: `${STAGES.test}@${Date.parse('2026-11-20T09:15:00.120Z')}`,
          stageId: STAGES.test,
          stageName: 'Take Home Test',
          enteredAt: '2026-11-20T09:15:00.120Z',
        },
      ],
      status: 'active',
      disposition: null,
      confidential: false,
      anonymised: false,
      createdAt: '2026-11-10T08:00:00.000Z',
      profileUrl: 'https://app.greenhouse.io/people/259096501002?application_id=273686618002',
      readAt: '2026-11-21T12:00:00.000Z',
    });
  });

  it('never takes the row of the history for the stage', async () => {
    const snapshot = await read(applicationWith({ job_interview_stage_id: undefined }));
    expect(snapshot.stage).toEqual({ id: STAGES.test, name: 'Take Home Test' });
    expect(JSON.stringify(snapshot)).not.toContain(STAGES.currentRow);
  });

  it('tells a return to a stage as an entry of its own', async () => {
    const again = { ...fixtures.stageRows[1], id: 5, entered_at: '2026-11-21T10:00:00.000Z' };
    const between = { ...fixtures.stageRows[2], id: 4, entered_at: '2026-11-21T09:00:00.000Z', current: false };
    const earlier = { ...fixtures.stageRows[1], current: false };
    const snapshot = await read({ 'GET /v3/application_stages': rows(again, between, earlier) });
    expect(snapshot.stageEntries.map((entry) => entry.stageId)).toEqual([STAGES.test, STAGES.review, STAGES.test]);
    expect(new Set(snapshot.stageEntries.map((entry) => entry.key)).size).toBe(3);
    expect(currentStageEntry(snapshot)?.enteredAt).toBe('2026-11-21T10:00:00.000Z');
    expect(snapshot.stageEntries.map(({ derived }) => derived)).toEqual([undefined, undefined, undefined]);
  });

  it('whose current row has no time was entered when the stage before it was left', async () => {
    const current = { ...fixtures.stageRows[1], entered_at: null };
    const before = { ...fixtures.stageRows[2], current: false, exited_at: '2026-11-20T09:00:00.000Z' };
    const snapshot = await read({ 'GET /v3/application_stages': rows(current, before) });
    expect(currentStageEntry(snapshot)).toMatchObject({
      stageId: STAGES.test,
      enteredAt: '2026-11-20T09:00:00.000Z',
      derived: true,
    });
  });

  it('whose only row has no time was entered when the person applied', async () => {
    const snapshot = await read({
      'GET /v3/application_stages': rows({ ...fixtures.stageRows[1], entered_at: null }),
      ...applicationWith({ created_at: '2026-11-19T08:00:00.000Z' }),
    });
    expect(currentStageEntry(snapshot)).toMatchObject({
      stageId: STAGES.test,
      enteredAt: '2026-11-19T08:00:00.000Z',
      derived: true,
    });
  });

  it('puts the current stage last when two were entered at the same moment', async () => {
    const [, current, first] = fixtures.stageRows;
    const snapshot = await read({
      'GET /v3/application_stages': rows(current, { ...first, entered_at: current?.entered_at, id: 1 }),
    });
    expect(currentStageEntry(snapshot)?.stageId).toBe(STAGES.test);
  });

  it.each([
    ['in_process', false, 'active'],
    ['active', false, 'active'],
    ['in_process', true, 'prospect'],
    ['rejected', false, 'archived'],
    ['rejected', true, 'archived'],
    ['hired', false, 'hired'],
    ['converted', true, 'prospect'],
  ])('knows the status %s (prospect: %s) as %s', async (status, prospect, expected) => {
    expect((await read(applicationWith({ status, prospect }))).status).toBe(expected);
  });

  it('says why and when an application was rejected', async () => {
    const snapshot = await read({
      ...applicationWith({ status: 'rejected', rejected_at: '2026-11-21T10:00:00.000Z' }),
      'GET /v3/rejection_details': rows({ application_id: 273686618002, rejection_reason_id: 4011002, rejected_by_id: 4 }),
    });
    expect(snapshot.disposition).toEqual({
      reasonId: '4011002',
      reasonName: 'Accepted other offer',
      at: '2026-11-21T10:00:00.000Z',
    });
    const { http, adapter } = makeGreenhouse(applicationWith({ status: 'rejected', rejection_reason_id: 4010002 }));
    expect(snapshotOf(await adapter.readSnapshot(APPLICATION_ID)).disposition?.reasonId).toBe('4010002');
    expect(http.sent('GET /v3/rejection_reasons')[0]?.query).toMatchObject({ include_defaults: true });
  });

  it('of a rejection without a reason still tells the rejection', async () => {
    const snapshot = await read(applicationWith({ status: 'rejected', rejected_at: '2026-11-21T10:00:00.000Z' }));
    expect(snapshot.disposition).toEqual({ reasonId: null, reasonName: null, at: '2026-11-21T10:00:00.000Z' });
  });

  it('bears with a prospect that has no job, no stage, no name and no e-mail', async () => {
    const snapshot = await read({
      ...applicationWith({
        job_id: null,
        stage_id: null,
        stage_name: null,
        job_interview_stage_id: null,
        prospect: true,
        prospective_job_ids: [4310442002, 4310443002],
      }),
      'GET /v3/application_stages': rows(),
      'GET /v3/candidates': rows({ id: 259096501002, first_name: null, last_name: ' ', email_addresses: null, tags: null }),
    });
    expect(snapshot).toMatchObject({
      status: 'prospect',
      name: null,
      emails: [],
      canEmail: null,
      tags: [],
      job: null,
      stage: null,
      stageEntries: [],
    });
  });

  it('takes e-mail addresses as they come: empty ones, repeated ones, none', async () => {
    const emails = [
      { value: null },
      { value: '  ' },
      { type: 'work' },
      null,
      { value: ' a@b.example ' },
      { value: 'a@b.example' },
    ];
    const snapshot = await read({ 'GET /v3/candidates': rows({ ...fixtures.candidate, email_addresses: emails }) });
    expect(snapshot.emails).toEqual(['a@b.example']);
  });

  it('says that a private candidate is confidential and that somebody must not be e-mailed', async () => {
    const snapshot = await read({ 'GET /v3/candidates': rows({ ...fixtures.candidate, private: true, can_email: false }) });
    expect(snapshot).toMatchObject({ confidential: true, canEmail: false });
  });

  it('keeps the id of a job that is not shown to us', async () => {
    expect((await read({ 'GET /v3/jobs': rows() })).job).toEqual({ id: '4310442002', name: null });
  });

  it.each([
    ['the application', { 'GET /v3/applications': rows() }],
    ['the candidate', { 'GET /v3/candidates': rows() }],
  ])('is not found when %s is not shown to us', async (_, routes) => {
    const { adapter } = makeGreenhouse(routes);
    expect(await adapter.readSnapshot(APPLICATION_ID)).toMatchObject({ ok: false, kind: 'not-found' });
  });

  it('is not found, without asking, for an id that Greenhouse cannot have', async () => {
    const { adapter, http } = makeGreenhouse();
    for (const id of ['', 'abc', '1,2', '-1', '../users']) {
      expect(await adapter.readSnapshot(id)).toMatchObject({ ok: false, kind: 'not-found' });
    }
    expect(http.requests).toEqual([]);
  });

  it.each(['applications', 'application_stages', 'candidates', 'jobs', 'job_interview_stages'])(
    'fails as a whole when %s may not be read',
    async (list) => {
      const { adapter } = makeGreenhouse({ [`GET /v3/${list}`]: { status: 403, body: { message: 'Forbidden' } } });
      expect(await adapter.readSnapshot(APPLICATION_ID)).toMatchObject({ ok: false, kind: 'forbidden', status: 403 });
    },
  );

  it('asks for the names of the stages once in five minutes', async () => {
    const { adapter, http, time } = makeGreenhouse();
    const asked = () => http.sent('GET /v3/job_interview_stages').length;
    await adapter.readSnapshot(APPLICATION_ID);
    await adapter.readSnapshot(APPLICATION_ID);
    expect(asked()).toBe(1);
    time.now = new Date(time.now.getTime() + 5 * 60_000);
    await adapter.readSnapshot(APPLICATION_ID);
    expect(asked()).toBe(2);
  });

  it('asks again after half a minute for the name of a stage that is new in the job', async () => {
    const named = fixtures.jobStages.filter((stage) => stage.id !== Number(STAGES.test));
    const { adapter, time } = makeGreenhouse({
      ...applicationWith({ stage_name: null }),
      'GET /v3/job_interview_stages': [rows(...named), rows(...fixtures.jobStages)],
    });
    const stageName = async () => snapshotOf(await adapter.readSnapshot(APPLICATION_ID)).stage?.name;
    expect(await stageName()).toBeNull();
    time.now = new Date(time.now.getTime() + 29_000);
    expect(await stageName()).toBeNull();
    time.now = new Date(time.now.getTime() + 1_000);
    expect(await stageName()).toBe('Take Home Test');
  });

  it('gives the current stage the name that it was just read with, though the list of names is older', async () => {
    const renamed = fixtures.jobStages.map((stage) =>
      stage.id === Number(STAGES.test) ? { ...stage, name: 'Assessment' } : stage,
    );
    const { adapter, http, time } = makeGreenhouse({
      'GET /v3/applications': [rows(fixtures.application), rows({ ...fixtures.application, stage_name: 'Assessment' })],
      'GET /v3/job_interview_stages': [rows(...fixtures.jobStages), rows(...renamed)],
    });
    const names = async () => {
      const snapshot = snapshotOf(await adapter.readSnapshot(APPLICATION_ID));
      return [snapshot.stage?.name, currentStageEntry(snapshot)?.stageName, http.sent('GET /v3/job_interview_stages').length];
    };
    expect(await names()).toEqual(['Take Home Test', 'Take Home Test', 1]);
    expect(await names()).toEqual(['Assessment', 'Assessment', 1]);
    time.now = new Date(time.now.getTime() + 30_000);
    expect(await names()).toEqual(['Assessment', 'Assessment', 2]);
    time.now = new Date(time.now.getTime() + 299_000);
    expect(await names()).toEqual(['Assessment', 'Assessment', 2]);
  });

  it('gives the current stage the name of the list that was read after it', async () => {
    const renamed = fixtures.jobStages.map((stage) =>
      stage.id === Number(STAGES.test) ? { ...stage, name: 'Assessment' } : stage,
    );
    const { adapter } = makeGreenhouse({ 'GET /v3/job_interview_stages': rows(...renamed) });
    const first = snapshotOf(await adapter.readSnapshot(APPLICATION_ID));
    expect([first.stage?.name, currentStageEntry(first)?.stageName]).toEqual(['Assessment', 'Assessment']);
  });

  it('and so does a reading whose application was answered before another one asked for that list', async () => {
    const renamed = fixtures.jobStages.map((stage) =>
      stage.id === Number(STAGES.test) ? { ...stage, name: 'Assessment' } : stage,
    );
    const whenSlow = Promise.withResolvers<void>();
    let readings = 0;
    const { adapter, time } = makeGreenhouse({
      'GET /v3/job_interview_stages': rows(...renamed),
      'GET /v3/candidates': async () => {
        readings += 1;
        if (readings === 1) await whenSlow.promise;
        return rows(fixtures.candidate);
      },
    });
    const slow = adapter.readSnapshot(APPLICATION_ID);
    await vi.waitFor(() => expect(readings).toBe(1));
    time.now = new Date(time.now.getTime() + 1_000);
    await adapter.readSnapshot(APPLICATION_ID);
    whenSlow.resolve();
    expect(snapshotOf(await slow).stage?.name).toBe('Assessment');
  });

  it('is told by the names it has while newer ones cannot be had, and asks for these twice a minute', async () => {
    const gone = { status: 500, body: '' };
    const { adapter, http, time } = makeGreenhouse({ 'GET /v3/job_interview_stages': [rows(...fixtures.jobStages), gone] });
    const stageName = async () => {
      const read = await adapter.readSnapshot(APPLICATION_ID);
      return read.ok ? read.value.stageEntries.map((entry) => entry.stageName) : read.kind;
    };
    const named = ['Application Review', 'Take Home Test'];
    expect(await stageName()).toEqual(named);
    time.now = new Date(time.now.getTime() + 5 * 60_000);
    for (let reading = 0; reading < 3; reading += 1) expect(await stageName()).toEqual(named);
    expect(http.sent('GET /v3/job_interview_stages')).toHaveLength(2);
    time.now = new Date(time.now.getTime() + 30_000);
    expect(await stageName()).toEqual(named);
    expect(http.sent('GET /v3/job_interview_stages')).toHaveLength(3);
    time.now = new Date(time.now.getTime() + 30 * 60_000);
    expect(await stageName()).toBe('unreachable');
  });

  it.each([
    ['they miss a stage', fixtures.jobStages.filter((stage) => stage.id !== Number(STAGES.review)), { status: 500, body: '' }],
    ['the right to read them is gone', fixtures.jobStages, { status: 403, body: { message: 'Forbidden' } }],
  ])('is not told by the names it has when %s', async (_, named, failure) => {
    const { adapter, time } = makeGreenhouse({ 'GET /v3/job_interview_stages': [rows(...named), failure] });
    await adapter.readSnapshot(APPLICATION_ID);
    time.now = new Date(time.now.getTime() + 5 * 60_000);
    expect(await adapter.readSnapshot(APPLICATION_ID)).toMatchObject({ ok: false });
  });

  it('asks once for the names that several readings want at the same moment, but lets nobody wait for what goes behind them', async () => {
    const { adapter, http } = makeGreenhouse();
    const reading = () => adapter.readSnapshot(APPLICATION_ID);
    const read = await Promise.all([reading(), reading(), reading(), withPriority('person', reading)]);
    expect(read.map((each) => snapshotOf(each).stage?.name)).toEqual(Array(4).fill('Take Home Test'));
    expect(http.sent('GET /v3/job_interview_stages')).toHaveLength(2);
  });

  it('does not ask at every reading for a name that keeps differing', async () => {
    const { adapter, http, time } = makeGreenhouse(applicationWith({ stage_name: 'Assessment' }));
    for (let reading = 0; reading < 60; reading += 1) {
      await adapter.readSnapshot(APPLICATION_ID);
      time.now = new Date(time.now.getTime() + 1_000);
    }
    expect(http.sent('GET /v3/job_interview_stages')).toHaveLength(2);
  });

  it('is not to be had while the application and its history name two stages, however often it is read', async () => {
    const { adapter, http } = makeGreenhouse(applicationWith({ job_interview_stage_id: Number(STAGES.review) }));
    expect(await adapter.readSnapshot(APPLICATION_ID)).toMatchObject({ ok: false, kind: 'unreadable' });
    expect(http.sent('GET /v3/applications')).toHaveLength(2);
  });

  it.each([
    ['rejected', 'archived'],
    ['hired', 'hired'],
  ])(
    'of somebody who is %s is to be had though the two name two stages for good, at the second reading',
    async (said, status) => {
      const { adapter, http } = makeGreenhouse(
        applicationWith({ status: said, job_interview_stage_id: Number(STAGES.review), rejected_at: '2026-11-21T10:00:00.000Z' }),
      );
      const snapshot = snapshotOf(await adapter.readSnapshot(APPLICATION_ID));
      expect(snapshot).toMatchObject({ status, stage: { id: STAGES.review } });
      expect(http.sent('GET /v3/applications')).toHaveLength(2);
    },
  );

  it.each([
    ['the application names none any more', { job_interview_stage_id: null, status: 'rejected' }, fixtures.stageRows],
    ['the history names none any more', {}, fixtures.stageRows.map((row) => ({ ...row, current: false }))],
  ])('is to be had where %s', async (_, changes, history) => {
    const snapshot = await read({ ...applicationWith(changes), 'GET /v3/application_stages': rows(...history) });
    expect(snapshot.stage?.id).toBe(STAGES.test);
  });
});
