import type { z } from 'zod';
import { greenhouseSettingsSchema } from '../../lib/contract/settings.ts';
import { createGreenhouseAdapter, greenhouseWebhooks } from '../../server/ats/greenhouse/index.ts';
import { createGreenhouseV1Adapter } from '../../server/ats/greenhouse-v1/index.ts';
import { UNLIMITED } from '../../server/outbound/rate-limiter.ts';
import type { WebhookRequest } from '../../server/webhooks/verdict.ts';
import { serveSimulator } from '../simulators/frame/serve.ts';
import { createGreenhouseSimulator } from '../simulators/greenhouse/greenhouse-simulator.ts';
import type { GreenhouseSettings } from '../simulators/greenhouse/settings.ts';
import { createMemoryTokenStore } from '../support/memory-token-store.ts';
import type { AtsContractSubject, Breakage, SignedDelivery } from './ats-contract.ts';
import { createContractHttp } from './contract-http.ts';

const FAR_MORE_CALLS_THAN_A_TEST_MAKES = 100_000;
const SECRET = 'the secret that an admin pasted';

export interface GreenhouseSubjectWish {
  /** What the real one leaves open. */
  open?: Partial<GreenhouseSettings>;
  api?: 'v3' | 'v1';
  /** Of the connection. */
  settings?: Partial<GreenhouseConnection>;
  /** Gets everything that the HTTP client logs. */
  onLog?: (line: object) => void;
}
type GreenhouseConnection = z.output<typeof greenhouseSettingsSchema>;

