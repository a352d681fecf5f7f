import { describe, expect, it } from 'vitest';
import { createGreenhouseClient, toWireId } from '../../../../server/ats/greenhouse/client.ts';
import { greenhouseJobSchema } from '../../../../server/ats/greenhouse/schemas.ts';
import type { GreenhouseTokens } from '../../../../server/ats/greenhouse/token.ts';
import { type AnswerHead, type RateLimiter, UNLIMITED } from '../../../../server/outbound/rate-limiter.ts';
import { createFakeHttp, type FakeAnswer, type FakeRoute } from '../../../support/fake-http.ts';

function makeClient(routes: Record<string, FakeRoute | FakeRoute[]>, limiter: RateLimiter = UNLIMITED) {
  const renewed: string[] = [];
  const tokens: GreenhouseTokens = {
    get: async () => ({ ok: true, value: 'old' }),
    renew: async (refused) => {
      renewed.push(refused);
      return { ok: true, value: 'new' };
    },
    callAgain: async ({ refused, call }) => {
      renewed.push(refused);
      return call('new');
    },
  };
  const http = createFakeHttp(routes);
  const client = createGreenhouseClient({ http, limiter, tokens, apiUrl: 'https://harvest.greenhouse.io/' });
  return { client, http, renewed };
}

const page = (ids: number[], cursor?: string, host = 'harvest.greenhouse.io'): Exclude<FakeAnswer, string> => ({
  status: 200,
  body: ids.map((id) => ({ id, name: `Job ${id}` })),
  headers: cursor === undefined ? {} : { link: `<https://${host}/v3/jobs?cursor=${cursor}>; rel="next"` },
});
const unauthorised = { status: 401, body: { message: 'Unauthorized', errors: ['Token could not be decoded.'] } };

describe('a list of Greenhouse', () => {
  it('is read to its end, with the cursor alone from the second page on', async () => {
    const { client, http } = makeClient({ 'GET /v3/jobs': [page([3, 2], 'abc%3D%3D'), page([1])] });
    const jobs = await client.list('/jobs', { status: 'open' }, greenhouseJobSchema);
    expect(jobs.ok && jobs.value.map((job) => job.id)).toEqual(['3', '2', '1']);
    expect(http.requests.map((request) => request.query)).toEqual([{ per_page: 500, status: 'open' }, { cursor: 'abc==' }]);
  });

  it('never sends the token to the host that a next page names', async () => {
    const { client, http } = makeClient({ 'GET /v3/jobs': [page([2], 'abc', 'evil.example'), page([1])] });
    await client.list('/jobs', {}, greenhouseJobSchema);
    expect(http.requests.map((request) => new URL(request.url).host)).toEqual(['harvest.greenhouse.io', 'harvest.greenhouse.io']);
  });

  it('that leads in a circle, or to a next page without a cursor, is unreadable instead of cut short', async () => {
    const circle = makeClient({ 'GET /v3/jobs': page([1], 'abc') });
    expect(await circle.client.list('/jobs', {}, greenhouseJobSchema)).toMatchObject({ ok: false, kind: 'unreadable' });
    expect(circle.http.requests).toHaveLength(2);
    const lost = makeClient({
      'GET /v3/jobs': { ...page([1]), headers: { link: '<https://x.example/v3/jobs?page=2>; rel="next"' } },
    });
    expect(await lost.client.list('/jobs', {}, greenhouseJobSchema)).toMatchObject({ ok: false, kind: 'unreadable' });
  });

  it('is asked for at most 50 ids at once, each id once', async () => {
    const { client, http } = makeClient({ 'GET /v3/jobs': page([]) });
    const ids = Array.from({ length: 120 }, (_, n) => `${n}`);
    await client.listByIds({ path: '/jobs', parameter: 'ids', ids: [...ids, '7'] }, greenhouseJobSchema);
    expect(http.requests.map((request) => String(request.query?.ids).split(',').length)).toEqual([50, 50, 20]);
  });

  it('is not asked for at all without ids', async () => {
    const { client, http } = makeClient({});
    expect(await client.listByIds({ path: '/jobs', parameter: 'ids', ids: [] }, greenhouseJobSchema)).toEqual({
      ok: true,
      value: [],
    });
    expect(http.requests).toEqual([]);
  });

  it.each([
    ['HTML', { status: 200, body: '<html>' }],
    ['an object instead of a list', { status: 200, body: { jobs: [] } }],
    ['a row without an id', { status: 200, body: [{ name: 'Job' }] }],
    ['an id that has lost digits', { status: 200, body: '[{"id":9.007199254740993e300}]' }],
  ])('is unreadable when it is %s', async (_, answer) => {
    const { client } = makeClient({ 'GET /v3/jobs': answer });
    expect(await client.list('/jobs', {}, greenhouseJobSchema)).toMatchObject({ ok: false, kind: 'unreadable' });
  });

  it('keeps ids exact beyond the range of a double', async () => {
    const { client } = makeClient({ 'GET /v3/jobs': { status: 200, body: '[{"id":9007199254740993,"name":null}]' } });
    expect(await client.list('/jobs', {}, greenhouseJobSchema)).toEqual({
      ok: true,
      value: [{ id: '9007199254740993', name: null }],
    });
  });
});

