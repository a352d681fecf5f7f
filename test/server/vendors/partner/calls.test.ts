import { describe, expect, it } from 'vitest';
import { partnerSettingsSchema } from '../../../../lib/contract/partner-settings.ts';
import { createHttpClient } from '../../../../server/outbound/http.ts';
import { createPartnerAdapter } from '../../../../server/vendors/partner/index.ts';
import { createFakeHttp, type FakeRoute } from '../../../support/fake-http.ts';
import { makeInvitation, makeOrder } from '../../../support/make-order.ts';

const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
const parse = (more: object = {}) =>
  partnerSettingsSchema.parse({ kind: 'partner', baseUrl: 'https://tests.vendor.example/api/', ...more });
const ORDER = makeOrder({ vendor: 'partner', externalId: '12', handover: 'vendor e-mail' });

function setUp(routes: Record<string, FakeRoute | FakeRoute[]>) {
  const http = createFakeHttp(routes);
  return { http, adapter: createPartnerAdapter({ http, settings: parse(), apiKey: 'kéy', clock }) };
}

describe('calls of the partner protocol', () => {
  it('carry the key as the user name, with a blank password', async () => {
    const { http, adapter } = setUp({ 'GET /api/list_tests': { status: 200, body: [] } });
    expect(await adapter.check()).toEqual({ ok: true, value: { account: null } });
    const [request] = http.requests;
    expect(request?.url).toBe('https://tests.vendor.example/api/list_tests');
    const [scheme, credential = ''] = (request?.headers?.Authorization ?? '').split(' ');
    expect([scheme, Buffer.from(credential, 'base64').toString()]).toEqual(['Basic', 'kéy:']);
  });

  it('list what has an id, once, by a name of one line', async () => {
    const body = [
      { partner_test_id: 12, partner_test_name: 'Java\n developer' },
      { partner_test_id: '12', partner_test_name: 'Java developer' },
      { partner_test_id: 'x', partner_test_name: '<i>SQL</i>\u202e analyst' },
      { partner_test_id: 'nameless' },
      { partner_test_id: null, partner_test_name: 'No id' },
      { partner_test_name: 'No id' },
      'Java',
      null,
    ];
    const { adapter } = setUp({ 'GET /api/list_tests': { status: 200, body } });
    const test = { kind: 'test', durationMinutes: null };
    expect(await adapter.listAssessments()).toEqual({
      ok: true,
      value: [
        { externalId: '12', name: 'Java developer', ...test },
        { externalId: 'x', name: 'SQL analyst', ...test },
        { externalId: 'nameless', name: 'nameless', ...test },
      ],
    });
  });

  it.each([{ tests: [] }, 'none', undefined])('that answer %j instead of a list cannot be read', async (body) => {
    const { adapter } = setUp({ 'GET /api/list_tests': { status: 200, body: JSON.stringify(body) ?? '' } });
    expect(await adapter.listAssessments()).toMatchObject({ ok: false, kind: 'unreadable' });
  });

  it('keep every digit of an id', async () => {
    const { adapter, http } = setUp({
      'POST /api/send_test': { status: 200, body: '{"partner_interview_id": 90071992547409931234}' },
      'GET /api/test_status': { status: 200, body: { partner_status: 'sent' } },
    });
    const receipt = await adapter.invite(ORDER);
    expect(receipt).toMatchObject({ ok: true, value: { externalId: '90071992547409931234', emailedBy: 'vendor' } });
    await adapter.readReport(makeInvitation({ externalId: '90071992547409931234' }));
    expect(http.sent('GET /api/test_status')).toMatchObject([{ query: { partner_interview_id: '90071992547409931234' } }]);
  });

  it.each([
    undefined,
    {},
    { partner_interview_id: null },
    { partner_interview_id: ' ' },
    { partner_interview_id: 'x'.repeat(301) },
    [],
    'done',
  ])('that send a test and are answered %j may have sent it', async (body) => {
    const { adapter, http } = setUp({ 'POST /api/send_test': { status: 200, body: JSON.stringify(body) ?? '' } });
    expect(await adapter.invite(ORDER)).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(http.requests).toHaveLength(1);
  });

  it.each([undefined, {}, { partner_status: null }, { partner_status: ' ' }, []])(
    'for a status that are answered %j claim nothing',
    async (body) => {
      const { adapter } = setUp({ 'GET /api/test_status': { status: 200, body: JSON.stringify(body) ?? '' } });
      expect(await adapter.readReport(makeInvitation({ externalId: '7' }))).toMatchObject({ ok: false, kind: 'unreadable' });
    },
  );

  it('wait as long as the server asks for', async () => {
    const { adapter } = setUp({ 'POST /api/send_test': { status: 429, headers: { 'retry-after': '90' } } });
    expect(await adapter.invite(ORDER)).toMatchObject({ ok: false, kind: 'rate-limited', retryAfterMs: 90_000 });
  });

  it('of an invitation whose id never came are not made', async () => {
    const { adapter, http } = setUp({});
    expect(await adapter.readReport(makeInvitation({ externalId: null }))).toMatchObject({ ok: false, kind: 'not-found' });
    expect(http.requests).toEqual([]);
  });

  it.each(['https://127.0.0.1/api', 'https://10.0.0.5', 'https://[::1]/x', 'http://tests.vendor.example', 'https://localhost:1'])(
    'do not reach %s, which nobody listed in TEST_HOSTS',
    async (baseUrl) => {
      const log = { debug: () => undefined, warn: () => undefined };
      const allowedHosts = [new URL(baseUrl).host];
      const http = createHttpClient({
        testHosts: [],
        allowedHosts,
        log,
        lookup: async () => [{ address: '127.0.0.1', family: 4 }],
      });
      const adapter = createPartnerAdapter({ http, settings: parse({ baseUrl }), apiKey: 'key', clock });
      expect(await adapter.invite(ORDER)).toMatchObject({ ok: false, kind: 'misconfigured' });
    },
  );
});

describe('settings of a partner', () => {
  it.each([
    { baseUrl: 'tests.vendor.example' },
    { baseUrl: 'https://tests.vendor.example/?a=' },
    { baseUrl: 'https://tests.vendor.example/#a' },
    { paths: { listTests: 'list_tests' } },
    { paths: { sendTest: 'https://evil.example/send' } },
    { paths: { testStatus: '/status?x=1' } },
    { callbackUrl: 'http://tests.vendor.example' },
    { preset: 'other' },
  ])('%j are refused', (more) => {
    expect(() => parse(more)).toThrow();
  });

  it('cannot lead the paths to another host', () => {
    for (const listTests of ['//evil.example/x', '/@evil.example', '/..//evil.example']) {
      const { baseUrl, paths } = parse({ baseUrl: 'https://tests.vendor.example', paths: { listTests } });
      expect(new URL(`${baseUrl}${paths.listTests}`).host).toBe('tests.vendor.example');
    }
  });
});
