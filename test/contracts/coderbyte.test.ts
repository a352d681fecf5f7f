import { afterEach, describe, expect, it } from 'vitest';
import { coderbyteSettingsSchema } from '../../lib/contract/settings.ts';
import { coderbyteWebhooks, createCoderbyteAdapter } from '../../server/vendors/coderbyte/index.ts';
import type { InvitationOrder } from '../../server/vendors/port.ts';
import type { WebhookRequest } from '../../server/webhooks/verdict.ts';
import { type CoderbyteSimulator, createCoderbyteSimulator } from '../simulators/coderbyte/index.ts';
import { toPresetMap } from '../simulators/coderbyte/preset-map.ts';
import { serveSimulator } from '../simulators/frame/serve.ts';
import { makeInvitation, makeOrder } from '../support/make-order.ts';
import type { Breakage, SignedDelivery } from './ats-contract.ts';
import { createContractHttp } from './contract-http.ts';
import { describeVendorContract, type VendorContractSubject } from './vendor-contract.ts';

const FAR_MORE_CALLS_THAN_A_TEST_MAKES = 100_000;
const HOOK = 'https://tagalong.example/hook';

describeVendorContract('coderbyte with a map', true, () => makeSubject({ hasMap: true }));
describeVendorContract('coderbyte with an empty map', false, () => makeSubject({ hasMap: false }));

describe('a live interview at Coderbyte', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function hold(hasMap: boolean, linkTemplate: string | null) {
    const subject = await makeSubject({ hasMap });
    closers.push(subject.close);
    const { adapter, webhooks, coderbyte, liveInterview: assessmentId, account } = subject;
    const order = makeOrder({ externalId: assessmentId, kind: 'live interview', handover: 'copy link', linkTemplate });
    const receipt = await adapter.invite(order);
    if (!receipt.ok) throw new Error(receipt.detail);
    const who = { assessmentId, email: order.email };
    if (coderbyte.invitations().length === 0) await comeByLink(coderbyte, who);
    coderbyte.play.finishInterview({ ...who, recommendation: 'thumb_up', comment: 'salary talk next week' });
    const { request, secret } = await subject.lastDelivery();
    const verdict = webhooks.verifyDelivery(request, [secret], subject.now(), account);
    const hints = verdict.kind === 'authentic' ? webhooks.toHints(verdict.body, subject.now()) : [];
    const { externalId } = receipt.value;
    const invitation = makeInvitation({ assessmentExternalId: assessmentId, email: order.email, externalId });
    return { adapter, assessmentId, receipt: receipt.value, hints, invitation };
  }

  it('with a map is made, found again by the id it got, and read with the reviewer’s thumb', async () => {
    const { adapter, receipt, hints, invitation } = await hold(true, null);
    expect(receipt.externalId).not.toBeNull();
    expect(hints).toMatchObject([{ event: 'interview_completed', externalId: receipt.externalId, claim: { state: 'scored' } }]);
    const report = await adapter.readReport(invitation);
    expect(report).toMatchObject({
      value: { state: 'scored', result: { verified: true, verdict: 'up', score: null, notes: null } },
    });
    expect(JSON.stringify(report)).not.toContain('salary');
  });

  it('without a map is sent as a link, and found again by its room and the address', async () => {
    const { assessmentId, receipt, hints, invitation } = await hold(false, 'https://coderbyte.com/interview/w246Ri1UP');
    expect(receipt.link).toBe('https://coderbyte.com/interview/w246Ri1UP');
    const claim = { state: 'scored', result: { verified: false, verdict: null, status: 'provisional' } };
    expect(hints).toMatchObject([{ assessmentExternalId: assessmentId, email: invitation.email, claim }]);
  });
});

interface CoderbyteSubject extends VendorContractSubject {
  coderbyte: CoderbyteSimulator;
  liveInterview: string;
  lastDelivery(): Promise<SignedDelivery>;
}

