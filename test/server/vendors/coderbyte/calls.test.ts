import { describe, expect, it } from 'vitest';
import { coderbyteSettingsSchema, type EndpointMap } from '../../../../lib/contract/settings.ts';
import { createCoderbyteAdapter } from '../../../../server/vendors/coderbyte/index.ts';
import { createFakeHttp, type FakeRoute } from '../../../support/fake-http.ts';
import { INVITATION_ID, makeInvitation, makeOrder } from '../../../support/make-order.ts';
import { readFixture } from '../../../support/read-fixture.ts';

const BASE = 'https://api.vendor.example/x';
const MAP = {
  baseUrl: `${BASE}/`,
  endpoints: {
    list: { method: 'GET', path: '/tests', fields: { items: 'data.rows', durationMinutes: 'minutes', kind: 'type' } },
    invite: {
      method: 'POST',
      path: '/tests/{assessmentId}/invites',
      body: { org: '{organizationId}', email: '{email}', full_name: '{name}', ref: '{invitationId}', until: '{expiresAt}' },
      fields: { id: 'invite.id', link: 'invite.url', expiresAt: 'invite.until' },
    },
    cancel: { method: 'DELETE', path: '/tests/{assessmentId}/invites/{email}', fields: {} },
    report: { method: 'GET', path: '/tests/{assessmentId}/reports/{email}', fields: {} },
    interview: { method: 'GET', path: '/interviews/{interviewId}', fields: {} },
  },
} satisfies EndpointMap;
const INVITE = 'POST /x/tests/senior-swe-1/invites';
const REPORT = 'GET /x/tests/senior-swe-1/reports/ada%2Bjobs%40example.com';
const INVITED = { invite: { id: 77, url: 'https://coderbyte.com/t/secret', until: '2026-11-30T00:00:00-0500' } };

function connect(routes: Record<string, FakeRoute | FakeRoute[]>, map: EndpointMap = MAP, apiKey = 'the-key') {
  const http = createFakeHttp(routes);
  const settings = coderbyteSettingsSchema.parse({ kind: 'coderbyte', organizationId: 'northwind', map });
  const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
  return { adapter: createCoderbyteAdapter({ http, settings, apiKey, clock }), http };
}

describe('Coderbyte with an empty map', () => {
  it('calls nothing: links are filled in, results come by webhook or by hand', async () => {
    const { adapter, http } = connect({}, { endpoints: {} });
    expect(adapter.capabilities).toEqual({
      invite: 'link',
      emailedBy: ['us', 'nobody'],
      inviteStory: 'key',
      correlation: 'assessment-and-email',
      listsAssessments: false,
      cancels: false,
      retakes: true,
      extraTime: 'none',
      results: 'by-hand',
      reportsStarted: true,
      reportsExpiry: false,
      scoreScale: 'percent',
      webhookTrust: 'hint-only',
      webhookProof: 'identity',
    });
    expect(await adapter.invite(makeOrder())).toMatchObject({ ok: true, value: { emailedBy: 'us' } });
    expect(await adapter.check()).toEqual({ ok: true, value: { account: 'northwind', asked: false } });
    for (const denied of [adapter.listAssessments(), adapter.cancel(makeInvitation()), adapter.readReport(makeInvitation())])
      expect(await denied).toMatchObject({ ok: false, kind: 'misconfigured' });
    expect(http.requests).toEqual([]);
  });

  it('without a key has no webhooks that could be verified, and the check says so', async () => {
    expect(await connect({}, { endpoints: {} }, '').adapter.check()).toMatchObject({ ok: false, kind: 'misconfigured' });
  });
});

