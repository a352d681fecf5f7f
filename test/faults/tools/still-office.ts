import { randomBytes } from 'node:crypto';
import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { buildServer, type Server } from '../../../server/build.ts';
import { readConfig } from '../../../server/config.ts';
import { ensureFirstAdminCode } from '../../../server/http/first-admin-code.ts';
import { withHooks } from '../../../server/http/hook-listener.ts';
import { UNLIMITED } from '../../../server/outbound/rate-limiter.ts';
import { systemRandom } from '../../../server/random.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import { startWorld, type World, type WorldOptions } from '../../simulators/world.ts';
import { freePort } from '../../support/free-port.ts';
import { type Company, type SetUpOptions, setUpCompany } from '../../support/set-up-company.ts';
import type { NamedDatabase } from '../../support/throwaway-postgres.ts';
import { createReader, type StoreReader } from '../read-store.ts';
import { type Crank, createCrank } from './crank.ts';
import { sendAgain } from './send-again.ts';
import { sharedPostgres } from './shared-postgres.ts';

/** Stands still until it is put forward. */
export interface StillClock {
  now(): Date;
  /** Never back. */
  moveTo(time: Date): void;
  pass(seconds: number): void;
}

/** A webhook with this header is taken as it is in earnest, by the listener before all others: not recorded, and in nobody's hand. */
export const STRAIGHT = 'x-straight';

/** One webhook request as it reached us, and the status that it was answered with: the second one where the first was 503. */
export interface ReceivedRequest {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  status: number;
}

/**
 * The whole server in this process, in a world of simulators, set up through its API, with one difference: nothing happens by itself.
 * The check moves the clock and turns the crank, so that twenty hours pass in a second and each step can be looked at.
 */
export interface StillOffice {
  server: Server;
  world: World;
  company: Company;
  clock: StillClock;
  crank: Crank;
  address: string;
  received: ReceivedRequest[];
  store: StoreReader;
  /** Where its database is. */
  database: NamedDatabase;
  /** Lines of the server's log so far. */
  log: Record<string, unknown>[];
  /** What becomes of a webhook on its way to us; null: it arrives. */
  post: Post | null;
  /** How many webhooks were answered 503 and came once more. */
  sentAgain: number;
  /** Nobody answers at our address, and no work is done. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  close(): Promise<void>;
}

/** Has one webhook request in hand, and hands it in with `arrive` as often as it likes. What it resolves with is what the sender sees. */
export type Post = (request: Omit<ReceivedRequest, 'status'>, arrive: () => Promise<Response>) => Promise<Response>;

export interface StillOfficeOptions {
  world?: Omit<WorldOptions, 'now'>;
  setUp?: SetUpOptions;
  /** Puts something between the server and the world before it is set up; `testHosts` is for what may be called besides. */
  between?: (world: World) => Promise<{ world: World; testHosts: string; close(): Promise<void> }>;
}

const QUICK: Omit<WorldOptions, 'now'> = {
  greenhouse: { rateLimit: 1_000_000, tokenRateLimit: 1_000_000 },
  lever: { rateLimit: null },
};

export async function startStillOffice(options: StillOfficeOptions = {}): Promise<StillOffice> {
  const stack = new AsyncDisposableStack();
  try {
    const clock = createStillClock();
    const database = await (await sharedPostgres()).createDatabase();
    const world = await startWorld({ ...QUICK, ...options.world, now: clock.now });
    stack.defer(() => world.close());
    const between = await options.between?.(world);
    if (between) stack.defer(() => between.close());
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const log: Record<string, unknown>[] = [];
    const testHosts = [world.testHosts, between?.testHosts].filter(Boolean).join(',');
    const server = await buildServer({
      // The background is the crank's.
      config: readConfig({ PORT: `${port}`, PUBLIC_URL: address, TEST_HOSTS: testHosts, COMPANY: 'Northwind', ROLE: 'web' }),
      address: database,
      sealer: createSealer(randomBytes(32)),
      clock,
      random: systemRandom,
      governor: {
        limiterFor: () => UNLIMITED,
        roomForDeferred: async () => [],
        wasShortWithin: () => false,
        hasStopped: () => false,
        stop: () => undefined,
      },
      log: pino({ level: 'info' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
    });
    stack.defer(() => server.stop());
    await server.start();
    const received: ReceivedRequest[] = [];
    const on: OnHooks = { post: null, sentAgain: 0 };
    const fetch = recordHooks(server, { received, on });
    const answers: Answers = {
      fetch,
      createServer: withHooks((incoming, outgoing) => STRAIGHT in incoming.headers && server.hooks(incoming, outgoing)),
    };
    let listener: Listener | null = await listen(answers, port);
    stack.defer(() => listener?.close());
    const pairingCode = (await ensureFirstAdminCode(server.services)) ?? '';
    const company = await setUpCompany({ baseUrl: address, pairingCode, world: between?.world ?? world, ...options.setUp });
    const whole = stack.move();
    return Object.assign(on, {
      ...{ server, world, company, clock, address, received, log, database },
      crank: createCrank(server),
      store: createReader(() => database),
      async goDown() {
        await listener?.close();
        listener = null;
      },
      async comeUp() {
        listener ??= await listen(answers, port);
      },
      close: () => whole.disposeAsync(),
    });
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Begins at the real time, in whole seconds, because both ATSs were set up by it. */
function createStillClock(): StillClock {
  let nowMs = Math.floor(Date.now() / 1000) * 1000;
  return {
    now: () => new Date(nowMs),
    moveTo: (time) => {
      nowMs = Math.max(nowMs, time.getTime());
    },
    pass: (seconds) => {
      nowMs += seconds * 1000;
    },
  };
}

type OnHooks = Pick<StillOffice, 'post' | 'sentAgain'>;
type Fetch = (request: Request, ...rest: unknown[]) => Promise<Response>;

function recordHooks({ app }: Server, { received, on }: { received: ReceivedRequest[]; on: OnHooks }): Fetch {
  const answer = app.fetch as Fetch;
  return async (request, ...rest) => {
    const path = new URL(request.url).pathname;
    if (!path.startsWith('/hooks/')) return await answer(request, ...rest);
    const body = Buffer.from(await request.arrayBuffer());
    const headers = Object.fromEntries(request.headers.entries());
    const arrive = async () => {
      let times = 0;
      const response = await sendAgain(() => {
        times += 1;
        return answer(new Request(request.url, { method: request.method, headers, body }), ...rest);
      });
      on.sentAgain += times - 1;
      received.push({ path, headers, body, status: response.status });
      return response;
    };
    return await (on.post?.({ path, headers, body }, arrive) ?? arrive());
  };
}

interface Listener {
  close(): Promise<void>;
}

interface Answers {
  fetch: Fetch;
  createServer: ReturnType<typeof withHooks>;
}

async function listen(answers: Answers, port: number): Promise<Listener> {
  const http = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const listening = serve({ ...answers, port, hostname: '127.0.0.1' }, () => resolve(listening));
    listening.once('error', reject);
  });
  return {
    async close() {
      const closed = new Promise((resolve) => http.close(resolve));
      if ('closeAllConnections' in http) http.closeAllConnections();
      await closed;
    },
  };
}
