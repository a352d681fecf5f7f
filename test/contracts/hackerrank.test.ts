import { afterEach, describe, expect, it } from 'vitest';
import type { InvitationOrder } from '../../server/vendors/port.ts';
import type { HackerrankCandidate } from '../simulators/hackerrank/types.ts';
import { INVITATION_ID, makeInvitation, makeOrder } from '../support/make-order.ts';
import { makeHackerrankSubject } from './hackerrank-subject.ts';
import { describeVendorContract } from './vendor-contract.ts';

describeVendorContract('hackerrank', true, () => makeHackerrankSubject());

const SECOND_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
type SubjectOptions = Parameters<typeof makeHackerrankSubject>[0];

describe('a HackerRank account', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  async function setUp(options: SubjectOptions = {}) {
    const subject = await makeHackerrankSubject(options);
    closers.push(subject.close);
    const order = (change: Partial<InvitationOrder> = {}, assessment: object = {}) =>
      makeOrder({ ...subject.assessment, handover: 'copy link', ...assessment }, change);
    const toInvitation = ({ invitationId: id, email, attempt, assessment }: InvitationOrder, externalId: string | null) =>
      makeInvitation({ id, email, person: email, attempt, externalId, assessmentExternalId: assessment.externalId });
    const invite = async (given = order()) => {
      const receipt = await subject.adapter.invite(given);
      if (!receipt.ok) throw new Error(`${receipt.kind}: ${receipt.detail}`);
      return toInvitation(given, receipt.value.externalId);
    };
    const candidate = (): HackerrankCandidate => {
      const found = subject.hackerrank.candidates().at(-1);
      if (!found) throw new Error('nobody was invited');
      return { ...found };
    };
    return { ...subject, order, invite, toInvitation, candidate };
  }
  const sentTo = (hackerrank: Awaited<ReturnType<typeof setUp>>['hackerrank'], email: string) =>
    hackerrank.mails().filter(({ to }) => to === email);

  describe('an invitation', () => {
    it('carries our id, the deadline, the extra time, the message and where its result goes', async () => {
      const { invite, order, candidate } = await setUp();
      await invite(order({ extraTimePercent: 25 }));
      expect(candidate()).toMatchObject({
        fullName: 'Ada Lovelace',
        metadata: { tagalong_invitation: INVITATION_ID, ats_profile_url: 'https://hire.lever.co/candidates/1' },
        validTo: new Date('2026-11-28T12:00:00.000Z'),
        additionalTimePercent: 25,
        takesUpdates: true,
        resultUrl: 'https://tagalong.example/hooks/result',
        authentication: { type: 'bearer_token' },
        isMailed: false,
      });
    });

    it('is mailed by HackerRank only where that is wanted, which is said in every case', async () => {
      const { invite, order, hackerrank } = await setUp();
      const bodies = () => hackerrank.journal.list({ kind: 'api' }).map(({ detail }) => detail);
      for (const [handover, email] of [
        ['vendor e-mail', 'vendor@example.com'],
        ['our e-mail', 'us@example.com'],
        ['copy link', 'nobody@example.com'],
      ] as const)
        await invite(order({ email }, { handover }));
      expect(hackerrank.mails().map(({ to, message }) => ({ to, message }))).toEqual([
        { to: 'vendor@example.com', message: 'See you soon' },
      ]);
      expect(JSON.stringify(bodies()).match(/send_email/g)).toHaveLength(3);
    });

    it('has a bearer that no other invitation has', async () => {
      const { invite, order, hackerrank } = await setUp();
      await invite();
      await invite(order({ invitationId: SECOND_ID, email: 'other@example.com' }));
      const bearers = hackerrank.candidates().map(({ authentication }) => JSON.stringify(authentication));
      expect(new Set(bearers).size).toBe(2);
    });

    it('names no address for its result while webhooks cannot reach us', async () => {
      const { invite, candidate } = await setUp({ isUnreachable: true });
      await invite();
      expect(candidate()).toMatchObject({ resultUrl: null, authentication: null, takesUpdates: false });
    });

    it('whose answer was lost is found by our id, and sent again neither by looking nor by inviting', async () => {
      const { adapter, order, hackerrank, loseNextAnswer } = await setUp();
      const wanted = order({}, { handover: 'vendor e-mail' });
      await loseNextAnswer();
      expect(await adapter.invite(wanted)).toMatchObject({ ok: false, kind: 'ambiguous' });
      const [there] = hackerrank.candidates();
      const receipt = { ok: true, value: { externalId: there?.id, emailedBy: 'vendor' } };
      expect(await adapter.findInvitation(wanted)).toMatchObject(receipt);
      expect(await adapter.invite(wanted)).toMatchObject(receipt);
      expect(hackerrank.candidates()).toHaveLength(1);
      expect(sentTo(hackerrank, wanted.email)).toHaveLength(1);
    });

    it('that was taken back is not found as one that is out', async () => {
      const { adapter, invite, order } = await setUp();
      expect(await adapter.cancel(await invite())).toMatchObject({ ok: true });
      expect(await adapter.findInvitation(order())).toEqual({ ok: true, value: null });
    });

    it('that was made by hand is refused a second time, is listed as nobody’s, and is not taken for ours', async () => {
      const { adapter, order, hackerrank, tests } = await setUp();
      const { email } = order();
      hackerrank.play.invite({ testId: tests.backend, email, fullName: null });
      const refused = { ok: false, kind: 'refused', detail: expect.stringContaining('already been invited') };
      expect(await adapter.invite(order())).toMatchObject(refused);
      expect(await adapter.findInvitation(order())).toEqual({ ok: true, value: null });
      const found = await adapter.operations.findInvitations?.({ assessmentExternalId: tests.backend, email });
      expect(found).toMatchObject({ value: [{ invitationId: null, email, report: { state: 'sent' } }] });
      expect(sentTo(hackerrank, email)).toHaveLength(1);
    });

    it('for somebody who has one for another application is refused, and nothing goes out twice', async () => {
      const { adapter, invite, order, hackerrank } = await setUp();
      await invite(order({}, { handover: 'vendor e-mail' }));
      const second = order({ invitationId: SECOND_ID }, { handover: 'vendor e-mail' });
      expect(await adapter.invite(second)).toMatchObject({ ok: false, kind: 'refused' });
      expect(sentTo(hackerrank, second.email)).toHaveLength(1);
    });

    it('is no invitation at a draft, and is one at a locked test', async () => {
      const { adapter, order, tests, hackerrank } = await setUp();
      expect(await adapter.invite(order({}, { externalId: tests.draft }))).toMatchObject({ ok: false, kind: 'refused' });
      expect(await adapter.invite(order({}, { externalId: tests.locked }))).toMatchObject({ ok: true });
      for (const externalId of [tests.foreign, 'never-a-test'])
        expect(await adapter.invite(order({}, { externalId }))).toMatchObject({ ok: false, kind: 'not-found' });
      expect(hackerrank.candidates()).toHaveLength(1);
    });

    it('reaches no other path with an id that would climb', async () => {
      const { adapter, order, calls } = await setUp();
      const before = calls();
      for (const externalId of ['..', '.'])
        expect(await adapter.invite(order({}, { externalId }))).toMatchObject({ ok: false, kind: 'misconfigured' });
      expect(calls()).toBe(before);
    });
  });

  describe('a retake', () => {
    it('is a new attempt; the earlier one and its report stay', async () => {
      const { adapter, invite, order, start, finish, hackerrank } = await setUp();
      const first = await invite();
      await start(order());
      await finish(order());
      const again = order({ invitationId: SECOND_ID, attempt: 2 });
      const second = await invite(again);
      expect(second.externalId).not.toBe(first.externalId);
      expect(await adapter.readReport(first)).toMatchObject({ value: { state: 'scored' } });
      expect(await adapter.readReport(second)).toMatchObject({ value: { state: 'sent', result: null } });
      expect(hackerrank.candidates()).toHaveLength(2);
    });

    it('of one that was never begun takes its place, and the first is not told the second’s result', async () => {
      const { adapter, invite, order, expire, start, finish } = await setUp();
      const first = await invite();
      await expire(order());
      const again = order({ invitationId: SECOND_ID, attempt: 2 });
      const second = await invite(again);
      await start(again);
      await finish(again);
      expect(await adapter.readReport(second)).toMatchObject({ value: { state: 'scored' } });
      expect(await adapter.readReport(first)).toMatchObject({ ok: false, kind: 'not-found' });
    });
  });

  describe('the list', () => {
    it('says what is a draft, locked or archived, and offers an interview besides', async () => {
      const { adapter } = await setUp();
      const listed = await adapter.listAssessments();
      expect(listed.ok && Object.fromEntries(listed.value.map(({ name, state }) => [name, state]))).toEqual({
        'Backend engineer': 'active',
        'Frontend engineer': 'active',
        'Data engineer (draft)': 'draft',
        'Platform engineer': 'locked',
        'Backend engineer 2024': 'archived',
        'Live interview': 'active',
      });
    });

    it('is read to its end, page after page, and from no other host', async () => {
      const { adapter, hackerrank, calls } = await setUp();
      for (let n = 0; n < 220; n++) hackerrank.play.createTest({ name: `Test ${n}` });
      const before = calls();
      const listed = await adapter.listAssessments();
      expect(listed.ok && listed.value).toHaveLength(5 + 220 + 1);
      expect(calls() - before).toBe(3);
    });
  });

  describe('a report', () => {
    it('has HackerRank’s percentage, its points without a maximum, and passes by the test’s own cutoff', async () => {
      const { adapter, invite, order, start, hackerrank, tests } = await setUp();
      const read = async (testId: string, score: number, email: string) => {
        const given = order({ email }, { externalId: testId });
        const invitation = await invite(given);
        await start(given);
        hackerrank.play.submit({ candidateId: invitation.externalId ?? '', score });
        const report = await adapter.readReport(invitation);
        return report.ok ? report.value.result : null;
      };
      expect(await read(tests.backend, 70, 'a@example.com')).toMatchObject({
        score: { value: 70, max: 100 },
        passed: { value: true, basis: 'cutoff' },
      });
      expect(await read(tests.backend, 69, 'b@example.com')).toMatchObject({ passed: { value: false, basis: 'cutoff' } });
      const without = await read(tests.frontend, 75, 'c@example.com');
      expect(without).toMatchObject({ score: { value: 50, max: 100 } });
      expect(without).not.toHaveProperty('passed');
      expect(without?.breakdown).toContainEqual({
        kind: 'section',
        name: 'Points',
        score: { value: 75, max: null },
        rating: null,
      });
      expect(without?.breakdown).toContainEqual(expect.objectContaining({ kind: 'task', name: 'Rate limiter' }));
    });

    it('is not there before HackerRank has made it, and is no zero', async () => {
      const { adapter, invite, order, start, hackerrank } = await setUp();
      const invitation = await invite();
      await start(order());
      hackerrank.play.submit({ candidateId: invitation.externalId ?? '', processing: true });
      expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'submitted', result: null } });
      hackerrank.play.finishProcessing({ candidateId: invitation.externalId ?? '' });
      expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'scored' } });
    });

    it('that was deleted erases nothing: there is no result to take its place', async () => {
      const { adapter, invite, order, start, finish, hackerrank } = await setUp();
      const invitation = await invite();
      await start(order());
      await finish(order());
      hackerrank.play.deleteReport({ candidateId: invitation.externalId ?? '' });
      expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'submitted', result: null } });
    });

    it('never has the address that opens without a login, the candidate’s link, or an answer', async () => {
      const { adapter, invite, order, start, finish, candidate, logged } = await setUp();
      const invitation = await invite();
      await start(order());
      await finish(order());
      const report = JSON.stringify(await adapter.readReport(invitation));
      expect(report).toContain('/report');
      for (const secret of [candidate().authKey, candidate().loginKey, 'rows.length']) expect(report).not.toContain(secret);
      for (const secret of [candidate().authKey, candidate().loginKey, 'ada+jobs', INVITATION_ID, 'Bearer'])
        expect(logged()).not.toContain(secret);
    });

    it('of an invitation whose answer was lost is found by our id', async () => {
      const { adapter, order, toInvitation, loseNextAnswer, start, finish } = await setUp();
      await loseNextAnswer();
      await adapter.invite(order());
      await start(order());
      await finish(order());
      expect(await adapter.readReport(toInvitation(order(), null))).toMatchObject({ value: { state: 'scored' } });
    });
  });

  describe.each(['words', 'numbers', 'client words'] as const)('an interview whose state is told in %s', (interviewStatus) => {
    const made = async () => {
      const account = await setUp({ settings: { interviewStatus } });
      const invitation = await account.invite(account.order({}, { externalId: 'interview', kind: 'live interview' }));
      const { email } = invitation;
      return { ...account, invitation, email, interviewId: invitation.externalId ?? '' };
    };

    it('is over once it was held, also among those found, and is not deleted any more', async () => {
      const { adapter, invitation, email, interviewId, hackerrank } = await made();
      hackerrank.play.startInterview({ interviewId });
      expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'started', result: null } });
      expect(await adapter.cancel(invitation)).toMatchObject({ ok: false, kind: 'refused' });
      hackerrank.play.endInterview({ interviewId, feedback: 'Asks before building.', thumbsUp: 1 });
      const report = { state: 'scored', result: { verdict: 'up', comment: 'Asks before building.' } };
      expect(await adapter.readReport(invitation)).toMatchObject({ value: report });
      const found = await adapter.operations.findInvitations?.({ assessmentExternalId: 'interview', email });
      expect(found).toMatchObject({ value: [{ externalId: interviewId, report }] });
      expect(await adapter.cancel(invitation)).toMatchObject({ ok: false, kind: 'refused' });
      expect(hackerrank.interviews()).toHaveLength(1);
    });

    it('is deleted while it is still to come', async () => {
      const { adapter, invitation, hackerrank } = await made();
      expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'sent', result: null } });
      expect(await adapter.cancel(invitation)).toMatchObject({ ok: true });
      expect(hackerrank.interviews()).toEqual([]);
    });
  });

  describe('what is changed later', () => {
    it('is neither taken back nor sent again once it was begun, and a result that comes after all is read', async () => {
      const { adapter, invite, order, start, finish, hackerrank } = await setUp();
      const invitation = await invite(order({}, { handover: 'vendor e-mail' }));
      await start(order());
      expect(await adapter.cancel(invitation)).toMatchObject({ ok: false, kind: 'refused' });
      expect(await adapter.operations.resend?.(invitation)).toMatchObject({ ok: false, kind: 'refused' });
      await finish(order());
      expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'scored' } });
      expect(sentTo(hackerrank, invitation.email)).toHaveLength(1);
    });

    it('is taken back by our id where HackerRank’s was never told', async () => {
      const { adapter, order, toInvitation, loseNextAnswer, openInvitations } = await setUp();
      await loseNextAnswer();
      await adapter.invite(order());
      expect(openInvitations(order().email)).toBe(1);
      expect(await adapter.cancel(toInvitation(order(), null))).toMatchObject({ ok: true });
      expect(openInvitations(order().email)).toBe(0);
    });

    it('is gone or said to be invalid after it was taken back, and either way taken back', async () => {
      for (const cancelled of ['kept', 'gone'] as const) {
        const { adapter, invite } = await setUp({ settings: { cancelled } });
        const invitation = await invite();
        for (let n = 0; n < 2; n++) expect(await adapter.cancel(invitation)).toMatchObject({ ok: true });
        const report = await adapter.readReport(invitation);
        expect(report).toMatchObject(cancelled === 'kept' ? { value: { state: 'cancelled' } } : { ok: false, kind: 'not-found' });
      }
    });

    it('keeps deadline, name, extra time, our id and the address of the result when it is sent once more', async () => {
      const { adapter, invite, order, candidate, hackerrank } = await setUp();
      const invitation = await invite(order({ extraTimePercent: 50 }, { handover: 'vendor e-mail' }));
      const before = candidate();
      expect(await adapter.operations.resend?.(invitation)).toMatchObject({ ok: true });
      expect(candidate()).toEqual(before);
      expect(sentTo(hackerrank, invitation.email)).toHaveLength(2);
    });

    it('is the deadline, the extra time, and the extra time taken away again', async () => {
      const { adapter, invite, candidate } = await setUp();
      const invitation = await invite();
      await adapter.operations.extend?.(invitation, new Date('2026-12-24T08:00:00Z'));
      expect(candidate().validTo).toEqual(new Date('2026-12-24T08:00:00Z'));
      for (const percent of [50, 50, 0]) {
        expect(await adapter.operations.giveExtraTime?.(invitation, percent)).toMatchObject({ ok: true });
        expect(candidate().additionalTimePercent).toBe(percent || null);
      }
    });

    it('is what became of the candidate, in HackerRank’s words only, and its echo changes nothing', async () => {
      const { adapter, invite, order, start, finish, candidate, webhooks, now, lastDelivery } = await setUp();
      const invitation = await invite();
      await start(order());
      await finish(order());
      const before = await adapter.readReport(invitation);
      const tell = (word: string) =>
        adapter.operations.tellOutcome?.(invitation, { outcome: { nextStep: 'advanced', offerStatus: 'extended' }, word });
      expect(await tell('offer SENT')).toMatchObject({ ok: true });
      expect(candidate().atsState).toBe(7);
      const echo = await lastDelivery();
      const verdict = webhooks.verifyDelivery(echo.request, [echo.secret], now(), null);
      expect(verdict).toMatchObject({ kind: 'authentic' });
      expect(await adapter.readReport(invitation)).toEqual(before);
      expect(await tell('Promoted')).toMatchObject({ ok: false, kind: 'misconfigured' });
      expect(candidate().atsState).toBe(7);
    });
  });

  describe('a webhook', () => {
    it.each(['candidate', 'enveloped', 'empty'] as const)(
      'names the invitation whatever stands in its body: %s',
      async (body) => {
        const { invite, order, start, finish, webhooks, now } = await setUp({ settings: { webhookBody: body } });
        await invite();
        await start(order());
        const delivery = await finish(order());
        if (!delivery) throw new Error('nothing was told');
        const verdict = webhooks.verifyDelivery(delivery.request, [delivery.secret], now(), null);
        const hints = verdict.kind === 'authentic' ? webhooks.toHints(verdict.body, now()) : [];
        expect(hints).toMatchObject([{ invitationId: INVITATION_ID, event: 'result' }]);
        expect(hints[0]?.claim.state).toBe(body === 'empty' ? 'sent' : 'scored');
        expect(JSON.stringify(hints)).not.toMatch(/82|authkey/);
      },
    );

    it('about another person than its bearer says is about the bearer’s', async () => {
      const { invite, order, start, finish, webhooks, now } = await setUp();
      await invite();
      await start(order());
      const delivery = await finish(order());
      if (!delivery) throw new Error('nothing was told');
      const body = Buffer.from(JSON.stringify({ id: '1', status: 7, invite_metadata: { tagalong_invitation: SECOND_ID } }));
      const verdict = webhooks.verifyDelivery({ ...delivery.request, body }, [delivery.secret], now(), null);
      const hints = verdict.kind === 'authentic' ? webhooks.toHints(verdict.body, now()) : [];
      expect(hints.map(({ invitationId }) => invitationId)).toEqual([INVITATION_ID]);
    });
  });

  describe('a report as a file', () => {
    const finished = async (options: SubjectOptions = {}) => {
      const account = await setUp(options);
      const invitation = await account.invite();
      await account.start(account.order());
      await account.finish(account.order());
      return { ...account, read: () => account.adapter.operations.readReportFile?.(invitation) };
    };

    it('that is still made is asked for later', async () => {
      const { read } = await finished({ settings: { pdfNotReady: 1 } });
      expect(await read()).toMatchObject({ ok: false, kind: 'unreachable' });
      expect(await read()).toMatchObject({ ok: true, value: { name: expect.stringMatching(/\.pdf$/) } });
    });

    it('that is no PDF is not passed on', async () => {
      const { read, hackerrank } = await finished();
      hackerrank.direct.failNext({ path: 'pdf', kind: 'html', status: 200 });
      expect(await read()).toMatchObject({ ok: false, kind: 'unreadable' });
    });
  });

  describe('a key', () => {
    it('that is wrong, was exchanged, or whose plan has no API, is told apart and invites nobody', async () => {
      const wrong = await setUp({ apiKey: 'never-a-key' });
      for (const answer of [await wrong.adapter.check(), await wrong.adapter.invite(wrong.order())])
        expect(answer).toMatchObject({ ok: false, kind: 'unauthorised' });
      const { adapter, order, invite, hackerrank } = await setUp();
      const invitation = await invite();
      for (const account of ['no-api', 'locked'] as const) {
        hackerrank.direct.configure({ account });
        for (const answer of [await adapter.check(), await adapter.invite(order()), await adapter.readReport(invitation)])
          expect(answer).toMatchObject({ ok: false, kind: 'forbidden' });
      }
      hackerrank.direct.configure({ account: 'active' });
      hackerrank.play.rotateKey();
      expect(await adapter.check()).toMatchObject({ ok: false, kind: 'unauthorised' });
      expect(hackerrank.candidates()).toHaveLength(1);
    });
  });
});