describe('Coderbyte with a map', () => {
  it('can do what the map has, and nothing else', () => {
    expect(connect({}).adapter.capabilities).toMatchObject({
      invite: 'api',
      inviteStory: 'unconfirmed',
      listsAssessments: true,
      cancels: true,
      results: 'api',
    });
    const { report } = MAP.endpoints;
    expect(connect({}, { baseUrl: BASE, endpoints: { report } }).adapter.capabilities).toMatchObject({
      invite: 'link',
      inviteStory: 'key',
      listsAssessments: false,
      cancels: false,
      results: 'api',
    });
  });

  it('invites once, with the key in the header and the gaps filled in', async () => {
    const { adapter, http } = connect({ [INVITE]: { status: 201, body: INVITED } });
    expect(await adapter.invite(makeOrder({ handover: 'vendor e-mail' }, { candidateName: null }))).toEqual({
      ok: true,
      value: {
        externalId: '77',
        link: 'https://coderbyte.com/t/secret',
        emailedBy: 'vendor',
        expiresAt: '2026-11-30T05:00:00.000Z',
      },
    });
    expect(http.requests).toEqual([
      {
        method: 'POST',
        url: `${BASE}/tests/senior-swe-1/invites`,
        headers: { Authorization: 'Bearer the-key' },
        json: { org: 'northwind', email: 'ada+jobs@example.com', ref: INVITATION_ID, until: '2026-11-28T12:00:00.000Z' },
        write: true,
      },
    ]);
  });

  it('carries the key as the map says', async () => {
    const map = { ...MAP, authHeader: { name: 'X-Key', value: 'key={key}' } };
    const { adapter, http } = connect({ 'GET /x/tests': { status: 200, body: { data: { rows: [] } } } }, map, 'a$&b');
    await adapter.listAssessments();
    expect(http.requests[0]?.headers).toEqual({ 'X-Key': 'key=a$&b' });
  });

  it.each([
    ['our e-mail', 'us'],
    ['copy link', 'nobody'],
  ] as const)('with %s hands over the link that Coderbyte gave', async (handover, emailedBy) => {
    const { adapter } = connect({ [INVITE]: { status: 201, body: INVITED } });
    expect(await adapter.invite(makeOrder({ handover }))).toMatchObject({ value: { emailedBy, link: INVITED.invite.url } });
  });

  it('whose invitation brought no link to hand over is not said to have failed: the person is invited there', async () => {
    const { adapter } = connect({ [INVITE]: { status: 201, body: {} } });
    expect(await adapter.invite(makeOrder())).toMatchObject({ ok: false, kind: 'ambiguous' });
  });

  it('whose map names no link does not invite when a link has to be handed over', async () => {
    const invite = { ...MAP.endpoints.invite, fields: {} };
    const { adapter, http } = connect({}, { ...MAP, endpoints: { invite } });
    expect(await adapter.invite(makeOrder())).toMatchObject({ ok: false, kind: 'misconfigured' });
    expect(http.requests).toEqual([]);
  });

  it('says of a lost answer that the invitation may be out', async () => {
    const { adapter } = connect({ [INVITE]: 'answer lost' });
    expect(await adapter.invite(makeOrder())).toMatchObject({ ok: false, kind: 'ambiguous' });
  });

  it('sends a live interview that has a link as that link', async () => {
    const { adapter, http } = connect({});
    expect(await adapter.invite(makeOrder({ kind: 'live interview' }))).toMatchObject({ ok: true, value: { emailedBy: 'us' } });
    expect(http.requests).toEqual([]);
  });

  it('lists assessments from where the map says; rows without an id are left out', async () => {
    const rows = [
      { test_id: 'a', display_name: 'Angular', minutes: 90, type: 'take-home project' },
      { assessment_id: 7, minutes: 'N/A', type: 'Interview room' },
      { display_name: 'no id' },
      'noise',
    ];
    const { adapter } = connect({ 'GET /x/tests': { status: 200, body: { data: { rows } } } });
    expect(await adapter.listAssessments()).toEqual({
      ok: true,
      value: [
        { externalId: 'a', name: 'Angular', kind: 'take-home project', durationMinutes: 90 },
        { externalId: '7', name: '7', kind: 'live interview', durationMinutes: null },
      ],
    });
  });

  it('names assessments in plain text, however their names are written there, and one without any by its id', async () => {
    const rows = [
      { test_id: 'a', display_name: '<b>R&amp;D</b>&nbsp;&#8211; &lt;T&gt; <script>alert(1)</script>' },
      { test_id: 'b', display_name: '<p> </p>' },
    ];
    const { adapter } = connect({ 'GET /x/tests': { status: 200, body: { data: { rows } } } });
    const listed = await adapter.listAssessments();
    expect(listed.ok && listed.value.map(({ name }) => name)).toEqual(['R&D – <T>', 'b']);
  });

  it('whose list is elsewhere is found out by the check', async () => {
    const { adapter } = connect({ 'GET /x/tests': { status: 200, body: { rows: [] } } });
    expect(await adapter.check()).toMatchObject({ ok: false, kind: 'unreadable' });
  });

  it.each([
    [{ status: 204 }, { ok: true }],
    [{ status: 404 }, { ok: true }],
    [
      { status: 409, body: { error: 'started' } },
      { ok: false, kind: 'refused' },
    ],
    ['answer lost', { ok: false, kind: 'ambiguous' }],
  ] as const)('cancelling answered with %j gives %j', async (answer, expected) => {
    const { adapter } = connect({ 'DELETE /x/tests/senior-swe-1/invites/ada%2Bjobs%40example.com': answer });
    expect(await adapter.cancel(makeInvitation())).toMatchObject(expected);
  });

  it('reads the report of the person that was invited', async () => {
    const body = { ...(await readFixture('coderbyte/report-trigger-data')), email: 'Ada+Jobs@example.com' };
    const { adapter, http } = connect({ [REPORT]: { status: 200, body } });
    expect(await adapter.readReport(makeInvitation())).toMatchObject({ value: { state: 'scored', result: { verified: true } } });
    expect(http.requests[0]).toMatchObject({ method: 'GET', write: false });
    const stranger = connect({ [REPORT]: { status: 200, body: { ...body, email: 'eve@example.com' } } });
    expect(await stranger.adapter.readReport(makeInvitation())).toMatchObject({ ok: false, kind: 'unreadable' });
  });

  it('looks for the interview when there is no report, and only then', async () => {
    const over = { status: 200, body: { status: 'Completed', vote_decision: 'up' } };
    const { adapter } = connect({ [REPORT]: { status: 404 }, 'GET /x/interviews/w246': over });
    const invitation = makeInvitation({ externalId: 'w246' });
    expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'scored', result: { verdict: 'up' } } });
    const broken = connect({ [REPORT]: { status: 503 } });
    expect(await broken.adapter.readReport(invitation)).toMatchObject({ ok: false, kind: 'unreachable' });
    expect(broken.http.requests).toHaveLength(1);
  });

  it('asks for an interview by the id that an admin entered, when Coderbyte gave none', async () => {
    const over = { status: 200, body: { status: 'Completed', vote_decision: 'up' } };
    const { adapter } = connect({ [REPORT]: { status: 404 }, 'GET /x/interviews/senior-swe-1': over });
    expect(await adapter.readReport(makeInvitation())).toMatchObject({ value: { result: { verdict: 'up' } } });
  });

  it.each([404, 400, 422])(
    'says that there is no report yet, also when a test is refused as an interview: %i',
    async (status) => {
      const { adapter } = connect({ [REPORT]: { status: 404 }, 'GET /x/interviews/senior-swe-1': { status } });
      expect(await adapter.readReport(makeInvitation())).toMatchObject({ ok: false, kind: 'not-found' });
    },
  );

  it('without a base URL, or with a gap that nothing fills, calls nothing', async () => {
    const { endpoints } = MAP;
    const body = { phone: '{phone}' };
    const cases: EndpointMap[] = [
      { endpoints },
      { baseUrl: BASE, endpoints: { invite: { ...endpoints.invite, path: '/x/{phone}' } } },
      { baseUrl: BASE, endpoints: { invite: { ...endpoints.invite, path: '/x/{externalId}' } } },
      { baseUrl: BASE, endpoints: { invite: { ...endpoints.invite, body } } },
    ];
    for (const map of cases) {
      const { adapter, http } = connect({}, map);
      expect(await adapter.invite(makeOrder())).toMatchObject({ ok: false, kind: 'misconfigured' });
      expect(http.requests).toEqual([]);
    }
  });
});
