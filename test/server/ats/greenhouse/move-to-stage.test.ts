import { describe, expect, it } from 'vitest';
import {
  APPLICATION_ID,
  CANDIDATE_ID,
  fixtures,
  makeGreenhouse,
  rows,
  STAGES,
  stageRowsAt,
} from '../../../support/greenhouse-adapter.ts';

const MOVE = `POST /v3/applications/${APPLICATION_ID}/move`;
const target = { applicationId: APPLICATION_ID, candidateId: CANDIDATE_ID };
const move = { fromStageId: STAGES.test, toStageId: STAGES.onsite };
const before = rows(...fixtures.stageRows);
const after = rows(...stageRowsAt(STAGES.onsite));
const done = { status: 204 };
const refused = { status: 422, body: { message: 'Unprocessable Content', errors: ['from_stage_id does not match'] } };

const guardsOf = (http: ReturnType<typeof makeGreenhouse>['http']) =>
  http.sent(MOVE).map((request) => JSON.parse(JSON.stringify(request.json)).from_stage_id);

describe('moving a candidate', () => {
  it('names the row of the stage history as the place to move from, and is seen afterwards', async () => {
    const { adapter, http } = makeGreenhouse({ 'GET /v3/application_stages': [before, after], [MOVE]: done });
    expect(await adapter.moveToStage(target, move)).toEqual({ ok: true, value: undefined });
    expect(http.sent(MOVE).map((request) => request.json)).toEqual([
      { from_stage_id: Number(STAGES.currentRow), to_stage_id: Number(STAGES.onsite) },
    ]);
  });

  it('names the stage of the job instead where the admin says so', async () => {
    const routes = { 'GET /v3/application_stages': [before, after], [MOVE]: done };
    const { adapter, http } = makeGreenhouse(routes, { fromStageIdSpace: 'job-stage' });
    expect(await adapter.moveToStage(target, move)).toMatchObject({ ok: true });
    expect(guardsOf(http)).toEqual([Number(STAGES.test)]);
  });

  it.each(['application-stage', 'job-stage'] as const)(
    'refused in either meaning of the guard: told is what Greenhouse really minds (%s first)',
    async (fromStageIdSpace) => {
      const minded = { status: 422, body: { message: 'Unprocessable Content', errors: ['to_stage_id is not active'] } };
      const answers = fromStageIdSpace === 'application-stage' ? [minded, refused] : [refused, minded];
      const { adapter } = makeGreenhouse({ 'GET /v3/application_stages': before, [MOVE]: answers }, { fromStageIdSpace });
      const detail = expect.stringContaining('to_stage_id is not active');
      expect(await adapter.moveToStage(target, move)).toMatchObject({ ok: false, kind: 'refused', detail });
    },
  );

  it.each([
    ['application-stage', [Number(STAGES.currentRow), Number(STAGES.test)]],
    ['job-stage', [Number(STAGES.test), Number(STAGES.currentRow)]],
  ])('tries the other id once when the one of %s is refused', async (fromStageIdSpace, guards) => {
    const routes = { 'GET /v3/application_stages': [before, after], [MOVE]: [refused, done] };
    const { adapter, http } = makeGreenhouse(routes, { fromStageIdSpace });
    expect(await adapter.moveToStage(target, move)).toMatchObject({ ok: true });
    expect(guardsOf(http)).toEqual(guards);
  });

  it('is refused when both ids are', async () => {
    const { adapter, http } = makeGreenhouse({ 'GET /v3/application_stages': before, [MOVE]: refused });
    expect(await adapter.moveToStage(target, move)).toMatchObject({ ok: false, kind: 'refused', status: 422 });
    expect(http.sent(MOVE)).toHaveLength(2);
  });

  it('is not tried when somebody has moved the candidate elsewhere', async () => {
    const { adapter, http } = makeGreenhouse({ 'GET /v3/application_stages': rows(...stageRowsAt(STAGES.review)) });
    expect(await adapter.moveToStage(target, move)).toMatchObject({ ok: false, kind: 'refused', status: 409 });
    expect(http.sent(MOVE)).toEqual([]);
  });

  it('is done already when the candidate is there', async () => {
    const { adapter, http } = makeGreenhouse({ 'GET /v3/application_stages': after });
    expect(await adapter.moveToStage(target, move)).toMatchObject({ ok: true });
    expect(http.sent(MOVE)).toEqual([]);
  });

  it('whose answer was lost is done when Greenhouse shows it, else nobody knows', async () => {
    const shown = makeGreenhouse({ 'GET /v3/application_stages': [before, after], [MOVE]: 'answer lost' });
    expect(await shown.adapter.moveToStage(target, move)).toMatchObject({ ok: true });
    const unseen = makeGreenhouse({ 'GET /v3/application_stages': before, [MOVE]: 'answer lost' });
    expect(await unseen.adapter.moveToStage(target, move)).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(unseen.http.sent(MOVE)).toHaveLength(1);
  });

  it('that Greenhouse took but does not show is not called done', async () => {
    const { adapter } = makeGreenhouse({ 'GET /v3/application_stages': before, [MOVE]: done });
    expect(await adapter.moveToStage(target, move)).toMatchObject({ ok: false, kind: 'ambiguous' });
  });

  it('stays done when a rule has moved the candidate on, or the second look fails', async () => {
    const further = rows(...stageRowsAt(STAGES.review));
    const moved = makeGreenhouse({ 'GET /v3/application_stages': [before, further], [MOVE]: done });
    expect(await moved.adapter.moveToStage(target, move)).toMatchObject({ ok: true });
    const blind = makeGreenhouse({ 'GET /v3/application_stages': [before, { status: 502, body: '<html>' }], [MOVE]: done });
    expect(await blind.adapter.moveToStage(target, move)).toMatchObject({ ok: true });
  });

  it('without the right to move is forbidden, with one try', async () => {
    const { adapter, http } = makeGreenhouse({ 'GET /v3/application_stages': before, [MOVE]: { status: 403 } });
    expect(await adapter.moveToStage(target, move)).toMatchObject({ ok: false, kind: 'forbidden' });
    expect(http.sent(MOVE)).toHaveLength(1);
  });
});
