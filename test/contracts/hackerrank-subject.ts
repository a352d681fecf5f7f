import { hackerrankSettingsSchema } from '../../lib/contract/hackerrank-settings.ts';
import { createHackerrankAdapter, hackerrankWebhooks } from '../../server/vendors/hackerrank/index.ts';
import type { InvitationOrder } from '../../server/vendors/port.ts';
import type { WebhookRequest } from '../../server/webhooks/verdict.ts';
import { serveSimulator } from '../simulators/frame/serve.ts';
import { createHackerrankSimulator, type HackerrankSimulator } from '../simulators/hackerrank/index.ts';
import type { SeededAccount } from '../simulators/hackerrank/seed.ts';
import type { HackerrankSettings as SimulatorSettings } from '../simulators/hackerrank/settings.ts';
import type { Breakage, SignedDelivery } from './ats-contract.ts';
import { createContractHttp } from './contract-http.ts';
import type { VendorContractSubject } from './vendor-contract.ts';

const FAR_MORE_CALLS_THAN_A_TEST_MAKES = 100_000;
const HOOK = 'https://tagalong.example/hooks/result';
const SECRET = 'the secret behind the bearers';

export interface HackerrankSubject extends VendorContractSubject {
  hackerrank: HackerrankSimulator;
  tests: SeededAccount;
  logged(): string;
  /** What HackerRank told us last. */
  lastDelivery(): Promise<SignedDelivery>;
  expire(order: InvitationOrder): Promise<SignedDelivery | null>;
}

interface SubjectOptions {
  settings?: Partial<SimulatorSettings>;
  /** Webhooks cannot reach this server. */
  isUnreachable?: boolean;
  apiKey?: string;
}

/** The adapter through the real HTTP client, at a HackerRank of its own. */
export async function makeHackerrankSubject(options: SubjectOptions = {}): Promise<HackerrankSubject> {
  let now = new Date('2026-11-21T12:00:00Z');
  const received: WebhookRequest[] = [];
  const hackerrank = createHackerrankSimulator({
    now: () => now,
    fetch: async (_url, init) => {
      received.push({ headers: Object.fromEntries(new Headers(init?.headers)), body: Buffer.from(String(init?.body)) });
      return new Response();
    },
    settings: { pdfNotReady: 0, callsPerSecond: null, ...options.settings },
  });
  const { play, direct } = hackerrank;
  const tests = hackerrank.seed();
  const served = await serveSimulator(hackerrank.api);
  const host = `127.0.0.1:${served.port}`;
  const lines: string[] = [];
  const note = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: note, warn: note };
  const clients = createContractHttp();
  const httpTo = (allowedHosts: readonly string[]) => clients.to({ testHosts: [host], allowedHosts, log });
  const apiUrl = `${served.url}/x/api/v3`;
  const adapter = createHackerrankAdapter({
    http: httpTo([host]),
    downloadFrom: (elsewhere) => httpTo([elsewhere]),
    settings: hackerrankSettingsSchema.parse({ kind: 'hackerrank', apiUrl }),
    apiKey: options.apiKey ?? hackerrank.apiKey(),
    findResultAddress: async () => (options.isUnreachable ? null : { url: HOOK, secret: SECRET }),
    clock: { now: () => now },
  });
  const candidateOf = ({ email, invitationId }: Pick<InvitationOrder, 'email' | 'invitationId'>) => {
    const mine = hackerrank.candidates().filter((one) => one.email === email);
    const found = mine.findLast((one) => one.metadata?.tagalong_invitation === invitationId) ?? mine.at(-1);
    if (!found) throw new Error(`${email} was not invited`);
    return found.id;
  };
  const lastDelivery = async (): Promise<SignedDelivery> => {
    await hackerrank.settle();
    const request = received.at(-1);
    if (!request) throw new Error('Nothing was delivered');
    return { request, secret: SECRET };
  };
  return {
    hackerrank,
    tests,
    lastDelivery,
    logged: () => lines.join('\n'),
    adapter,
    webhooks: hackerrankWebhooks,
    account: null,
    now: () => now,
    passTime: (ms) => {
      now = new Date(now.getTime() + ms);
    },
    assessment: { vendor: 'hackerrank', externalId: tests.backend, name: 'Backend engineer', kind: 'test' },
    calls: () => hackerrank.journal.list({ kind: 'api' }).length,
    openInvitations: (email) =>
      hackerrank.candidates().filter((one) => one.email === email && one.state === 'invited' && !one.isCancelled).length,
    async start(order) {
      play.start({ candidateId: candidateOf(order) });
      return null;
    },
    async finish(order) {
      play.submit({ candidateId: candidateOf(order) });
      return await lastDelivery();
    },
    async revise(order) {
      play.judgeIntegrity({ candidateId: candidateOf(order), status: 'High' });
      return await lastDelivery();
    },
    async expire(order) {
      play.expire({ candidateId: candidateOf(order) });
      return null;
    },
    outcomeWord: 'Offer sent',
    testDelivery: async () => null,
    forgeries: ({ request }) => {
      const [, token = ''] = (request.headers.authorization ?? '').split(' ');
      const [, mac = ''] = token.split('.');
      const withBearer = (what: string, authorization: string) => ({
        what,
        request: { ...request, headers: { ...request.headers, authorization } },
      });
      return [
        withBearer('for another invitation', `Bearer 7c9e6679-7425-40de-944b-e07fc1f90ae7.${mac}`),
        withBearer('a made-up proof', `Bearer ${token.slice(0, -43)}${'A'.repeat(43)}`),
        withBearer('the secret itself', `Bearer ${SECRET}`),
        withBearer('another scheme', `Basic ${token}`),
        withBearer('nothing but the scheme', 'Bearer '),
      ];
    },
    async break(how) {
      clients.expect(how);
      direct.failNext({ times: FAR_MORE_CALLS_THAN_A_TEST_MAKES, ...toFailure(how) });
    },
    loseNextAnswer: async () => direct.failNext({ method: 'POST', when: 'after', kind: 'reset' }),
    async close() {
      direct.clearFailures();
      await served.close();
    },
  };
}

function toFailure(how: Breakage) {
  return how.kind === 'html' ? { kind: 'html' as const, status: 200 } : how;
}