/** A company with one job, its simulator served over HTTP, and the adapter of either API before it. */
export async function makeGreenhouseSubject(wish: GreenhouseSubjectWish = {}) {
  const { open = {}, api = 'v3', settings: chosen = {}, onLog = () => undefined } = wish;
  let now = new Date('2026-10-05T09:00:00.000Z');
  const received: WebhookRequest[] = [];
  const receive: typeof fetch = async (_url, init) => {
    received.push({ headers: Object.fromEntries(new Headers(init?.headers)), body: Buffer.from(String(init?.body)) });
    return new Response();
  };
  // The clock stands still between the tests' steps, and a standing clock opens no new window.
  const settings = { rateLimit: FAR_MORE_CALLS_THAN_A_TEST_MAKES, tokenRateLimit: FAR_MORE_CALLS_THAN_A_TEST_MAKES, ...open };
  const greenhouse = createGreenhouseSimulator({ now: () => now, fetch: receive, settings });
  const { world } = greenhouse;
  const job = greenhouse.createJob({ name: 'Backend Engineer', stages: ['Application Review', 'Assessment', 'Onsite'] });
  const [first, assessment, onsite] = world.stagesOf(job.id).map(({ id, name }) => ({ id: `${id}`, name }));
  if (!first || !assessment || !onsite) throw new Error('The job has no stages');
  // One of Greenhouse's own, which are listed only when asked for.
  const declined = greenhouse.createReason({ name: 'Accepted other offer', type: 'THEY_REJECTED_US', builtIn: true });
  const url = 'https://tagalong.example/hook';
  await greenhouse.createWebhook({ action: 'candidate_stage_change', url, secret: SECRET });

  const served = await serveSimulator(greenhouse.api);
  const host = `127.0.0.1:${served.port}`;
  const log = { debug: onLog, warn: onLog };
  const clients = createContractHttp();
  const http = clients.to({ testHosts: [host], allowedHosts: [host], log });
  const tokens = createMemoryTokenStore();
  const recruiter = greenhouse.createUser({ firstName: 'Rosa', lastName: 'Lindqvist', email: 'rosa@example.com' });
  const apiKey = greenhouse.v1Keys.create().key;
  const clock = { now: () => now };
  const makeAdapter = () => {
    const addresses = { kind: 'greenhouse', api, apiUrl: served.url, authUrl: served.url };
    const serviceUserId = api === 'v1' ? `${recruiter.id}` : '';
    const settings = greenhouseSettingsSchema.parse({ ...addresses, serviceUserId, ...chosen });
    const shared = { http, limiter: UNLIMITED, settings, clock, connectionId: 'connection-1' };
    return api === 'v1'
      ? createGreenhouseV1Adapter({ ...shared, apiKey })
      : createGreenhouseAdapter({ ...shared, ...greenhouse.credential, tokens });
  };

  const lastDelivery = async (): Promise<SignedDelivery> => {
    await greenhouse.settle();
    const request = received.at(-1);
    if (!request) throw new Error('Nothing was delivered');
    return { request, secret: SECRET };
  };
  if (api === 'v1') {
    // v1 knows reasons from those who were rejected for them.
    const candidateId = greenhouse.createCandidate({}).id;
    const { id: applicationId } = greenhouse.createApplication({ candidateId, jobId: job.id });
    greenhouse.reject({ applicationId, reasonId: declined.id });
    now = new Date(now.getTime() + 60_000);
  }
  const applyFor = (candidateId: number) => `${greenhouse.createApplication({ candidateId, jobId: job.id }).id}`;
  const move = (applicationId: string, stageId: string) =>
    greenhouse.move({ applicationId: Number(applicationId), stageId: Number(stageId) });

  const subject: AtsContractSubject = {
    adapter: makeAdapter(),
    webhooks: greenhouseWebhooks,
    now: () => now,
    passTime: (ms) => {
      now = new Date(now.getTime() + ms);
    },
    stages: { first, assessment, onsite },
    job: { id: `${job.id}`, name: job.name },
    reasons: { declined: { id: `${declined.id}`, name: declined.name } },
    inheritedTag: null,
    unknownApplicationId: '999999999002',
    rowsForThreePages: 1_001,

    async apply({ name, emails = [], tags }) {
      const [firstName = null, lastName = null] = name?.split(' ') ?? [];
      const candidate = greenhouse.createCandidate({ firstName, lastName, email: emails[0] ?? null, tags });
      return { applicationId: applyFor(candidate.id), candidateId: `${candidate.id}` };
    },
    applyAgain: async (candidateId) => ({ applicationId: applyFor(Number(candidateId)) }),
    move: async (applicationId, stageId) => void move(applicationId, stageId),
    tag: async ({ candidateId }, tag) => void greenhouse.tag({ candidateId: Number(candidateId), tag }),
    archive: async (applicationId, reasonId) =>
      greenhouse.reject({ applicationId: Number(applicationId), reasonId: Number(reasonId) }),
    hire: async (applicationId) => greenhouse.hire({ applicationId: Number(applicationId) }),

    async see({ applicationId, candidateId }) {
      // Notes of v1 belong to the person alone.
      const stage = world.currentStage(world.applications.get(Number(applicationId)));
      const notes = world.notes.list((note) =>
        api === 'v1' ? note.candidateId === Number(candidateId) : note.applicationId === Number(applicationId),
      );
      return {
        tags: world.tagsOf(Number(candidateId)),
        notes: notes.map((note) => note.body),
        stageId: stage ? `${stage.id}` : null,
      };
    },

    async break(calls, how) {
      const methods = calls === 'reads' ? ['GET'] : ['POST', 'PATCH', 'DELETE'];
      clients.expect(how, ({ method, url }) => methods.includes(method) && new URL(url).pathname.startsWith(`/${api}/`));
      for (const method of methods)
        greenhouse.failNext({ method, path: `^/${api}/`, times: FAR_MORE_CALLS_THAN_A_TEST_MAKES, ...toFailure(how) });
    },
    loseNextAnswer: async () => greenhouse.failNext({ method: 'POST', path: `^/${api}/`, when: 'after', kind: 'reset' }),

    async delivery(applicationId) {
      const isThere = world.currentStage(world.applications.get(Number(applicationId)))?.id === Number(assessment.id);
      move(applicationId, isThere ? onsite.id : assessment.id);
      return lastDelivery();
    },
    async testDelivery() {
      await greenhouse.createWebhook({ action: 'hire_candidate', url, secret: SECRET });
      return lastDelivery();
    },
    forgeries: ({ request }) => {
      const text = new TextDecoder().decode(request.body);
      const { signature = '' } = request.headers;
      const withSignature = (what: string, other: string) => ({
        what,
        request: { ...request, headers: { ...request.headers, signature: other } },
      });
      return [
        { what: 'another body', request: { ...request, body: Buffer.from(text.replace('"active"', '"hired"')) } },
        {
          what: 'the same JSON written again',
          request: { ...request, body: Buffer.from(JSON.stringify(JSON.parse(text), null, 1)) },
        },
        { what: 'a ping without a signature', request: { headers: {}, body: Buffer.from('{"action":"ping","payload":{}}') } },
        { what: 'no signature', request: { headers: {}, body: request.body } },
        withSignature('an equals sign instead of a space', signature.replace(' ', '=')),
        withSignature('capitals', signature.toUpperCase()),
        withSignature('a made-up signature', `sha256 ${'0'.repeat(64)}`),
      ];
    },

    async close() {
      greenhouse.clearFailures();
      await served.close();
    },
  };
  return { subject, greenhouse, makeAdapter, recruiter };
}

function toFailure(how: Breakage) {
  return how.kind === 'html' ? { kind: 'html' as const, status: 200 } : how;
}
