import { describe, expect, it } from 'vitest';
import type { HackerrankApi } from '../../../../server/vendors/hackerrank/api.ts';
import { cancelTest, extendTest, giveExtraTimeAtTest, resendTest } from '../../../../server/vendors/hackerrank/change.ts';
import { createHackerrankClient } from '../../../../server/vendors/hackerrank/client.ts';
import { cancelInterview, findInterviews, resendInterview } from '../../../../server/vendors/hackerrank/interviews.ts';
import { createFakeHttp, type FakeRoute } from '../../../support/fake-http.ts';
import { INVITATION_ID, makeInvitation } from '../../../support/make-order.ts';
import { readFixture } from '../../../support/read-fixture.ts';

const CANDIDATE = '/x/api/v3/tests/senior-swe-1/candidates/77';
const INTERVIEW = '/x/api/v3/interviews/289187';
const candidate = await readFixture('hackerrank/candidate-scored');
const interview = await readFixture('hackerrank/interview-ended');
const untouched = { ...candidate, status: -1, attempt_starttime: null, attempt_endtime: null };
const ok = (body?: unknown): FakeRoute => ({ status: 200, body });

function connect(routes: Record<string, FakeRoute>) {
  const http = createFakeHttp(routes);
  const apiUrl = 'https://www.hackerrank.com/x/api/v3';
  const client = createHackerrankClient({ http, downloadFrom: () => http, apiUrl, apiKey: 'x' });
  const api: HackerrankApi = { client, findResultAddress: async () => null, now: () => new Date('2026-11-21T12:00:00Z') };
  return { http, api };
}
const invitation = makeInvitation({ externalId: '77' });
const held = makeInvitation({ externalId: '289187', assessmentExternalId: 'interview' });

describe('a test that was begun', () => {
  it('is not taken back and not sent again, though HackerRank might do it', async () => {
    const { http, api } = connect({
      [`GET ${CANDIDATE}`]: ok({ ...candidate, status: 0, attempt_endtime: null }),
      [`DELETE ${CANDIDATE}/invite`]: ok(),
      'POST /x/api/v3/tests/senior-swe-1/candidates': ok({ id: '78' }),
    });
    for (const answer of [await cancelTest(api, invitation), await resendTest(api, invitation)])
      expect(answer).toMatchObject({ ok: false, kind: 'refused' });
    expect(http.requests.filter(({ write }) => write)).toEqual([]);
  });

  it('that is over is not extended', async () => {
    const { api } = connect({ [`PUT ${CANDIDATE}`]: ok(candidate) });
    expect(await extendTest(api, invitation, new Date('2026-12-24T08:00:00Z'))).toMatchObject({ ok: false, kind: 'refused' });
  });
});

describe('an invitation that is out', () => {
  it('says when it is sent again what it said before', async () => {
    const path = 'POST /x/api/v3/tests/senior-swe-1/candidates';
    const metadata = { ats_profile_url: 'https://hire.lever.co/candidates/1', other: 1 };
    const { http, api } = connect({
      [`GET ${CANDIDATE}`]: ok({ ...untouched, invite_metadata: metadata }),
      [path]: ok({ id: '77' }),
    });
    expect(await resendTest(api, invitation)).toEqual({ ok: true, value: undefined });
    expect(http.sent(path).map(({ json }) => json)).toEqual([
      {
        email: 'ada+jobs@example.com',
        send_email: true,
        force: true,
        invite_metadata: { ...metadata, tagalong_invitation: INVITATION_ID },
        invite_valid_to: '2026-11-25T08:00:00+00:00',
      },
    ]);
  });

  it('gets the deadline that HackerRank answers, and extra time in whole percent', async () => {
    const { http, api } = connect({ [`PUT ${CANDIDATE}`]: ok({ ...untouched, invite_valid_to: '2026-12-24T00:00:00+0000' }) });
    const wanted = new Date('2026-12-24T08:00:00.500Z');
    expect(await extendTest(api, invitation, wanted)).toEqual({ ok: true, value: { expiresAt: '2026-12-24T00:00:00.000Z' } });
    await giveExtraTimeAtTest(api, invitation, 33.3);
    expect(http.requests.map(({ json }) => json)).toEqual([
      { invite_valid_to: '2026-12-24T08:00:00+00:00' },
      { accommodations: { additional_time_percent: 33 } },
    ]);
  });
});

describe('an interview', () => {
  const shown = (change: object) =>
    connect({ [`GET ${INTERVIEW}`]: ok({ ...interview, ...change }), [`DELETE ${INTERVIEW}`]: { status: 204 } });

  it.each([
    { status: 'new' },
    { status: 'Scheduled' },
    { status: 0 },
    { status: '0', ended_at: null },
    { status: null, ended_at: null },
    { status: undefined, ended_at: undefined },
  ])('that is still to come is deleted: %o', async (change) => {
    const { http, api } = shown(change);
    expect(await cancelInterview(api, held)).toEqual({ ok: true, value: undefined });
    expect(http.sent(`DELETE ${INTERVIEW}`)).toHaveLength(1);
  });

  it.each([
    [{ status: 'active' }, 'begun'],
    [{ status: 3, ended_at: null }, 'begun'],
    [{ status: 'ended' }, 'held'],
    [{ status: 'completed' }, 'held'],
    [{ status: 2 }, 'held'],
    [{ status: '2', ended_at: null }, 'held'],
    [{ status: null }, 'held'],
    [{ status: null, ended_at: '2026-12-01T12:00:00Z' }, 'held'],
    [{ status: 'evaluated' }, 'held'],
    [{ status: '<b>evaluated</b>', ended_at: null }, '"evaluated"'],
    [{ status: 7, ended_at: null }, '"7"'],
    [{ status: { name: 'ended' }, ended_at: null }, 'held'],
  ])('that began, was held, or of which nobody knows is kept, and says why: %o', async (change, why) => {
    const { http, api } = shown(change);
    const answer = await cancelInterview(api, held);
    expect(answer).toMatchObject({ ok: false, kind: 'refused', detail: expect.stringContaining(why) });
    expect(http.sent(`DELETE ${INTERVIEW}`)).toEqual([]);
  });

  it('that is gone counts as taken back', async () => {
    const gone = connect({ [`GET ${INTERVIEW}`]: { status: 404 } });
    expect(await cancelInterview(gone.api, held)).toEqual({ ok: true, value: undefined });
  });

  it('is sent once more by HackerRank, and found by its candidate', async () => {
    const list = { data: [interview, { ...interview, id: 5, candidate: null }, { id: null }], next: '' };
    const { http, api } = connect({
      [`GET ${INTERVIEW}`]: ok(interview),
      [`PUT ${INTERVIEW}`]: ok(interview),
      'GET /x/api/v3/interviews': ok(list),
    });
    expect(await resendInterview(api, held)).toMatchObject({ ok: true });
    expect(http.sent(`PUT ${INTERVIEW}`)).toMatchObject([{ json: { send_email: true } }]);
    expect(await findInterviews(api, { email: 'ADA@example.com' })).toMatchObject({
      value: [{ externalId: '289187', invitationId: INVITATION_ID, report: { state: 'scored' } }],
    });
    expect(await findInterviews(api, { email: 'nobody@example.com' })).toEqual({ ok: true, value: [] });
  });
});
