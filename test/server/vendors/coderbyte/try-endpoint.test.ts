import { describe, expect, it } from 'vitest';
import { coderbyteSettingsSchema, type EndpointMap } from '../../../../lib/contract/settings.ts';
import { createCoderbyteAdapter } from '../../../../server/vendors/coderbyte/index.ts';
import type { TrialWish } from '../../../../server/vendors/endpoint-trial.ts';
import { createFakeHttp, type FakeRoute } from '../../../support/fake-http.ts';
import { makeInvitation } from '../../../support/make-order.ts';
import { readFixture } from '../../../support/read-fixture.ts';

const KEY = 'the-secret-key-of-northwind';
const BASE = 'https://api.vendor.example';
const PERSON = '/tests/{assessmentId}/people/{email}';
const MAP = {
  baseUrl: BASE,
  authHeader: { name: 'X-Key', value: 'key {key}' },
  endpoints: {
    list: { method: 'GET', path: '/tests', fields: { items: 'rows', durationMinutes: 'minutes' } },
    invite: {
      method: 'POST',
      path: '/tests/{assessmentId}/invites',
      body: { email: '{email}', name: '{name}', until: '{expiresAt}', more: '{extraTimePercent}' },
      fields: {},
    },
    cancel: { method: 'DELETE', path: PERSON, fields: {} },
    resend: { method: 'POST', path: `${PERSON}/resend`, fields: {} },
    extend: { method: 'PUT', path: `${PERSON}/deadline`, body: { until: '{expiresAt}' }, fields: { expiresAt: 'until' } },
    extraTime: { method: 'PUT', path: `${PERSON}/time`, body: { percent: '{extraTimePercent}' }, fields: {} },
    report: { method: 'GET', path: `${PERSON}/report`, fields: { status: 'phase' } },
    interview: { method: 'GET', path: '/interviews/{interviewId}', fields: {} },
  },
} satisfies EndpointMap;
const ADA = { assessmentId: 'swe', email: 'ada@example.com' };
const REPORT = 'GET /tests/swe/people/ada%40example.com/report';

function connect(routes: Record<string, FakeRoute>, map: EndpointMap = MAP) {
  const http = createFakeHttp(routes);
  const settings = coderbyteSettingsSchema.parse({ kind: 'coderbyte', organizationId: 'northwind', map });
  const adapter = createCoderbyteAdapter({ http, settings, apiKey: KEY, clock: { now: () => new Date('2026-11-21T12:00:00Z') } });
  return { http, adapter };
}

async function attempt(wish: TrialWish, routes: Record<string, FakeRoute> = {}, map: EndpointMap = MAP) {
  const { http, adapter } = connect(routes, map);
  const tried = await adapter.trial?.tryEndpoint(wish);
  expect(JSON.stringify(tried)).not.toContain(KEY);
  return { tried, requests: http.requests };
}
const fieldsOf = (tried: Awaited<ReturnType<typeof attempt>>['tried']) =>
  Object.fromEntries((tried?.fields ?? []).map(({ field, value, from }) => [field, { value, from }]));

