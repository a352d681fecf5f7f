/**
 * The promises of server/vendors/port.ts, checked against any adapter and its simulator. A new vendor writes a VendorContractSubject
 * (verbs of a candidate at the vendor, a broken network, signed deliveries) and calls `describeVendorContract`; see byteboard.test.ts.
 * What an adapter's capabilities deny is checked to be denied.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Assessment } from '../../lib/domain/assessment.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { CallResult } from '../../server/outbound/outcome.ts';
import type { InvitationOrder, InvitationReceipt, VendorAdapter, VendorHint, VendorWebhooks } from '../../server/vendors/port.ts';
import type { WebhookRequest } from '../../server/webhooks/verdict.ts';
import { makeInvitation, makeOrder } from '../support/make-order.ts';
import type { Breakage, SignedDelivery } from './ats-contract.ts';
import { claimsOf, OPERATIONS } from './vendor-claims.ts';

type Claim = keyof VendorAdapter['capabilities'] | (typeof OPERATIONS)[number];

/** One adapter, wired through the real HTTP client to its own fresh simulator; both use the subject's clock. */
export interface VendorContractSubject {
  adapter: VendorAdapter;
  webhooks: VendorWebhooks;
  /** The vendor's name of our organisation, where one is bound. */
  account: string | null;
  now(): Date;
  /** Moves the clock of adapter and simulator. */
  passTime(ms: number): void;
  /** Something the vendor offers, ready to be sent. */
  assessment: Partial<Assessment>;
  /** Nobody can be invited there without the address of a profile. */
  needsProfile?: true;

  /** How many calls of ours the vendor has seen. */
  calls(): number;
  /** How many open invitations the vendor has for this person. Only asked of vendors that invite by API. */
  openInvitations(email: string): number;

  /** The candidate follows the invitation and begins; answers what the vendor then tells us, null when it tells nothing by itself. */
  start(order: InvitationOrder): Promise<SignedDelivery | null>;
  /** The candidate, who has begun, hands in good work and the vendor is done with it. */
  finish(order: InvitationOrder): Promise<SignedDelivery | null>;
  /** Something about the result changes after it was told. Only asked of a vendor that says nothing before there is a result. */
  revise?(order: InvitationOrder): Promise<SignedDelivery | null>;
  /**
   * The deadline goes by before the candidate has begun; answers what the vendor then tells us, null when it must be asked. Left out by a
   * vendor that tells it in no way.
   */
  expire?(order: InvitationOrder): Promise<SignedDelivery | null>;
  /** A word that the vendor takes for what became of the candidate. Only asked of one that takes any. */
  outcomeWord?: string;
  /** The vendor's set-up test; null where it has none once the secret is known. */
  testDelivery(): Promise<SignedDelivery | null>;
  /** Its set-up test is a message without a body, which nobody has to prove: nothing can come of it. */
  emptyIsTest?: true;
  /** Requests made from an authentic one that must not be believed. */
  forgeries(delivery: SignedDelivery): { what: string; request: WebhookRequest }[];

  /** From now on every call is answered so, until the subject is closed. Only asked of vendors with an API. */
  break(how: Breakage): Promise<void>;
  /** The next call is carried out and its answer lost. */
  loseNextAnswer(): Promise<void>;

  close(): Promise<void>;
}

/** Who is told what when a call goes wrong; a read that is repeated does no harm, a write may have been done. */
const BREAKAGES: { what: string; how: Breakage; read: string; write: string }[] = [
  { what: '401', how: { kind: 'status', status: 401 }, read: 'unauthorised', write: 'unauthorised' },
  { what: '403', how: { kind: 'status', status: 403 }, read: 'forbidden', write: 'forbidden' },
  { what: '422', how: { kind: 'status', status: 422 }, read: 'refused', write: 'refused' },
  { what: '429', how: { kind: 'status', status: 429 }, read: 'rate-limited', write: 'rate-limited' },
  { what: '500', how: { kind: 'status', status: 500 }, read: 'unreachable', write: 'ambiguous' },
  { what: 'HTML instead of JSON', how: { kind: 'html' }, read: 'unreadable', write: 'ambiguous' },
  { what: 'silence', how: { kind: 'hang' }, read: 'unreachable', write: 'ambiguous' },
  { what: 'a cut connection', how: { kind: 'reset' }, read: 'unreachable', write: 'ambiguous' },
];

