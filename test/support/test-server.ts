import { randomBytes, randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, vi } from 'vitest';
import { z } from 'zod';
import { apiErrorSchema } from '../../lib/contract/error.ts';
import { pairAnswerSchema } from '../../lib/contract/pairing.ts';
import {
  type ApplicationView,
  type CommandAnswer,
  commandAnswerSchema,
  type PanelView,
  panelViewSchema,
} from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import type { CandidateReference } from '../../lib/domain/candidate-reference.ts';
import type { MemberRole } from '../../lib/domain/member.ts';
import { type BuildOptions, buildServer, type Server } from '../../server/build.ts';
import { readConfig } from '../../server/config.ts';
import { ensureFirstAdminCode } from '../../server/http/first-admin-code.ts';
import { withHooks } from '../../server/http/hook-listener.ts';
import { systemRandom } from '../../server/random.ts';
import { isRunning } from '../../server/storage/effect-lock.ts';
import { effects } from '../../server/storage/schema.ts';
import { createSealer } from '../../server/storage/seal.ts';
import { startWorld, type World, type WorldOptions } from '../simulators/world.ts';
import { createAdminApi } from './admin-api.ts';
import { freePort } from './free-port.ts';
import { type Company, type SetUpOptions, setUpCompany } from './set-up-company.ts';
import { createTestDatabase } from './test-database.ts';

/** Goes with the real one, and can be put forward: nobody waits ten seconds in a test. */
export interface MovableClock {
  now(): Date;
  advance(seconds: number): void;
}

/** Longer than any standstill, and well within the time of a test. */
const DECIDED_WITHIN_MS = 20_000;

interface TestServerOptions {
  world?: Omit<WorldOptions, 'now'>;
  setUp?: SetUpOptions;
  /** Settings of the server besides those that it needs here. */
  environment?: Record<string, string>;
}

/** Somebody in front of a candidate page, through the HTTP API as the extension calls it. */
export interface Recruiter {
  token: string;
  /** What the panel shows for a page. */
  panel(page: CandidateReference): Promise<PanelView>;
  /** The same, where there must be an application. */
  open(page: CandidateReference): Promise<ApplicationView>;
  /** A click. `page` is where the tab is now; the application is the one that the panel showed. */
  command(path: string, shown: ApplicationView, more: Record<string, unknown>, page?: CandidateReference): Promise<CommandAnswer>;
  send(shown: ApplicationView, more?: Record<string, unknown>, page?: CandidateReference): Promise<CommandAnswer>;
  /** A click that is refused by HTTP: its status, code and sentence. */
  refusal(
    path: string,
    shown: Pick<ApplicationView, 'key' | 'reference'>,
    more: Record<string, unknown>,
    page?: CandidateReference,
  ): Promise<{ status: number; code: string; message: string }>;
}