describe('trying an endpoint of the map', () => {
  it('reads the list, says how many assessments there are, and what stood where in the first', async () => {
    const rows = [{ test_id: 'swe', display_name: 'Senior SWE', minutes: 90 }, { display_name: 'no id' }];
    const { tried, requests } = await attempt(
      { endpoint: 'list', values: {} },
      { 'GET /tests': { status: 200, body: { rows } } },
    );
    expect(tried).toMatchObject({ kind: 'list', status: 200, count: 1, rows: 2 });
    expect(tried?.request).toEqual({ method: 'GET', url: `${BASE}/tests`, header: 'X-Key: key ••••' });
    expect(fieldsOf(tried)).toMatchObject({
      id: { value: 'swe' },
      name: { value: 'Senior SWE' },
      durationMinutes: { value: '90', from: 'minutes' },
    });
    expect(requests[0]?.headers).toEqual({ 'X-Key': `key ${KEY}` });
  });

  it('says where the list is not', async () => {
    const { tried } = await attempt({ endpoint: 'list', values: {} }, { 'GET /tests': { status: 200, body: { data: [] } } });
    expect(tried).toMatchObject({ kind: 'refused', sent: true, status: 200, failure: { kind: 'unreadable' } });
    expect(fieldsOf(tried)).toEqual({ items: { value: null, from: 'rows' } });
  });

  it('reads one report and names what was found and what was not', async () => {
    const body = { ...(await readFixture('coderbyte/report-trigger-data')), phase: 'Completed', cheated: undefined };
    const { tried } = await attempt({ endpoint: 'report', values: ADA }, { [REPORT]: { status: 200, body } });
    expect(tried).toMatchObject({ kind: 'report', status: 200, state: 'scored' });
    expect(fieldsOf(tried)).toMatchObject({
      status: { value: 'Completed', from: 'phase' },
      score: { value: '80', from: 'final_score' },
      challenges: { value: { entries: 2 }, from: 'challenge_details' },
      cheated: { value: null, from: null },
    });
    expect(JSON.stringify(tried)).not.toMatch(/salary|First Reverse/);
  });

  it('hides what may open a link', async () => {
    const body = { status: 'Completed', final_score: 1, report_link: 'https://coderbyte.com/report/x?accessToken=abc#more' };
    const { tried } = await attempt({ endpoint: 'report', values: ADA }, { [REPORT]: { status: 200, body } });
    expect(fieldsOf(tried).reportUrl).toEqual({ value: 'https://coderbyte.com/report/x…', from: 'report_link' });
  });

  it('shows nothing of an answer about somebody else, nor of others in a list', async () => {
    const eve = { ...(await readFixture('coderbyte/report-trigger-data')), email: 'eve@example.com', final_score: 12 };
    const wrong = await attempt({ endpoint: 'report', values: ADA }, { [REPORT]: { status: 200, body: eve } });
    expect(wrong.tried).toMatchObject({ kind: 'refused', fields: [], failure: { kind: 'unreadable' } });
    const list = await attempt({ endpoint: 'report', values: ADA }, { [REPORT]: { status: 200, body: [eve] } });
    expect(list.tried).toMatchObject({ kind: 'refused', fields: [], failure: { kind: 'not-found' } });
    for (const { tried } of [wrong, list]) expect(JSON.stringify(tried)).not.toContain('eve');
  });

  it.each([
    [{ status: 401 }, 401, 'unauthorised'],
    [{ status: 403, body: { error: 'API add-on' } }, 403, 'forbidden'],
    [{ status: 404 }, 404, 'not-found'],
    [{ status: 429 }, 429, 'rate-limited'],
    [{ status: 200, body: '<html>Sign in</html>' }, null, 'unreadable'],
    ['connection refused', null, 'unreachable'],
  ] as const)('answered with %j says so', async (answer, status, kind) => {
    const { tried } = await attempt({ endpoint: 'report', values: ADA }, { [REPORT]: answer });
    expect(tried).toMatchObject({ kind: 'refused', sent: true, failure: { kind } });
    if (status !== null) expect(tried).toMatchObject({ status });
  });

  it('without what the path needs is not sent, and says what is missing', async () => {
    const { tried, requests } = await attempt({ endpoint: 'report', values: { assessmentId: 'swe' } });
    expect(tried).toMatchObject({ kind: 'refused', sent: false, request: null, failure: { kind: 'misconfigured' } });
    expect(JSON.stringify(tried)).toContain('{email}');
    expect(requests).toEqual([]);
  });

  it.each(['invite', 'cancel', 'resend', 'extend', 'extraTime'] as const)('%s is shown and never sent', async (endpoint) => {
    const { tried, requests } = await attempt({ endpoint, values: ADA });
    expect(tried).toMatchObject({
      kind: 'shown',
      request: { method: MAP.endpoints[endpoint].method, header: 'X-Key: key ••••' },
    });
    expect(requests).toEqual([]);
  });

  it('shows the body of an invitation with examples in its gaps', async () => {
    const { tried } = await attempt({ endpoint: 'invite', values: ADA });
    expect(tried?.request?.body).toEqual({ email: 'ada@example.com', name: 'Ada Example', until: '2026-11-28T12:00:00.000Z' });
  });

  it('that is not in the map is said to be missing', async () => {
    const { tried } = await attempt({ endpoint: 'resend', values: ADA }, {}, { baseUrl: BASE, endpoints: {} });
    expect(tried).toMatchObject({ kind: 'refused', sent: false, failure: { kind: 'misconfigured' } });
  });
});

describe('what an admin has mapped besides', () => {
  const PEOPLE = '/tests/senior-swe-1/people/ada%2Bjobs%40example.com';
  const DEADLINE = new Date('2026-12-01T12:00:00Z');

  it('can be done: resend, another deadline, more time', async () => {
    const { adapter, http } = connect({
      [`POST ${PEOPLE}/resend`]: { status: 204 },
      [`PUT ${PEOPLE}/deadline`]: { status: 200, body: { until: '2026-12-02T00:00:00-0500' } },
      [`PUT ${PEOPLE}/time`]: { status: 200, body: {} },
    });
    const { operations, capabilities } = adapter;
    expect(capabilities.extraTime).toBe('both');
    expect(await operations.resend?.(makeInvitation())).toEqual({ ok: true, value: undefined });
    expect(await operations.extend?.(makeInvitation(), DEADLINE)).toEqual({
      ok: true,
      value: { expiresAt: '2026-12-02T05:00:00.000Z' },
    });
    expect(await operations.giveExtraTime?.(makeInvitation(), 25)).toEqual({ ok: true, value: undefined });
    expect(http.requests.map(({ json, write }) => ({ json, write }))).toEqual([
      { json: undefined, write: true },
      { json: { until: DEADLINE.toISOString() }, write: true },
      { json: { percent: '25' }, write: true },
    ]);
  });

  it.each([
    [{ status: 409, body: { error: 'started' } }, 'refused'],
    [{ status: 404 }, 'not-found'],
    [{ status: 500 }, 'ambiguous'],
    ['answer lost', 'ambiguous'],
    [{ status: 200, body: '<html>' }, 'ambiguous'],
  ] as const)('resending that is answered with %j is never said to be done', async (answer, kind) => {
    const { adapter } = connect({ [`POST ${PEOPLE}/resend`]: answer });
    expect(await adapter.operations.resend?.(makeInvitation())).toMatchObject({ ok: false, kind });
  });

  it('cannot be done without the map saying how', () => {
    const { adapter } = connect({}, { endpoints: {} });
    expect(adapter.operations).toEqual({});
    expect(adapter.capabilities.extraTime).toBe('none');
  });
});
