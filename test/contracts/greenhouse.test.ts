import { describe, expect, it } from 'vitest';
import { greenhouseSettingsSchema } from '../../lib/contract/settings.ts';
import { createGreenhouseAdapter, greenhouseWebhooks } from '../../server/ats/greenhouse/index.ts';
import { createHttpClient } from '../../server/outbound/http.ts';
import type { WebhookRequest } from '../../server/webhooks/verdict.ts';
import { serveSimulator } from '../simulators/frame/serve.ts';
import { createGreenhouseSimulator } from '../simulators/greenhouse/greenhouse-simulator.ts';
import type { GreenhouseSettings } from '../simulators/greenhouse/settings.ts';
import { createMemoryTokenStore } from '../support/memory-token-store.ts';
import { type AtsContractSubject, type Breakage, describeAtsContract, type SignedDelivery } from './ats-contract.ts';

const FAR_MORE_CALLS_THAN_A_TEST_MAKES = 100_000;
const SECRET = 'the secret that an admin pasted';

async function makeSubject(open: Partial<GreenhouseSettings> = {}) {
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
  const log = { debug: () => undefined, warn: () => undefined };
  const http = createHttpClient({ testHosts: [host], allowedHosts: [host], log, defaultTimeoutMs: 1_000 });
  const tokens = createMemoryTokenStore();
  const makeAdapter = () =>
    createGreenhouseAdapter({
      http,
      settings: greenhouseSettingsSchema.parse({ kind: 'greenhouse', apiUrl: served.url, authUrl: served.url }),
      ...greenhouse.credential,
      tokens,
      clock: { now: () => now },
      connectionId: 'connection-1',
    });

  const lastDelivery = async (): Promise<SignedDelivery> => {
    await greenhouse.settle();
    const request = received.at(-1);
    if (!request) throw new Error('Nothing was delivered');
    return { request, secret: SECRET };
  };
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
      const stage = world.currentStage(world.applications.get(Number(applicationId)));
      const notes = world.notes.list((note) => note.applicationId === Number(applicationId));
      return {
        tags: world.tagsOf(Number(candidateId)),
        notes: notes.map((note) => note.body),
        stageId: stage ? `${stage.id}` : null,
      };
    },

    async break(calls, how) {
      for (const method of calls === 'reads' ? ['GET'] : ['POST', 'DELETE'])
        greenhouse.failNext({ method, path: '^/v3/', times: FAR_MORE_CALLS_THAN_A_TEST_MAKES, ...toFailure(how) });
    },
    loseNextAnswer: async () => greenhouse.failNext({ method: 'POST', path: '^/v3/', when: 'after', kind: 'reset' }),

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
  return { subject, greenhouse, makeAdapter };
}

function toFailure(how: Breakage) {
  return how.kind === 'html' ? { kind: 'html' as const, status: 200 } : how;
}

describeAtsContract('greenhouse', async () => (await makeSubject()).subject);

describe('what Greenhouse leaves open', () => {
  it.each([
    { fromStageId: 'job-stage' },
    { tokenExpiry: 'expires_in' },
    { reentry: 'new-row' },
    { rejectedStage: 'null' },
  ] as const)('%j: a candidate is moved on, comes back and is rejected all the same', async (open) => {
    const { subject, makeAdapter } = await makeSubject(open);
    const { assessment, onsite, first } = subject.stages;
    const target = await subject.apply({ name: 'Ada Moreno' });
    const keys = [];
    for (const [from, to] of [
      [first, assessment],
      [assessment, onsite],
      [onsite, assessment],
    ] as const) {
      subject.passTime(60_000);
      const moved = await makeAdapter().moveToStage(target, { fromStageId: from.id, toStageId: to.id });
      expect(moved).toEqual({ ok: true, value: undefined });
      const snapshot = await makeAdapter().readSnapshot(target.applicationId);
      keys.push(snapshot.ok ? snapshot.value.stageEntries.at(-1)?.key : snapshot);
    }
    await subject.archive(target.applicationId, subject.reasons.declined.id);
    const end = await makeAdapter().readSnapshot(target.applicationId);
    await subject.close();
    expect(new Set(keys).size).toBe(3);
    expect(keys.map((key) => String(key).split('@')[0])).toEqual([assessment.id, onsite.id, assessment.id]);
    expect(end).toMatchObject({ ok: true, value: { status: 'archived', disposition: { reasonName: 'Accepted other offer' } } });
  });

  it('a token revoked by somebody else, and one that has run out, cost nothing but a new one', async () => {
    const { subject, greenhouse, makeAdapter } = await makeSubject();
    const { applicationId } = await subject.apply({});
    const minted = () => greenhouse.journal.list({ what: 'POST /token' }).length;
    const processes = [makeAdapter(), makeAdapter(), makeAdapter()];
    const readAll = () => Promise.all(processes.map((process) => process.readSnapshot(applicationId)));
    const everyOk = [];
    everyOk.push(...(await readAll()), minted());
    greenhouse.revokeTokens();
    everyOk.push(...(await readAll()), minted());
    subject.passTime(2 * 3_600_000);
    everyOk.push(...(await readAll()), minted());
    await subject.close();
    expect(everyOk.map((one) => (typeof one === 'number' ? one : one.ok))).toEqual(
      [1, 2, 3].flatMap((tokens) => [true, true, true, tokens]),
    );
  });

  it('without a scope the reading is forbidden, without Site Admin too', async () => {
    const { subject, greenhouse } = await makeSubject();
    const { applicationId } = await subject.apply({});
    greenhouse.changeCredential({ siteAdmin: false });
    const read = await subject.adapter.readSnapshot(applicationId);
    const checked = await subject.adapter.check();
    await subject.close();
    expect([read, checked]).toEqual([1, 2].map(() => expect.objectContaining({ ok: false, kind: 'forbidden' })));
  });

  it('a private candidate is not found', async () => {
    const { subject, greenhouse } = await makeSubject();
    const { applicationId, candidateId } = await subject.apply({});
    greenhouse.setPrivate({ candidateId: Number(candidateId), private: true });
    const read = await subject.adapter.readSnapshot(applicationId);
    await subject.close();
    expect(read).toMatchObject({ ok: false, kind: 'not-found' });
  });
});