export interface TestServer {
  /** The one that runs, or ran last. */
  readonly server: Server;
  world: World;
  company: Company;
  clock: MovableClock;
  address: string;
  /** Lines of the log so far. */
  log: Record<string, unknown>[];
  join(name: string, role?: MemberRole): Promise<Recruiter>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** All webhooks that were sent have been stored, passed on and decided, and all effects that wait for nothing have run. */
  settle(): Promise<void>;
  /** Until it holds. Looks again every few milliseconds, for twenty seconds at most. */
  until<T>(look: () => Promise<T> | T): Promise<T>;
  /** The server ends, and nobody answers at its address. */
  goDown(): Promise<void>;
  /** A new one starts at the same address, on the same database; with another master key from then on where one is given. */
  comeUp(masterKey?: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** The whole server in this process, on a database of its own and with its workers running, in a world of simulators. */
export async function startTestServer({ world: worldOptions, setUp, environment }: TestServerOptions = {}): Promise<TestServer> {
  const stack = new AsyncDisposableStack();
  try {
    const clock = createMovableClock();
    const database = await createTestDatabase();
    stack.defer(() => database.drop());
    const world = await startWorld({ ...worldOptions, now: clock.now });
    stack.defer(() => world.close());
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const log: Record<string, unknown>[] = [];
    const settings = { PORT: String(port), PUBLIC_URL: address, TEST_HOSTS: world.testHosts, COMPANY: 'Northwind' };
    const config = readConfig({ ...settings, ...environment });
    let sealer = createSealer(randomBytes(32));
    const boot = () =>
      run(port, {
        config,
        address: database.address,
        sealer,
        clock,
        random: systemRandom,
        log: pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
      });
    let running = await boot();
    stack.defer(() => running.stop());
    const pairingCode = (await ensureFirstAdminCode(running.server.services)) ?? '';
    const company = await setUpCompany({ baseUrl: address, pairingCode, world, ...setUp });
    const whole = stack.move();
    const until: TestServer['until'] = (look) => vi.waitFor(look, { timeout: 20_000, interval: 10 });
    return {
      get server() {
        return running.server;
      },
      world,
      company,
      clock,
      address,
      log,
      until,
      join: async (name, role = 'recruiter') => createRecruiter(address, await pair({ address, company, name, role }), clock),
      fetch: (path, init) => fetch(`${address}${path}`, init),
      settle: async () => {
        await world.settle();
        await until(() => ensureQuiet(running.server));
      },
      goDown: () => running.stop(),
      comeUp: async (masterKey) => {
        if (masterKey) sealer = createSealer(masterKey);
        running = await boot();
      },
      close: () => whole.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Starts a server; `stop` may be called again. */
async function run(port: number, options: BuildOptions): Promise<{ server: Server; stop(): Promise<void> }> {
  const server = await buildServer(options);
  await server.start();
  const close = await listen(server, port);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await close();
    await server.stop();
  };
  return {
    server,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** As main.ts does it. */
async function listen(server: Server, port: number): Promise<() => Promise<void>> {
  const options = { fetch: server.app.fetch, port, hostname: '127.0.0.1', createServer: withHooks(server.hooks) };
  const http = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const listening = serve(options, () => resolve(listening));
  });
  return async () => {
    if ('closeAllConnections' in http) http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
}

function createMovableClock(): MovableClock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    advance: (seconds) => {
      aheadMs += seconds * 1000;
    },
  };
}

/** Throws while there is work that waits for nothing. One look at one moment, so that nothing slips from one place to the next. */
async function ensureQuiet({ services }: Server): Promise<void> {
  const now = services.clock.now().toISOString();
  const { rows } = await services.db.execute<Record<string, number>>(sql`
    select
      (select count(*) from tagalong.deliveries where relayed_at is null)::int as webhooks,
      (select count(*) from tagalong.effects where state in ('queued', 'calling') and (run_after is null or run_after <= ${now} or ${isRunning(effects.id)}))::int as effects,
      (select count(*) from tagalong.applications where (hinted > handled and read_trouble is null) or due_at <= ${now} or lease_until > ${now})::int as lanes,
      (select count(*) from tagalong.inputs i join tagalong.applications a on a.key = i.application_key
        where i.handled_at is null and a.read_trouble is null)::int as inputs`);
  const busy = Object.entries(rows[0] ?? {}).filter(([, count]) => count > 0);
  if (busy.length > 0) throw new Error(`There is work: ${busy.map(([what, count]) => `${count} ${what}`).join(', ')}`);
}

async function pair(given: { address: string; company: Company; name: string; role: MemberRole }): Promise<string> {
  const { address, company, name, role } = given;
  const { code } = await company.api.call(z.object({ code: z.string() }), 'POST', PATHS.codes, { role, note: name });
  const stranger = createAdminApi({ baseUrl: address, token: null });
  const device = 'Chrome on Linux';
  const { token } = await stranger.call(pairAnswerSchema, 'POST', PATHS.pair, { code, name, device });
  return token;
}

function createRecruiter(address: string, token: string, clock: MovableClock): Recruiter {
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${address}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const read = async <T>(schema: z.ZodType<T>, answer: Response): Promise<T> => {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.url} was answered ${answer.status}: ${text}`);
    return schema.parse(JSON.parse(text));
  };
  const base = (shown: Pick<ApplicationView, 'key' | 'reference'>, page = shown.reference) => ({
    actionId: randomUUID(),
    page,
    applicationKey: shown.key,
    clickedAt: clock.now().toISOString(),
  });
  const panel: Recruiter['panel'] = async ({ kind: _kind, ...query }) =>
    read(panelViewSchema, await call('GET', `${PATHS.panel}?${new URLSearchParams({ ...query })}`));
  const command: Recruiter['command'] = async (path, shown, more, page) => {
    const click = { ...base(shown, page), ...more };
    const giveUpAt = performance.now() + DECIDED_WITHIN_MS;
    for (;;) {
      const answer = await read(commandAnswerSchema, await call('POST', path, click));
      // On a machine that stands still the server's patience may end first; the same click again has the same decision.
      if (answer.outcome !== 'pending' || performance.now() > giveUpAt) return answer;
    }
  };
  return {
    token,
    panel,
    open: async (page) => {
      const view = await panel(page);
      if (view.kind !== 'application') throw new Error(`The panel shows ${JSON.stringify(view)}`);
      return view;
    },
    command,
    send: (shown, more = {}, page) =>
      command(PATHS.commands.send, shown, { assessmentId: shown.defaultAssessmentId ?? shown.assessments[0]?.id, ...more }, page),
    refusal: async (path, shown, more, page) => {
      const answer = await call('POST', path, { ...base(shown, page), ...more });
      const { error } = apiErrorSchema.parse(await answer.json());
      return { status: answer.status, code: error.code, message: error.message };
    },
  };
}

/** One server for the tests of a file. */
export function useTestServer(options: TestServerOptions = {}): () => TestServer {
  let started: TestServer | undefined;
  beforeAll(async () => {
    started = await startTestServer(options);
  });
  afterAll(() => started?.close());
  return () => {
    if (!started) throw new Error('not started');
    return started;
  };
}

export function leverPage(opportunityId: string): CandidateReference {
  return { kind: 'application', ats: 'lever', host: 'hire.lever.co', applicationId: opportunityId };
}

export function greenhousePage(applicationId: number, candidateId: number): CandidateReference {
  return {
    kind: 'application',
    ats: 'greenhouse',
    host: 'app.greenhouse.io',
    applicationId: String(applicationId),
    candidateId: String(candidateId),
  };
}