describe('a call to Greenhouse', () => {
  it('that is told 401 is made once more with a fresh token, also when it writes', async () => {
    const { client, http, renewed } = makeClient({ 'POST /v3/notes': [unauthorised, { status: 201, body: { id: 5 } }] });
    expect(await client.post('/notes', {})).toEqual({ ok: true, value: { id: 5 } });
    expect(renewed).toEqual(['old']);
    expect(http.requests.map((request) => request.headers?.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  it('that is told 401 twice is unauthorised, and is not made a third time', async () => {
    const { client, http } = makeClient({ 'GET /v3/jobs': unauthorised });
    expect(await client.list('/jobs', {}, greenhouseJobSchema)).toMatchObject({ ok: false, kind: 'unauthorised', status: 401 });
    expect(http.requests).toHaveLength(2);
  });

  it('that writes and loses its answer is ambiguous and not repeated', async () => {
    const { client, http } = makeClient({ 'POST /v3/notes': 'answer lost' });
    expect(await client.post('/notes', {})).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(http.requests).toHaveLength(1);
  });

  it('is made with leave only, and tells the limiter of every answer, also of a refusal', async () => {
    const headers = { 'x-ratelimit-limit': '75', 'x-ratelimit-remaining': '74', 'x-ratelimit-reset': '1795262430' };
    const heads: (AnswerHead | null)[] = [];
    const leaves = [true, true, true, false];
    const limiter: RateLimiter = {
      ask: async () =>
        leaves.shift()
          ? { ok: true, value: { done: (head) => void heads.push(head) } }
          : { ok: false, kind: 'rate-limited', retryAfterMs: 900, detail: '' },
      left: async () => null,
    };
    const refused = { status: 422, body: { message: 'Unprocessable Content' }, headers };
    const { client, http } = makeClient({ 'GET /v3/jobs': [{ ...page([1]), headers }, refused, 'answer lost'] }, limiter);
    const answers = [];
    for (let count = 0; count < 4; count += 1) answers.push(await client.list('/jobs', {}, greenhouseJobSchema));
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.kind))).toEqual(['ok', 'refused', 'unreachable', 'rate-limited']);
    expect(heads).toEqual([{ status: 200, headers }, { status: 422, headers }, null]);
    expect(http.requests).toHaveLength(3);
  });
});

describe('an id in a request', () => {
  it('is a JSON number with all its digits', () => {
    expect(JSON.stringify({ id: toWireId('259096501002') })).toBe('{"id":259096501002}');
    expect(JSON.stringify({ id: toWireId('18446744073709551615') })).toBe('{"id":18446744073709551615}');
  });
});