const MINUTE_MS = 60_000;
const SECOND_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/**
 * `makeSubject` is called for each test. `hasApi`: whether the subject calls its vendor at all. `hasWebhooks`: whether the vendor tells
 * anything by itself.
 */
export function describeVendorContract(
  name: string,
  hasApi: boolean,
  makeSubject: () => Promise<VendorContractSubject>,
  { hasWebhooks = true }: { hasWebhooks?: boolean } = {},
): void {
  let vendor: VendorContractSubject;
  beforeEach(async () => {
    vendor = await makeSubject();
  });
  afterEach(() => vendor.close());

  /** Says of which stated capabilities a test is a check, for `npm run vendors`. */
  const checks = (...names: Claim[]) => ({ meta: { vendorChecks: { vendor: name, checks: names } } });
  /** Whether a link can be had at all, or the vendor alone writes to the candidate. */
  const givesLink = () => vendor.adapter.capabilities.emailedBy.includes('nobody');
  const order = (change: Partial<InvitationOrder> = {}) =>
    makeOrder({ ...vendor.assessment, handover: givesLink() ? 'copy link' : 'vendor e-mail' }, change);
  /** The invitation as our own record has it after the receipt. */
  const invited = (given: InvitationOrder, receipt?: InvitationReceipt): Invitation =>
    makeInvitation({
      id: given.invitationId,
      email: given.email,
      person: given.email,
      assessmentExternalId: given.assessment.externalId,
      externalId: receipt?.externalId ?? null,
    });
  const invite = async (given: InvitationOrder) => invited(given, succeeded(await vendor.adapter.invite(given)));

  describe(`${name}: an invitation`, () => {
    it('goes to the right person, with a link that is handed over by whom the assessment says', checks('invite'), async () => {
      const receipt = succeeded(await vendor.adapter.invite(order()));
      if (!givesLink()) {
        expect(receipt).toMatchObject({ link: null, emailedBy: 'vendor' });
        return;
      }
      expect(receipt.emailedBy).toBe('nobody');
      expect(new URL(receipt.link ?? '').protocol).toBe('https:');
      const ours = makeOrder({ ...vendor.assessment, handover: 'our e-mail' }, { email: 'other@example.com' });
      expect(succeeded(await vendor.adapter.invite(ours)).emailedBy).toBe('us');
    });

    it('says until when it can be used', async () => {
      const receipt = succeeded(await vendor.adapter.invite(order()));
      expect(receipt.expiresAt).toBe(order().expiresAt);
    });

    it('for somebody without a name goes out as well', async () => {
      const { profileUrl } = vendor.needsProfile ? order() : { profileUrl: null };
      expect(await vendor.adapter.invite(order({ candidateName: null, message: null, profileUrl }))).toMatchObject({ ok: true });
    });

    it('can be asked for again as far as the adapter promises that', checks('inviteStory'), async () => {
      const { inviteStory } = vendor.adapter.capabilities;
      const first = succeeded(await vendor.adapter.invite(order()));
      if (inviteStory === 'key') expect(succeeded(await vendor.adapter.invite(order()))).toEqual(first);
      if (inviteStory === 'look') expect(succeeded(await vendor.adapter.findInvitation(order()))).toEqual(first);
      else expect(await vendor.adapter.findInvitation(order())).toMatchObject({ ok: false, kind: 'misconfigured' });
    });
  });

  describe(`${name}: what it states`, () => {
    it('is written down, to be compared with what was checked', ({ task }) => {
      task.meta.vendorClaims = { vendor: name, claims: claimsOf(vendor.adapter) };
      // `lacks` narrows them, and is none itself.
      expect(
        Object.keys(vendor.adapter.operations).filter((key) => key !== 'lacks' && !OPERATIONS.some((known) => known === key)),
      ).toEqual([]);
    });

    it('holds for who hands the invitation over', checks('emailedBy'), async () => {
      const { emailedBy } = vendor.adapter.capabilities;
      const handovers = [
        ['vendor e-mail', 'vendor'],
        ['our e-mail', 'us'],
        ['copy link', 'nobody'],
      ] as const;
      for (const [handover, by] of handovers) {
        const before = vendor.calls();
        const wanted = makeOrder({ ...vendor.assessment, handover }, { email: `${by}@example.com` });
        const receipt = await vendor.adapter.invite(wanted);
        if (emailedBy.includes(by)) expect(succeeded(receipt).emailedBy).toBe(by);
        else expect({ receipt, calls: vendor.calls() }).toMatchObject({ receipt: { kind: 'misconfigured' }, calls: before });
      }
    });

    it('holds for a second attempt of the same person', checks('retakes'), async () => {
      const { retakes } = vendor.adapter.capabilities;
      await invite(order());
      await vendor.start(order());
      await vendor.finish(order());
      const second = await vendor.adapter.invite(order({ invitationId: SECOND_ID, attempt: 2 }));
      if (retakes && givesLink()) expect(succeeded(second).link).toMatch(/^https:/);
      else if (retakes) expect(succeeded(second)).toMatchObject({ link: null, emailedBy: 'vendor' });
      else expect(second).toMatchObject({ ok: false, kind: 'refused' });
    });

    it('holds for extra time: given to one that is out only where it says so', checks('extraTime', 'giveExtraTime'), async () => {
      const { capabilities, operations } = vendor.adapter;
      const isLater = capabilities.extraTime === 'later' || capabilities.extraTime === 'both';
      expect(operations.giveExtraTime !== undefined).toBe(isLater);
      if (!operations.giveExtraTime) return;
      const invitation = await invite(order());
      for (let n = 0; n < 2; n++) succeeded(await operations.giveExtraTime(invitation, 50));
    });

    it('holds for the e-mail sent once more', checks('resend'), async () => {
      const { resend } = vendor.adapter.operations;
      if (!resend) return;
      const before = vendor.openInvitations(order().email);
      succeeded(await resend(await invite(order())));
      expect(vendor.openInvitations(order().email)).toBe(before + 1);
      expect(await resend(invited(order({ email: 'nobody@example.com' })))).toMatchObject({ ok: false });
    });

    it('holds for another deadline, however often it is set', checks('extend'), async () => {
      const { extend } = vendor.adapter.operations;
      if (!extend) return;
      const invitation = await invite(order());
      const later = new Date(Date.parse(order().expiresAt ?? '') + 7 * 24 * 60 * MINUTE_MS);
      const answers = [await extend(invitation, later), await extend(invitation, later)];
      expect(answers.map((answer) => succeeded(answer).expiresAt ?? later.toISOString())).toEqual([
        later.toISOString(),
        later.toISOString(),
      ]);
    });

    it('holds for invitations that are looked for by person and assessment', checks('findInvitations'), async () => {
      const { findInvitations } = vendor.adapter.operations;
      if (!findInvitations) return;
      const { email, assessment } = order();
      const find = async (who: string) =>
        succeeded(await findInvitations({ assessmentExternalId: assessment.externalId, email: who }));
      expect(await find(email)).toEqual([]);
      await invite(order());
      expect(await find(email)).toMatchObject([{ email, report: { state: 'sent', result: null } }]);
      expect(await find('nobody@example.com')).toEqual([]);
    });

    it('holds for the outcome that is told, however often', checks('tellOutcome'), async () => {
      const { tellOutcome } = vendor.adapter.operations;
      if (!tellOutcome || vendor.outcomeWord === undefined) return expect(tellOutcome === undefined).toBe(true);
      const invitation = await invite(order());
      const told = { outcome: { nextStep: 'advanced', offerStatus: 'none' } as const, word: vendor.outcomeWord };
      for (let n = 0; n < 2; n++) succeeded(await tellOutcome(invitation, told));
    });

    it('holds for the report as a file: a PDF, or none yet', checks('readReportFile'), async () => {
      const { readReportFile } = vendor.adapter.operations;
      if (!readReportFile) return;
      const invitation = await invite(order());
      expect(await readReportFile(invitation)).toMatchObject({ ok: true, value: null });
      await vendor.start(order());
      await vendor.finish(order());
      const file = succeeded(await readReportFile(invitation));
      expect(new TextDecoder().decode(file?.bytes.subarray(0, 5))).toBe('%PDF-');
    });
  });

  describe(`${name}: what its capabilities deny`, () => {
    it('is denied as a value, and nothing is called', checks('listsAssessments', 'cancels', 'results'), async () => {
      const { capabilities, ...adapter } = vendor.adapter;
      const denied = [
        ...(capabilities.listsAssessments ? [] : [adapter.listAssessments()]),
        ...(capabilities.cancels ? [] : [adapter.cancel(invited(order()))]),
        ...(capabilities.results === 'api' ? [] : [adapter.readReport(invited(order()))]),
      ];
      for (const result of await Promise.all(denied)) expect(result).toMatchObject({ ok: false, kind: 'misconfigured' });
      expect(vendor.calls()).toBe(0);
    });

    if (!hasApi)
      it('leaves a vendor without an API uncalled, whatever is asked', async () => {
        await vendor.adapter.invite(order());
        expect(await vendor.adapter.check()).toMatchObject({ ok: true });
        expect(vendor.calls()).toBe(0);
      });
  });

  const describeApi = () => {
    it('lists what can be sent, by the id that invitations take', checks('listsAssessments'), async () => {
      const listed = succeeded(await vendor.adapter.listAssessments());
      const { externalId, name, kind } = order().assessment;
      expect(listed).toContainEqual(expect.objectContaining({ externalId, name, kind }));
      expect(await vendor.adapter.check()).toMatchObject({ ok: true });
    });

    it('one order is one invitation there', async () => {
      await invite(order());
      expect(vendor.openInvitations(order().email)).toBe(1);
    });

    it('an invitation whose answer was lost may be out, and is', async () => {
      await vendor.loseNextAnswer();
      expect(await vendor.adapter.invite(order())).toMatchObject({ ok: false, kind: 'ambiguous' });
      expect(vendor.openInvitations(order().email)).toBe(1);
    });

    it.each(BREAKAGES)('$what means $write for an invitation, which is not out', async ({ how, write }) => {
      await vendor.break(how);
      expect(await vendor.adapter.invite(order())).toMatchObject({ ok: false, kind: write });
      expect(vendor.openInvitations(order().email)).toBe(0);
    });

    it.each(BREAKAGES)('$what means $read for a report', async ({ how, read }) => {
      const invitation = await invite(order());
      await vendor.break(how);
      expect(await vendor.adapter.readReport(invitation)).toMatchObject({ ok: false, kind: read });
    });

    it('an invitation is cancelled once and for all, however often that is asked for', checks('cancels'), async () => {
      if (!vendor.adapter.capabilities.cancels) return;
      const invitation = await invite(order());
      for (let n = 0; n < 2; n++) succeeded(await vendor.adapter.cancel(invitation));
      expect(vendor.openInvitations(order().email)).toBe(0);
    });

    it('an invitation that never was counts as cancelled', checks('cancels'), async () => {
      if (!vendor.adapter.capabilities.cancels) return;
      succeeded(await vendor.adapter.cancel(invited(order({ email: 'nobody@example.com' }))));
    });

    it('a test that was begun is not taken back', checks('cancels'), async () => {
      if (!vendor.adapter.capabilities.cancels) return;
      const invitation = await invite(order());
      await vendor.start(order());
      expect(await vendor.adapter.cancel(invitation)).toMatchObject({ ok: false, kind: 'refused' });
    });

    it('a report follows the candidate: sent, started, scored', checks('results', 'reportsStarted'), async () => {
      const invitation = await invite(order());
      const state = async () => succeeded(await vendor.adapter.readReport(invitation)).state;
      const seen = [await state()];
      await vendor.start(order());
      seen.push(await state());
      await vendor.finish(order());
      seen.push(await state());
      expect(seen).toEqual(['sent', vendor.adapter.capabilities.reportsStarted ? 'started' : 'sent', 'scored']);
    });

    it(
      'a result is verified, dated, and has a score on a scale, with a link that leads to the vendor',
      checks('results', 'scoreScale'),
      async () => {
        const invitation = await invite(order());
        await vendor.start(order());
        await vendor.finish(order());
        const { result } = succeeded(await vendor.adapter.readReport(invitation));
        expect(result).toMatchObject({ verified: true, status: 'final', notes: null, reportedAt: vendor.now().toISOString() });
        const { scoreScale } = vendor.adapter.capabilities;
        if (scoreScale === 'percent') expect(result?.score?.max).toBe(100);
        else if (scoreScale === 'points') expect(result?.score?.max).toBeGreaterThan(0);
        else if (scoreScale === 'number') expect(result?.score).toEqual({ value: expect.any(Number), max: null });
        else expect(result?.rating).toBeTruthy();
        expect(new URL(result?.reportUrl ?? '').protocol).toBe('https:');
      },
    );

    it('there is no report of somebody who was not invited', async () => {
      const stranger = invited(order({ email: 'nobody@example.com' }));
      expect(await vendor.adapter.readReport(stranger)).toMatchObject({ ok: false, kind: 'not-found' });
    });
  };
  if (hasApi) describe(`${name}: through its API`, describeApi);

  const describeSilence = () => {
    it('are none, and whatever comes is refused and says nothing', checks('webhookTrust', 'webhookProof', 'correlation'), () => {
      const { webhooks, adapter } = vendor;
      expect(adapter.capabilities).toMatchObject({ webhookTrust: 'none', webhookProof: 'none' });
      expect(adapter.capabilities.correlation).toBe('vendor-id');
      expect(webhooks).toMatchObject({ kind: adapter.kind, events: [] });
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), fc.anything(), (body, anything) => {
          expect(webhooks.verifyDelivery({ headers: {}, body }, ['a secret'], vendor.now(), null).kind).toBe('refused');
          expect(webhooks.toHints(anything, vendor.now())).toEqual([]);
        }),
      );
    });
  };
  const describeNoExpiry = () => {
    it('says nothing of a deadline that goes by, as it states', checks('reportsExpiry'), async () => {
      expect(vendor.adapter.capabilities.reportsExpiry).toBe(false);
      expect(vendor.expire).toBeUndefined();
      const invitation = await invite(order());
      vendor.passTime(Date.parse(order().expiresAt ?? '') - vendor.now().getTime() + MINUTE_MS);
      expect(succeeded(await vendor.adapter.readReport(invitation)).state).toBe('sent');
    });
  };
  if (!hasWebhooks) {
    describe(`${name}: webhooks`, describeSilence);
    describe(`${name}: asked after its deadline`, describeNoExpiry);
  }

  const describeWebhooks = () => {
    const verify = ({ request, secret }: SignedDelivery, secrets = [secret]) =>
      vendor.webhooks.verifyDelivery(request, secrets, vendor.now(), vendor.account);
    const authentic = (delivery: SignedDelivery) => {
      const verdict = verify(delivery);
      if (verdict.kind !== 'authentic') throw new Error(JSON.stringify(verdict));
      return verdict;
    };
    const told = async (delivery: Promise<SignedDelivery | null>): Promise<SignedDelivery> => {
      const given = await delivery;
      if (!given) throw new Error('The vendor told nothing');
      return given;
    };
    /** The first thing that the vendor tells: that the test was begun, or by some only that it is done. */
    const first = async () => {
      await invite(order());
      return (await vendor.start(order())) ?? told(vendor.finish(order()));
    };
    const finished = async () => {
      await invite(order());
      await vendor.start(order());
      return told(vendor.finish(order()));
    };
    const hintOf = (delivery: SignedDelivery): VendorHint => {
      const [hint, ...more] = vendor.webhooks.toHints(authentic(delivery).body, vendor.now());
      if (!hint || more.length > 0) throw new Error('One hint was expected');
      return hint;
    };

    it('find the invitation, by what the adapter says they name it by', checks('correlation'), async () => {
      const hint = hintOf(await first());
      const { invitationId, email, assessment } = order();
      const { correlation } = vendor.adapter.capabilities;
      expect(hint.invitationId).toBe(correlation === 'our-id' ? invitationId : undefined);
      if (correlation === 'vendor-id') expect(hint.externalId).toBeTruthy();
      if (correlation === 'assessment-and-email') {
        expect(hint.externalId).toBeUndefined();
        expect(hint).toMatchObject({ email, assessmentExternalId: assessment.externalId });
      }
    });

    it('tell that the test was begun, and that it is done, each dated', checks('reportsStarted'), async () => {
      await invite(order());
      const begun = await vendor.start(order());
      if (begun)
        expect(hintOf(begun).claim).toMatchObject({ state: 'started', startedAt: vendor.now().toISOString(), result: null });
      // Who is not told it has to be able to ask.
      else expect(vendor.adapter.capabilities.results).toBe('api');
      const done = hintOf(await told(vendor.finish(order()))).claim;
      expect(done).toMatchObject({ state: 'scored', result: { reportedAt: vendor.now().toISOString() } });
    });

    it('are believed only as far as their signature reaches', checks('webhookTrust'), async () => {
      const isSigned = vendor.adapter.capabilities.webhookTrust === 'body-signed';
      const hint = hintOf(await finished());
      expect(hint.trusted ?? false).toBe(isSigned);
      expect(hint.claim.result?.verified).toBe(isSigned);
      if (!isSigned) expect(hint.claim.result?.score).toBeNull();
    });

    it(
      'are proven by what the adapter says: by their body, or by something that leaves the body open',
      checks('webhookProof'),
      async () => {
        const { webhookProof, webhookTrust } = vendor.adapter.capabilities;
        const delivery = await first();
        const body = new TextEncoder().encode(`${new TextDecoder().decode(delivery.request.body)} `);
        const touched = verify({ ...delivery, request: { ...delivery.request, body } }).kind;
        expect(touched).toBe(webhookProof === 'body' ? 'refused' : 'authentic');
        expect(webhookTrust).toBe(webhookProof === 'body' ? 'body-signed' : webhookProof === 'none' ? 'none' : 'hint-only');
      },
    );

    it('give a result without an API what its scale says', checks('scoreScale'), async () => {
      const { results, scoreScale, webhookTrust } = vendor.adapter.capabilities;
      const { result } = hintOf(await finished()).claim;
      if (results === 'by-hand' && webhookTrust === 'body-signed' && scoreScale === 'rating') expect(result?.rating).toBeTruthy();
      else expect(result?.score ?? null).toBeNull();
    });

    it('tell that the deadline went by, where the adapter says so', checks('reportsExpiry'), async () => {
      const { reportsExpiry, results } = vendor.adapter.capabilities;
      if (!reportsExpiry) {
        expect(vendor.expire).toBeUndefined();
        return;
      }
      const invitation = await invite(order());
      const delivery = await vendor.expire?.(order());
      if (delivery) expect(hintOf(delivery).claim).toMatchObject({ state: 'expired', result: null });
      else expect(results).toBe('api');
      if (results === 'api') expect(succeeded(await vendor.adapter.readReport(invitation)).state).toBe('expired');
    });

    it('belong to an event that the admin was told about', async () => {
      const { event } = authentic(await finished());
      expect(vendor.webhooks.events.map(({ name }) => name)).toContain(event);
      expect(vendor.webhooks.kind).toBe(vendor.adapter.kind);
    });

    it('are accepted under the old and the new secret while they are exchanged', async () => {
      const delivery = await first();
      expect(verify(delivery, ['the next one, long enough', delivery.secret]).kind).toBe('authentic');
      expect(verify(delivery, [delivery.secret, 'the next one, long enough']).kind).toBe('authentic');
    });

    it('under another secret, or while none is known, are refused', async () => {
      const delivery = await first();
      expect(verify(delivery, ['another one, long enough'])).toEqual({ kind: 'refused', because: 'signature-wrong' });
      expect(verify(delivery, [])).toEqual({ kind: 'refused', because: 'no-secret-configured' });
    });

    it('repeated at once are known by their key; news has another', async () => {
      await invite(order());
      const begun = await vendor.start(order());
      const earlier = begun ?? (await told(vendor.finish(order())));
      const key = authentic(earlier).deliveryKey;
      expect(key).not.toBe('');
      expect(authentic(earlier).deliveryKey).toBe(key);
      vendor.passTime(MINUTE_MS);
      const news = begun ? vendor.finish(order()) : vendor.revise?.(order());
      expect(authentic(await told(news ?? Promise.resolve(null))).deliveryKey).not.toBe(key);
    });

    it('of the set-up are tests: with nothing known yet, and where the vendor signs them', async () => {
      expect(verify({ request: { headers: {}, body: new Uint8Array() }, secret: '' }, []).kind).toBe('test');
      const test = await vendor.testDelivery();
      if (test) expect(verify(test).kind).toBe('test');
    });

    it('that are forged, cut, empty or unsigned are refused', checks('webhookTrust', 'webhookProof'), async () => {
      const delivery = await first();
      const { request, secret } = delivery;
      const forged = [
        ...vendor.forgeries(delivery),
        { what: 'unsigned', request: { ...request, headers: {} } },
        { what: 'cut', request: { ...request, body: request.body.slice(0, -1) } },
        ...(vendor.emptyIsTest ? [] : [{ what: 'empty', request: { ...request, body: new Uint8Array() } }]),
        { what: 'not JSON', request: { ...request, body: new TextEncoder().encode('<html>') } },
      ];
      const verdicts = forged.map(({ what, request }) => ({ what, verdict: verify({ request, secret }).kind }));
      expect(verdicts).toEqual(forged.map(({ what }) => ({ what, verdict: 'refused' })));
    });

    it('of any bytes and any shape are judged without an error', async () => {
      const { request, secret } = await first();
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), fc.anything(), (body, anything) => {
          const isTest = vendor.emptyIsTest && new TextDecoder().decode(body).trim() === '';
          expect(verify({ request: { ...request, body }, secret }).kind).toBe(isTest ? 'test' : 'refused');
          expect(Array.isArray(vendor.webhooks.toHints(anything, vendor.now()))).toBe(true);
        }),
        // A blank in another encoding is not nothing.
        { examples: [[Uint8Array.of(0xa0), null]] },
      );
    });
  };
  if (hasWebhooks) describe(`${name}: webhooks`, describeWebhooks);
}

function succeeded<T>(result: CallResult<T>): T {
  if (!result.ok) throw new Error(`${result.kind}: ${result.detail}`);
  return result.value;
}
