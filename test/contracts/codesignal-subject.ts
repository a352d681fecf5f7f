import { codesignalSettingsSchema } from '../../lib/contract/codesignal-settings.ts';
import { codesignalWebhooks, createCodesignalAdapter } from '../../server/vendors/codesignal/index.ts';
import type { InvitationOrder } from '../../server/vendors/port.ts';
import type { WebhookRequest } from '../../server/webhooks/verdict.ts';
import { type CodesignalSimulator, createCodesignalSimulator } from '../simulators/codesignal/index.ts';
import type { SeededCodesignal } from '../simulators/codesignal/seed.ts';
import type { CodesignalSettings as SimulatorSettings } from '../simulators/codesignal/settings.ts';
import { signEvent } from '../simulators/codesignal/webhooks.ts';
import { serveSimulator } from '../simulators/frame/serve.ts';
import type { Breakage, SignedDelivery } from './ats-contract.ts';
import { createContractHttp } from './contract-http.ts';
import type { VendorContractSubject } from './vendor-contract.ts';

const FAR_MORE_CALLS_THAN_A_TEST_MAKES = 100_000;
export const HOOK = 'https://tagalong.example/hooks/one';
const SECRET = 'a secret as an admin would paste it';

export interface CodesignalSubject extends VendorContractSubject {
  codesignal: CodesignalSimulator;
  tests: SeededCodesignal;
  sessionIdOf(email: string): string;
  /** What was told last, once all that waits has arrived. */
  lastDelivery(): Promise<SignedDelivery>;
  logged(): string;
}

/** The adapter of one company, wired through the real HTTP client to its simulator. */
export async function makeCodesignalSubject(
  settings: Partial<SimulatorSettings> = {},
  ours: object = { liveInterviews: true },
): Promise<CodesignalSubject> {
  let now = new Date('2026-11-21T12:00:00Z');
  const received: WebhookRequest[] = [];
  const codesignal = createCodesignalSimulator({
    now: () => now,
    fetch: async (_url, init) => {
      const body = Buffer.from(String(init?.body ?? ''));
      received.push({ headers: Object.fromEntries(new Headers(init?.headers)), body, addresses: [HOOK] });
      return new Response();
    },
    // Its clock stands still here, so that a second never passes.
    settings: { queriesPerSecond: null, mutationsPerSecond: null, ...settings },
  });
  const { play, direct } = codesignal;
  const tests = codesignal.seed();
  await play.registerEndpoint({ url: HOOK, secret: SECRET });
  const [probe] = received;
  const served = await serveSimulator(codesignal.api);
  const host = `127.0.0.1:${served.port}`;
  const lines: string[] = [];
  const note = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
  const clients = createContractHttp();
  const http = clients.to({ testHosts: [host], allowedHosts: [host], log: { debug: note, warn: note } });
  const ourSettings = codesignalSettingsSchema.parse({ kind: 'codesignal', apiUrl: `${served.url}/graphql`, ...ours });

  const sessionsOf = (email: string) => codesignal.sessions().filter((one) => one.email === email);
  const sessionIdOf = (email: string) => sessionsOf(email).at(-1)?.id ?? '';
  const lastDelivery = async () => {
    await codesignal.settle();
    while ((await direct.runDue({ all: true })) > 0);
    const request = received.at(-1);
    if (!request) throw new Error('Nothing was delivered');
    return { request, secret: SECRET };
  };

  return {
    codesignal,
    tests,
    sessionIdOf,
    lastDelivery,
    logged: () => lines.join('\n'),
    adapter: createCodesignalAdapter({ http, settings: ourSettings, apiKey: codesignal.apiKey(), clock: { now: () => now } }),
    webhooks: codesignalWebhooks,
    account: null,
    now: () => now,
    passTime: (ms) => {
      now = new Date(now.getTime() + ms);
    },
    assessment: { vendor: 'codesignal', externalId: tests.backend, name: 'Software engineer', kind: 'test' },
    calls: () => codesignal.journal.list({ kind: 'api' }).length,
    openInvitations: (email) => sessionsOf(email).filter(({ status }) => status === 'pending').length,
    async start({ email }: InvitationOrder) {
      play.start({ sessionId: sessionIdOf(email) });
      return await lastDelivery();
    },
    async finish({ email }) {
      play.submit({ sessionId: sessionIdOf(email) });
      return await lastDelivery();
    },
    async expire({ email }) {
      play.expire({ sessionId: sessionIdOf(email) });
      return await lastDelivery();
    },
    emptyIsTest: true,
    testDelivery: async () => (probe ? { request: probe, secret: SECRET } : null),
    forgeries: ({ request }) => {
      const envelope = JSON.parse(Buffer.from(request.body).toString());
      const told = (change: object) => Buffer.from(JSON.stringify({ ...envelope, ...change }));
      const signed = (url: string, key: string) => ({
        ...request.headers,
        'x-codesignal-signature': signEvent(key, url, envelope.event, envelope.triggeredOn),
      });
      // Another payload under the same event and time stays authentic: the signature does not cover it.
      return [
        { what: 'another event', request: { ...request, body: told({ event: 'preScreenResultVerified' }) } },
        { what: 'another time', request: { ...request, body: told({ triggeredOn: envelope.triggeredOn + 1 }) } },
        { what: 'signed for another address', request: { ...request, headers: signed(`${HOOK}/`, SECRET) } },
        { what: 'signed with another secret', request: { ...request, headers: signed(HOOK, 'a guess') } },
        { what: 'signed with nothing', request: { ...request, headers: signed(HOOK, '') } },
        { what: 'no time at all', request: { ...request, body: told({ triggeredOn: null }) } },
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

function toFailure(how: Breakage) {
  return how.kind === 'html' ? { kind: 'html' as const, status: 200 } : how;
}