async function makeSubject({ hasMap }: { hasMap: boolean }): Promise<CoderbyteSubject> {
  let now = new Date('2026-11-21T12:00:00Z');
  const received: WebhookRequest[] = [];
  const coderbyte = createCoderbyteSimulator({
    now: () => now,
    fetch: async (_url, init) => {
      received.push({ headers: Object.fromEntries(new Headers(init?.headers)), body: Buffer.from(String(init?.body)) });
      return new Response();
    },
  });
  const { play, direct, organizationId } = coderbyte;
  const { seniorSwe, liveInterview } = coderbyte.seed();
  play.setWebhooks({
    candidate_joined: HOOK,
    assessment_completed: HOOK,
    scorecard_updated: HOOK,
    interview_completed: HOOK,
  });

  const served = await serveSimulator(coderbyte.api);
  const host = `127.0.0.1:${served.port}`;
  const log = { debug: () => undefined, warn: () => undefined };
  const clients = createContractHttp();
  const http = clients.to({ testHosts: [host], allowedHosts: [host], log });
  const map = hasMap ? toPresetMap(served.url) : { endpoints: {} };
  const settings = coderbyteSettingsSchema.parse({ kind: 'coderbyte', organizationId, map });

  const lastDelivery = async (): Promise<SignedDelivery> => {
    await coderbyte.settle();
    const request = received.at(-1);
    if (!request) throw new Error('Nothing was delivered');
    return { request, secret: coderbyte.apiKey() };
  };
  const who = ({ email }: InvitationOrder) => ({ assessmentId: seniorSwe, email });
  const known = (email: string) => coderbyte.invitations().filter((one) => one.email === email);

  return {
    coderbyte,
    liveInterview,
    lastDelivery,
    adapter: createCoderbyteAdapter({ http, settings, apiKey: coderbyte.apiKey(), clock: { now: () => now } }),
    webhooks: coderbyteWebhooks,
    account: organizationId,
    now: () => now,
    passTime: (ms) => {
      now = new Date(now.getTime() + ms);
    },
    assessment: { externalId: seniorSwe, name: 'Senior SWE', kind: 'test' },
    calls: () => coderbyte.journal.list({ kind: 'api' }).length,
    openInvitations: (email) => known(email).filter(({ state }) => state === 'invited').length,

    async start(order) {
      if (known(order.email).length === 0) await comeByLink(coderbyte, who(order));
      play.start(who(order));
      return lastDelivery();
    },
    async finish(order) {
      play.submit(who(order));
      return lastDelivery();
    },
    testDelivery: async () => null,
    forgeries: ({ request }) => {
      const [header, , signature] = (request.headers.authorization ?? '').split('.');
      const payload = Buffer.from(JSON.stringify({ iss: 'othercompany' })).toString('base64url');
      const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
      const withToken = (what: string, authorization: string) => ({
        what,
        request: { ...request, headers: { ...request.headers, authorization } },
      });
      const body = Buffer.from(request.body).toString().replace(organizationId, 'othercompany');
      // Another body of the same organisation stays authentic: the token does not cover it. It is a hint for that reason.
      return [
        withToken('another payload', `${header}.${payload}.${signature}`),
        withToken('no algorithm', `Bearer ${unsigned}.${payload}.`),
        withToken('a made-up signature', `${header}.${payload}.${'A'.repeat(43)}`),
        { what: 'the body of another organisation', request: { ...request, body: Buffer.from(body) } },
      ];
    },

    async break(how) {
      clients.expect(how);
      direct.failNext({ times: FAR_MORE_CALLS_THAN_A_TEST_MAKES, ...toFailure(how) });
    },
    loseNextAnswer: async () => direct.failNext({ when: 'after', kind: 'reset' }),
    async close() {
      direct.clearFailures();
      await served.close();
    },
  };
}

/** By a link that we handed over the candidate comes to Coderbyte unannounced, and says who they are. */
async function comeByLink({ pages }: CoderbyteSimulator, { assessmentId, email }: { assessmentId: string; email: string }) {
  const answer = await pages.request(`/assess/${assessmentId}`, { method: 'POST', body: new URLSearchParams({ email }) });
  if (answer.status !== 303) throw new Error(`Coderbyte did not let ${email} in: ${answer.status}`);
}

function toFailure(how: Breakage) {
  return how.kind === 'html' ? { kind: 'html' as const, status: 200 } : how;
}
