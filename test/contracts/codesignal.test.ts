import { afterEach, describe, expect, it } from 'vitest';
import type { InvitationOrder } from '../../server/vendors/port.ts';
import type { CodesignalSettings } from '../simulators/codesignal/settings.ts';
import { makeInvitation, makeOrder } from '../support/make-order.ts';
import { makeCodesignalSubject } from './codesignal-subject.ts';
import { describeVendorContract } from './vendor-contract.ts';

describeVendorContract('codesignal', true, makeCodesignalSubject);

const SECOND_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const HOUR_MS = 3_600_000;

describe('CodeSignal', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  async function setUp(...given: Parameters<typeof makeCodesignalSubject>) {
    const subject = await makeCodesignalSubject(...given);
    closers.push(subject.close);
    const { adapter, codesignal, assessment } = subject;
    const order = (change: Partial<InvitationOrder> = {}) => makeOrder({ ...assessment, handover: 'vendor e-mail' }, change);
    const invite = async (wanted = order()) => {
      const receipt = await adapter.invite(wanted);
      if (!receipt.ok) throw new Error(`${receipt.kind}: ${receipt.detail}`);
      return makeInvitation({
        email: wanted.email,
        assessmentExternalId: wanted.assessment.externalId,
        externalId: receipt.value.externalId,
        handover: 'vendor e-mail',
      });
    };
    return { ...subject, order, invite, sessions: codesignal.sessions, play: codesignal.play, direct: codesignal.direct };
  }

  it('is told our id, whom to write to, and until when; the e-mail is said, because the default is CodeSignal’s', async () => {
    const { invite, order, sessions, codesignal, assessment, adapter } = await setUp();
    await invite();
    expect(sessions()).toMatchObject([
      {
        ...{ email: 'ada+jobs@example.com', firstName: 'Ada', lastName: 'Lovelace', customDurationMs: null },
        ...{ externalId: order().invitationId, expirationDate: Date.parse(order().expiresAt ?? '') },
      },
    ]);
    expect(codesignal.mails()).toHaveLength(1);
    expect(await adapter.invite(makeOrder({ ...assessment, handover: 'copy link' }, { email: 'bob@example.com' }))).toMatchObject(
      {
        value: { emailedBy: 'nobody', link: expect.stringContaining('/test-invitation/') },
      },
    );
    expect(codesignal.mails()).toHaveLength(1);
  });

  it('gives back what is out when it is asked again, writes no second e-mail, and a new one once that is over', async () => {
    const { invite, order, sessions, codesignal, play, sessionIdOf } = await setUp();
    const first = await invite();
    expect((await invite()).externalId).toBe(first.externalId);
    expect(codesignal.mails()).toHaveLength(1);
    play.start({ sessionId: sessionIdOf(first.email) });
    expect((await invite()).externalId).toBe(first.externalId);
    play.submit({ sessionId: sessionIdOf(first.email) });
    const second = await invite(order({ attempt: 2, invitationId: SECOND_ID }));
    expect(second.externalId).not.toBe(first.externalId);
    expect(sessions()).toHaveLength(2);
  });

  it('gives extra time with the invitation and later, as a share of the test’s own time; none is that time again', async () => {
    const { adapter, order, invite, sessions } = await setUp();
    const invitation = await invite(order({ extraTimePercent: 50 }));
    const minutes = () => (sessions()[0]?.customDurationMs ?? 0) / 60_000;
    expect(minutes()).toBe(105);
    for (const [percent, now] of [
      [100, 140],
      [0, 70],
    ] as const) {
      expect(await adapter.operations.giveExtraTime?.(invitation, percent)).toMatchObject({ ok: true });
      expect(minutes()).toBe(now);
    }
  });

  it('gives the extra time also to an invitation that was there already, and says when it could not', async () => {
    const { adapter, order, sessions, play, tests, direct } = await setUp();
    play.invite({ testId: tests.backend, email: order().email });
    expect(await adapter.invite(order({ extraTimePercent: 50 }))).toMatchObject({ ok: true });
    expect(sessions()).toMatchObject([{ customDurationMs: 105 * 60_000 }]);
    direct.failNext({ text: 'editCompanyTestSessionDuration', kind: 'status', status: 422 });
    expect(await adapter.invite(order({ extraTimePercent: 25 }))).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(sessions()).toHaveLength(1);
  });

  it('of which the id was never told is found by test, address and time; what is older is somebody else’s', async () => {
    const { adapter, order, play, tests, passTime, sessions } = await setUp();
    play.invite({ testId: tests.backend, email: order().email });
    passTime(24 * HOUR_MS);
    const createdAt = '2026-11-22T12:00:00.000Z';
    const unknown = makeInvitation({ assessmentExternalId: tests.backend, email: order().email.toUpperCase(), createdAt });
    expect(await adapter.readReport(unknown)).toMatchObject({ ok: false, kind: 'not-found' });
    expect(await adapter.cancel(unknown)).toMatchObject({ ok: true });
    expect(sessions()).toMatchObject([{ status: 'pending' }]);
    play.decline({ sessionId: sessions()[0]?.id ?? '' });
    await adapter.invite(order());
    expect(await adapter.readReport(unknown)).toMatchObject({ value: { state: 'sent' } });
    expect(await adapter.cancel(unknown)).toMatchObject({ ok: true });
    expect(sessions()).toMatchObject([{ status: 'declined' }, { status: 'deleted' }]);
  });

  it('finds invitations on every page, and goes through none of a test with very many', async () => {
    const { adapter, order, play, tests, calls } = await setUp();
    play.invite({ testId: tests.backend, email: order().email });
    for (let n = 0; n < 44; n++) play.invite({ testId: tests.backend, email: `p${n}@example.com` });
    const query = { assessmentExternalId: tests.backend, email: order().email };
    expect(await adapter.operations.findInvitations?.(query)).toMatchObject({ value: [{ invitationId: null }] });
    for (let n = 44; n < 500; n++) play.invite({ testId: tests.backend, email: `p${n}@example.com` });
    const before = calls();
    expect(await adapter.operations.findInvitations?.(query)).toMatchObject({ ok: false, kind: 'unreadable' });
    expect(calls()).toBe(before + 1);
    // It goes out all the same: preferExisting finds what is there.
    expect(await adapter.invite(order())).toMatchObject({ ok: true });
    expect(await adapter.operations.findInvitations?.({ ...query, assessmentExternalId: 'gone' })).toMatchObject({
      ok: false,
      kind: 'not-found',
    });
  });

  it('moves a deadline on and not back; a candidate is told of a cancellation where an admin wants it', async () => {
    const { adapter, invite, order, codesignal } = await setUp({}, { tellCancelled: true });
    const invitation = await invite();
    const sooner = new Date(Date.parse(order().expiresAt ?? '') - HOUR_MS);
    expect(await adapter.operations.extend?.(invitation, sooner)).toMatchObject({ ok: false, kind: 'refused' });
    expect(await adapter.cancel(invitation)).toMatchObject({ ok: true });
    expect(codesignal.mails().map(({ what }) => what)).toEqual(['invitation', 'cancellation']);
    expect(await adapter.operations.resend?.(invitation)).toMatchObject({ ok: false, kind: 'refused' });
  });

  it.each<[Partial<CodesignalSettings>, string]>([
    [{ permissions: ['companyTests'] }, 'forbidden'],
    [{ apiInPlan: false }, 'unauthorised'],
    [{ badKey: 'errors', apiInPlan: false }, 'unauthorised'],
  ])('that allows only %j says so', async (settings, kind) => {
    const { adapter, order, sessions, direct } = await setUp();
    direct.configure(settings);
    expect(await adapter.invite(order())).toMatchObject({ ok: false, kind });
    // Live interviews are switched on, so that the key has to be allowed to see them.
    expect(await adapter.check()).toMatchObject({ ok: false, kind });
    expect(sessions()).toEqual([]);
  });

  it.each(['errors', 'status'] as const)(
    'whose limit is reached, told by %s, asks for patience and does nothing',
    async (limited) => {
      const { adapter, order, sessions } = await setUp({ mutationsPerSecond: 1, limited });
      expect(await adapter.invite(order())).toMatchObject({ ok: true });
      const answer = await adapter.invite(order({ email: 'bob@example.com' }));
      expect(answer).toMatchObject({ ok: false, kind: 'rate-limited' });
      expect(sessions()).toHaveLength(1);
    },
  );

  it.each(['null', 'error'] as const)('says that a session is gone by %s', async (missing) => {
    const { adapter, invite } = await setUp({ missing });
    const invitation = { ...(await invite()), externalId: 'gone' };
    expect(await adapter.readReport(invitation)).toMatchObject({ ok: false, kind: 'not-found' });
    expect(await adapter.cancel(invitation)).toMatchObject({ ok: true });
  });

  it('has live interviews: one room for a person, whatever is asked twice; no e-mail of its own; taken back before it begins', async () => {
    const { adapter, codesignal } = await setUp();
    const room = { vendor: 'codesignal', externalId: 'live-interview', kind: 'live interview', handover: 'copy link' } as const;
    const byMail = { ...room, handover: 'vendor e-mail' } as const;
    expect(await adapter.invite(makeOrder(byMail))).toMatchObject({ ok: false, kind: 'misconfigured' });
    expect(await adapter.invite(makeOrder({ ...room, externalId: 'pairing' }))).toMatchObject({
      ok: false,
      kind: 'misconfigured',
    });
    const receipts = [await adapter.invite(makeOrder(room)), await adapter.invite(makeOrder(room))];
    expect(codesignal.interviews()).toMatchObject([{ candidateEmail: 'ada+jobs@example.com', candidateName: 'Ada Lovelace' }]);
    const [interview] = codesignal.interviews();
    const receipt = { externalId: interview?.id, link: expect.stringContaining('/live-interview/'), emailedBy: 'nobody' };
    for (const given of receipts) expect(given).toMatchObject({ value: receipt });
    const invitation = makeInvitation({ assessmentExternalId: 'live-interview', externalId: interview?.id ?? '' });
    expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'sent' } });
    expect(await adapter.readReport({ ...invitation, externalId: null })).toMatchObject({ value: { state: 'sent' } });
    expect(adapter.operations.lacks?.(invitation)).toEqual(['resend', 'giveExtraTime']);
    expect(adapter.operations.lacks?.(makeInvitation())).toEqual([]);
    expect(await adapter.operations.resend?.(invitation)).toMatchObject({ ok: false });
    expect(await adapter.operations.giveExtraTime?.(invitation, 50)).toMatchObject({ ok: false });
    const query = { assessmentExternalId: 'live-interview', email: invitation.email };
    expect(await adapter.operations.findInvitations?.(query)).toMatchObject({ value: [{ externalId: interview?.id }] });
    for (let n = 0; n < 2; n++) expect(await adapter.cancel(invitation)).toMatchObject({ ok: true });
    expect(codesignal.interviews()).toEqual([]);
    expect(await adapter.readReport(invitation)).toMatchObject({ ok: false, kind: 'not-found' });
  });

  it('gives another try by itself where the technology failed: that one is read in its place, and is not another one’s', async () => {
    const { adapter, invite, play, sessions, tests, order, sessionIdOf } = await setUp();
    const proctored = order({ assessment: { ...order().assessment, externalId: tests.proctored } });
    const invitation = await invite(proctored);
    const take = (share: number) => {
      const sessionId = sessionIdOf(invitation.email);
      play.start({ sessionId });
      play.submit({ sessionId, share });
      return sessionId;
    };
    const state = async () => await adapter.readReport(invitation);
    const failed = take(0);
    expect(await state()).toMatchObject({ value: { state: 'submitted', result: null } });
    play.reject({ sessionId: failed, technical: true });
    expect(sessions()).toHaveLength(2);
    expect(await state()).toMatchObject({ value: { state: 'sent', result: null } });
    play.verify({ sessionId: take(1) });
    expect(await state()).toMatchObject({
      value: { state: 'scored', result: { status: 'final', score: { value: 600, max: 600 } } },
    });
  });

  it('is reactivated as a new session: what is read and changed from then on is that one', async () => {
    const { adapter, invite, play, sessions, sessionIdOf, codesignal } = await setUp();
    const invitation = await invite();
    const { operations } = adapter;
    const sessionId = sessionIdOf(invitation.email);
    play.expire({ sessionId });
    expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'expired' } });
    play.reactivate({ sessionId });
    const fresh = () => sessions()[1];
    expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'sent' } });
    const mails = codesignal.mails().length;
    expect(await operations.resend?.(invitation)).toMatchObject({ ok: true });
    expect(codesignal.mails()).toHaveLength(mails + 1);
    expect(await operations.giveExtraTime?.(invitation, 50)).toMatchObject({ ok: true });
    expect(fresh()).toMatchObject({ customDurationMs: 105 * 60_000 });
    const later = new Date((fresh()?.expirationDate ?? 0) + HOUR_MS);
    expect(await operations.extend?.(invitation, later)).toMatchObject({ ok: true });
    expect(fresh()).toMatchObject({ expirationDate: later.getTime() });
    play.start({ sessionId: fresh()?.id ?? '' });
    expect(await adapter.cancel(invitation)).toMatchObject({ ok: false, kind: 'refused' });
    play.submit({ sessionId: fresh()?.id ?? '', share: 1 });
    expect(await adapter.readReport(invitation)).toMatchObject({
      value: { state: 'scored', result: { status: 'final', score: { value: 600, max: 600 } } },
    });
  });

  it('is taken back where it was reactivated before', async () => {
    const { adapter, invite, play, sessions, sessionIdOf } = await setUp();
    const invitation = await invite();
    const sessionId = sessionIdOf(invitation.email);
    play.expire({ sessionId });
    play.reactivate({ sessionId });
    expect(await adapter.cancel(invitation)).toMatchObject({ ok: true });
    expect(sessions()).toMatchObject([{ status: 'expired' }, { status: 'deleted' }]);
  });

  it('whose sessions lead to each other in a circle is read all the same, and each of them once', async () => {
    const { adapter, direct, calls } = await setUp();
    const session = (id: string, newSessionId: string) => {
      const companyTestSession = { id, status: 'expired', reactivatedSession: { newSessionId } };
      direct.failNext({ text: `"id":"${id}"`, times: 100, kind: 'status', status: 200, body: { data: { companyTestSession } } });
    };
    session('A', 'B');
    session('B', 'A');
    const before = calls();
    expect(await adapter.readReport(makeInvitation({ externalId: 'A' }))).toMatchObject({ value: { state: 'expired' } });
    expect(calls()).toBe(before + 2);
  });

  it.each(['null', 'error'] as const)('whose next session is gone, told by %s, is the one before', async (missing) => {
    const { adapter, direct } = await setUp({ missing });
    const companyTestSession = { id: 'A', status: 'expired', reactivatedSession: { newSessionId: 'gone' } };
    direct.failNext({ text: '"id":"A"', kind: 'status', status: 200, body: { data: { companyTestSession } } });
    expect(await adapter.readReport(makeInvitation({ externalId: 'A' }))).toMatchObject({ value: { state: 'expired' } });
  });

  it.each([
    [400, [{ message: 'Bad query', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]],
    [200, [{ message: 'Cannot query field "reactivatedSession" on type "CompanyTestSession".' }]],
  ])('that does not know of reactivated sessions, told by %i, is asked without them', async (status, errors) => {
    const { adapter, invite, play, sessions, sessionIdOf, direct } = await setUp();
    const invitation = await invite();
    direct.failNext({ text: 'reactivatedSession', times: 100, kind: 'status', status, body: { errors } });
    play.start({ sessionId: sessionIdOf(invitation.email) });
    expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'started' } });
    expect(await adapter.operations.giveExtraTime?.(invitation, 50)).toMatchObject({ ok: true });
    expect(sessions()).toMatchObject([{ customDurationMs: 105 * 60_000 }]);
  });

  it('lists live interviews only where they are in the plan', async () => {
    const { adapter } = await setUp({}, {});
    const listed = await adapter.listAssessments();
    expect(listed.ok && listed.value.map(({ kind }) => kind)).toEqual(['test', 'test']);
  });

  it('keeps key, address, link and token out of the log', async () => {
    const { adapter, invite, play, sessionIdOf, codesignal, logged } = await setUp();
    const invitation = await invite();
    play.start({ sessionId: sessionIdOf(invitation.email) });
    play.submit({ sessionId: sessionIdOf(invitation.email) });
    await adapter.readReport(invitation);
    play.rotateKey();
    await adapter.check();
    expect(logged()).toContain('/graphql');
    const [session] = codesignal.sessions();
    for (const secret of ['Bearer', 'ada+jobs', session?.key ?? '?', session?.result?.accessToken ?? '?', codesignal.apiKey()])
      expect(logged()).not.toContain(secret);
  });
});
