import { execFile } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Check, CheckRow } from '../../checks/check-report.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { type Fleet, startFleet } from '../tools/fleet.ts';
import { type SteadyLoad, startSteadyLoad } from '../tools/steady-load.ts';

const TARGET = 0.95;
/**
 * Of the mean of calls and looks: a look at Greenhouse takes five calls, one at Lever takes one, so that a little more of the one than of
 * the other shows as fewer calls and more looks, or the reverse. Neither alone may fall by more than a tenth.
 */
const LEAST_OF_EACH = 0.9;
/** More than both processes have places for, so that each place always has something to do. */
const PEOPLE = 80;
/** A look takes two or three calls: so the places of two processes give a rate at which two cores have little to do. */
const THINKS_MS = 800;
/** Of the thinking, to either side, so that what was begun together does not end together. */
const SPREAD = 0.2;
/**
 * Long enough that the calls at both ends of a window are few beside those in it: the places come and go in waves of a second or two, so that
 * two windows of 10 s with nothing between them differ by a tenth now and then.
 */
const WINDOW_MS = 25_000;
const SETTLES_MS = 10_000;

const CUTTING_MS = 5000;
const CONNECT_MS = 10_000;

interface Fault {
  name: string;
  strike(fleet: Fleet): Promise<void>;
}

/**
 * Two processes work as fast as their places allow, because the ATS takes its time for each call: so a place that is lost shows, and what
 * else the machine does hardly. One window before all faults and one after each, so that what a fault takes away for good shows in all
 * that follow.
 */
export const recovery: Check = {
  id: 'R20',
  alone: true,
  onlyNamed: true,
  what: 'rate of work after a fault against before',
  async run({ seed, size, say }) {
    const faults = size === 'small' ? FAULTS.slice(0, 1) : FAULTS;
    const random = createSeededRandom(seed);
    await using stack = new AsyncDisposableStack();
    let thinksMs = 0;
    const atsThinksMs = () => thinksMs * random.int(100 * (1 - SPREAD), 100 * (1 + SPREAD)) * 0.01;
    const fleet = await startFleet({ name: 'recovery', roles: ['all', 'worker'], world: { atsThinksMs } });
    stack.defer(() => fleet.close());
    const load = await startSteadyLoad(fleet, PEOPLE);
    stack.defer(() => load.stop());
    thinksMs = THINKS_MS;
    const window = async () => {
      // Until every place is taken again.
      await pause(3 * THINKS_MS);
      return await measure(fleet, load);
    };
    // What was begun while the ATS was still quick ends in the first one.
    await pause(SETTLES_MS);
    const before = await window();
    const rows: CheckRow[] = [];
    for (const fault of faults) {
      await fault.strike(fleet);
      let from: number | null = null;
      const isBack = async () => {
        const done = await load.done();
        from ??= done;
        return done !== null && from !== null && done > from + PEOPLE / 2;
      };
      // Whoever does not come back at all is measured all the same: it is a rate, too.
      const backMs = await waitUntil(isBack, { withinMs: 30_000, describe: () => '' }).catch(() => null);
      const after = await window();
      const [calls, looks] = [after.calls / before.calls, after.looks / before.looks];
      say(`${fault.name}: ${PEOPLE / 2} looks within ${backMs === null ? 'no time' : `${Math.round(backMs)} ms`}`);
      rows.push({
        ...{ id: 'R20', what: fault.name },
        asked: 'all four',
        reached: `${WINDOW_MS / 1000} s before all of them and after each, load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
        figure: `${inPercent(calls)} of ${before.calls.toFixed(1)} calls/s, ${inPercent(looks)} of ${before.looks.toFixed(1)} looks/s`,
        target: `>= ${inPercent(TARGET)} in the mean, each >= ${inPercent(LEAST_OF_EACH)}`,
        wrong: 0,
        met: (calls + looks) / 2 >= TARGET && Math.min(calls, looks) >= LEAST_OF_EACH,
      });
    }
    return rows;
  },
};

const inPercent = (share: number) => `${(share * 100).toFixed(0)} %`;

/** Per second: calls that the ATSs answered, and looks that came to their end. */
interface Rate {
  calls: number;
  looks: number;
}

async function measure({ world }: Fleet, load: SteadyLoad): Promise<Rate> {
  const read = async () => ({
    // No number: no rate, and no target met.
    looks: (await load.done()) ?? Number.NaN,
    calls: world.journal.list({ kind: 'api' }).length,
    at: performance.now(),
  });
  const from = await read();
  await pause(WINDOW_MS);
  const until = await read();
  const perSecond = (which: 'looks' | 'calls') => ((until[which] - from[which]) / (until.at - from.at)) * 1000;
  return { calls: perSecond('calls'), looks: perSecond('looks') };
}

const FAULTS: readonly Fault[] = [
  {
    name: 'connections to the database cut, for 5 s each that is in a transaction, then all of them three times',
    async strike({ database, ask }) {
      await cutTransactions(database);
      for (let time = 0; time < 3; time += 1) {
        await ask(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        );
        await pause(200);
      }
    },
  },
  {
    name: 'worker killed with -9, three times',
    async strike({ members }) {
      for (let time = 0; time < 3; time += 1) {
        await members[1]?.end('SIGKILL');
        await members[1]?.restart();
      }
    },
  },
  {
    name: 'database restarted',
    async strike({ database }) {
      process.kill(await postmasterOf(database), 'SIGINT');
    },
  },
  {
    name: 'no connection to be had for 5 s',
    async strike({ database }) {
      const taken = await takeAll(database);
      await pause(5000);
      await Promise.all(taken.map((client) => client.end()));
    },
  },
];

/** The parent of any of its backends; whoever watches over the embedded one starts it again. */
async function postmasterOf(database: Fleet['database']): Promise<number> {
  const client = new Client({ ...database, connectionTimeoutMillis: CONNECT_MS });
  await client.connect();
  client.on('error', () => undefined);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const { stdout } = await promisify(execFile)('ps', ['-o', 'ppid=', '-p', String(rows[0]?.pid)]);
  await client.end();
  return Number(stdout.trim());
}

/** Whoever has begun a transaction and not ended it: a place in a pool that is not given back then is gone for good. */
async function cutTransactions(database: Fleet['database']): Promise<void> {
  const client = new Client({ ...database, connectionTimeoutMillis: CONNECT_MS });
  await client.connect();
  const until = performance.now() + CUTTING_MS;
  while (performance.now() < until)
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null and backend_type = 'client backend'`);
  await client.end();
}

/** Cuts those that work, and takes their places before they are back. */
async function takeAll(database: Fleet['database']): Promise<Client[]> {
  const taken: Client[] = [];
  const takeOne = async () => {
    const client = new Client({ ...database, connectionTimeoutMillis: CONNECT_MS });
    client.on('error', () => undefined);
    await client.connect();
    taken.push(client);
  };
  await takeOne();
  await taken[0]?.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  for (let tries = 0; tries < 3; tries += 1) {
    const ended = await Promise.allSettled(Array.from({ length: 120 }, takeOne));
    if (ended.every(({ status }) => status === 'rejected')) break;
  }
  return taken;
}
