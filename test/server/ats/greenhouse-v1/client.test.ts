import { describe, expect, it } from 'vitest';
import { greenhouseSettingsSchema } from '../../../../lib/contract/settings.ts';
import { createGreenhouseV1Adapter } from '../../../../server/ats/greenhouse-v1/index.ts';
import { UNLIMITED } from '../../../../server/outbound/rate-limiter.ts';
import { createFakeHttp, type FakeRoute } from '../../../support/fake-http.ts';

const BASE = 'https://gateway.example/greenhouse';

function make(routes: Record<string, FakeRoute | FakeRoute[]>) {
  const http = createFakeHttp(routes);
  const settings = greenhouseSettingsSchema.parse({ kind: 'greenhouse', api: 'v1', apiUrl: `${BASE}/`, serviceUserId: '4711' });
  const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
  return {
    http,
    adapter: createGreenhouseV1Adapter({ http, limiter: UNLIMITED, settings, apiKey: 'key-1', clock, connectionId: 'c' }),
  };
}

const application = (id: number, stage: number) => ({
  id,
  status: 'active',
  current_stage: { id: stage, name: 'Test' },
  jobs: [],
});
const changed = async (adapter: ReturnType<typeof make>['adapter']) => {
  const found = [];
  for await (const one of adapter.findChangedSince({ since: new Date(0), stageIds: ['7'] }))
    found.push(one.ok ? one.value.applicationId : one.kind);
  return found;
};

describe('a call to Harvest v1', () => {
  it('carries the key with a blank password, and the acting user only when it writes', async () => {
    const candidate = { id: 5, tags: ['a'] };
    const { http, adapter } = make({
      'GET /greenhouse/v1/candidates/5': { status: 200, body: candidate },
      'PATCH /greenhouse/v1/candidates/5': { status: 200, body: candidate },
    });
    await adapter.addTag({ applicationId: '1', candidateId: '5' }, 'b');
    const authorization = `Basic ${Buffer.from('key-1:').toString('base64')}`;
    expect(http.requests.map(({ headers, json }) => ({ headers, json }))).toEqual([
      { headers: { authorization, accept: 'application/json' }, json: undefined },
      { headers: { authorization, accept: 'application/json', 'on-behalf-of': '4711' }, json: { tags: ['a', 'b'] } },
    ]);
  });

  it('follows the number of the next page, never its address', async () => {
    const { http, adapter } = make({
      'GET /greenhouse/v1/applications': [
        {
          status: 200,
          body: [application(1, 7), application(2, 8)],
          headers: { link: '<https://evil.example/v1/applications?page=2&per_page=500>; rel="next"' },
        },
        { status: 200, body: [application(3, 7)], headers: { link: '<https://x.example/?page=1>; rel="prev"' } },
      ],
    });
    expect(await changed(adapter)).toEqual(['1', '2', '3']);
    expect(http.requests.map(({ url, query }) => [new URL(url).host, query?.page])).toEqual([
      ['gateway.example', 1],
      ['gateway.example', 2],
    ]);
  });

  it('ends a list that leads back to where it was', async () => {
    const again = { status: 200, body: [application(1, 7)], headers: { link: '<https://x.example/?page=1>; rel="next"' } };
    const { adapter, http } = make({ 'GET /greenhouse/v1/applications': again });
    expect(await changed(adapter)).toEqual(['1', 'unreadable']);
    // Smaller pages would lead back as well.
    expect(http.requests).toHaveLength(1);
  });

  it('asks for fewer at a time where a page is larger than we take', async () => {
    const { adapter, http } = make({
      'GET /greenhouse/v1/applications': ({ query }) =>
        Number(query?.per_page) > 100 ? 'answer too large' : { status: 200, body: [application(1, 7)] },
    });
    expect(await changed(adapter)).toEqual(['1']);
    expect(http.requests.map(({ query }) => query?.per_page)).toEqual([500, 100]);
  });

  it('calls no list too long, because v1 knows no end of the time that is asked for', async () => {
    const { adapter } = make({ 'GET /greenhouse/v1/applications': 'answer too large' });
    const found = [];
    for await (const one of adapter.findChangedSince({ since: new Date(0), stageIds: [] })) found.push(one);
    expect(found).toEqual([{ ok: false, kind: 'unreadable', detail: 'answer too large' }]);
  });

  it('tells the name of the stage in which who changed stands', async () => {
    const rows = [application(1, 9), { ...application(2, 9), current_stage: null }];
    const { adapter } = make({ 'GET /greenhouse/v1/applications': { status: 200, body: rows } });
    const found = [];
    for await (const one of adapter.findChangedSince({ since: new Date(0), stageIds: ['7'] })) found.push(one);
    expect(found).toEqual([
      { ok: true, value: { applicationId: '1', isElsewhere: true, stageName: 'Test' } },
      { ok: true, value: { applicationId: '2', isElsewhere: true } },
    ]);
  });

  it('says which field was refused', async () => {
    const { adapter } = make({
      'GET /greenhouse/v1/applications/1': { status: 200, body: application(1, 7) },
      'POST /greenhouse/v1/applications/1/move': {
        status: 422,
        body: { message: 'Validation error', errors: [{ message: 'is gone', field: 'to_stage_id' }] },
      },
    });
    const moved = await adapter.moveToStage({ applicationId: '1', candidateId: null }, { fromStageId: '7', toStageId: '8' });
    expect(moved).toMatchObject({ ok: false, kind: 'refused', detail: 'Validation error: to_stage_id is gone' });
  });

  it.each([
    ['elsewhere', { status: 'active', current_stage: { id: 9, name: 'Other' } }],
    ['rejected', { status: 'rejected', current_stage: { id: 7, name: 'Test' } }],
  ])('moves nobody who is %s by now', async (_where, state) => {
    const { http, adapter } = make({ 'GET /greenhouse/v1/applications/1': { status: 200, body: { id: 1, jobs: [], ...state } } });
    const moved = await adapter.moveToStage({ applicationId: '1', candidateId: null }, { fromStageId: '7', toStageId: '8' });
    expect(moved).toMatchObject({ ok: false, kind: 'refused', status: 409 });
    expect(http.requests).toHaveLength(1);
  });

  it('a move whose answer was lost counts as done when the stage shows it', async () => {
    const { adapter } = make({
      'GET /greenhouse/v1/applications/1': [
        { status: 200, body: application(1, 7) },
        { status: 200, body: application(1, 8) },
      ],
      'POST /greenhouse/v1/applications/1/move': 'answer lost',
    });
    const moved = await adapter.moveToStage({ applicationId: '1', candidateId: null }, { fromStageId: '7', toStageId: '8' });
    expect(moved).toEqual({ ok: true, value: undefined });
  });
});
