import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { startWorld, type World, type WorldOptions } from '../../simulators/world.ts';
import { freePort } from '../../support/free-port.ts';
import { type Company, type SetUpOptions, setUpCompany } from '../../support/set-up-company.ts';
import { type RunningServer, startServer } from '../../support/start-server.ts';
import { type NamedDatabase, startThrowawayPostgres } from '../../support/throwaway-postgres.ts';
import { createReader, type StoreReader } from '../read-store.ts';

export type Role = 'web' | 'worker' | 'all';

/** One server process of several. */
export interface Member {
  role: Role;
  readonly address: string;
  readonly pid: number;
  /** False from its end until it is started once more. */
  readonly isRunning: boolean;
  /** Sends the signal and waits for the end. Resolves with the exit code and the milliseconds from the signal to the end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ code: number | null; ms: number }>;
  signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Once more, at the same address. */
  restart(): Promise<void>;
}

/** Several processes of the real server on one PostgreSQL, in a simulated world, with a company set up through the first of them. */
export interface Fleet {
  world: World;
  company: Company;
  database: NamedDatabase;
  members: readonly Member[];
  reader: StoreReader;
  api<T>(method: string, path: string): Promise<T>;
  /** Rows of one statement, on a connection of its own. */
  ask<T extends object>(sql: string, values?: unknown[]): Promise<T[]>;
  /** What the processes wrote to their logs. */
  logFile: string;
  close(): Promise<void>;
}

export interface FleetOptions {
  name: string;
  roles: readonly Role[];
  world?: WorldOptions;
  setUp?: SetUpOptions;
  /** Where a member finds the database; by default straight at it. */
  addressFor?: (index: number, database: NamedDatabase) => Promise<NamedDatabase> | NamedDatabase;
  environment?: Record<string, string>;
}

const QUICK: WorldOptions = { greenhouse: { rateLimit: 100_000, tokenRateLimit: 100_000 }, lever: { rateLimit: null } };

export function urlOf({ host, port, user, database }: NamedDatabase): string {
  return `postgres:///${database}?host=${encodeURIComponent(host)}&port=${port}&user=${user}`;
}

export async function startFleet({ name, roles, world: given, setUp, addressFor, environment }: FleetOptions): Promise<Fleet> {
  await using stack = new AsyncDisposableStack();
  const postgres = await startThrowawayPostgres();
  stack.defer(() => postgres.stop());
  const database = await postgres.createDatabase();
  const world = await startWorld({ ...QUICK, ...given });
  stack.defer(() => world.close());
  const ports = await Promise.all(roles.map(() => freePort()));
  const masterKey = randomBytes(32).toString('hex');
  const logFile = `.output/logs/${name}.log`;
  const startMember = async (index: number, role: Role): Promise<Member & { pairingCode: string | null }> => {
    const start = async (hasAdmin: boolean) =>
      startServer({
        hasAdmin,
        logFile,
        environment: {
          ...{ ROLE: role, PORT: String(ports[index]), PUBLIC_URL: `http://127.0.0.1:${ports[0]}`, MASTER_KEY: masterKey },
          DATABASE_URL: urlOf((await addressFor?.(index, database)) ?? database),
          ...{ TEST_HOSTS: world.testHosts, COMPANY: 'Analytical Engines', LOG_LEVEL: 'info', ...environment },
        },
      });
    const first = await start(index > 0);
    const member = createMember(role, first, () => start(true));
    stack.defer(async () => {
      await member.end('SIGKILL');
    });
    return Object.assign(member, { pairingCode: first.pairingCode });
  };
  const [firstRole, ...otherRoles] = roles;
  const first = await startMember(0, firstRole ?? 'all');
  const baseUrl = first.address;
  const rules = { advanceOnPass: true, tagRecheckSeconds: 1 };
  // The others come up while the company is set up.
  const [company, ...others] = await Promise.all([
    setUpCompany({ baseUrl, pairingCode: first.pairingCode ?? '', world, rules, ...setUp }),
    ...otherRoles.map((role, index) => startMember(index + 1, role)),
  ]);
  const members: Member[] = [first, ...others];
  const kept = stack.move();
  return {
    ...{ world, company, database, members, logFile },
    reader: createReader(() => database),
    async api<T>(method: string, path: string) {
      const answer = await fetch(`${baseUrl}${path}`, { method, headers: { authorization: `Bearer ${company.token}` } });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async ask<T extends object>(sql: string, values: unknown[] = []) {
      const client = new Client({ ...database, connectionTimeoutMillis: 30_000 });
      // Its query says it as well.
      client.on('error', () => undefined);
      await client.connect();
      try {
        return (await client.query<T>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    close: () => kept.disposeAsync(),
  };
}

function createMember(role: Role, first: RunningServer, again: () => Promise<RunningServer>): Member {
  let running = first;
  return {
    role,
    get address() {
      return running.address;
    },
    get pid() {
      return running.process.pid ?? 0;
    },
    get isRunning() {
      return running.process.exitCode === null && running.process.signalCode === null;
    },
    async end(signal) {
      const from = performance.now();
      const code = await (signal === 'SIGTERM' ? running.stop() : running.kill().then(() => null));
      return { code, ms: Math.round(performance.now() - from) };
    },
    signal: (signal) => void running.process.kill(signal),
    async restart() {
      running = await again();
    },
  };
}
