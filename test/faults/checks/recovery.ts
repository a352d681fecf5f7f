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
/** More than both processes have places for, so that each place always has something to do. */
const PEOPLE = 80;
/** A look takes four calls: so the places of two processes give a rate at which two cores have little to do. */
const THINKS_MS = 800;
/** Of the thinking, to either side, so that what was begun together does not end together. */
const SPREAD = 0.2;
/** Windows of 15 s with nothing between them differ by two or three in a hundred, one in ten by five. */
const WINDOW_MS = 20_000;
const SETTLES_MS = 10_000;
const BACK_WITHIN_MS = 40_000;
/**
 * Two waits of ten seconds: until the queue misses the sign of life of what was cut off, and until it looks for such jobs again. Then they are
 * run once more, a look of four calls and what they wait for one another.
 */
const GIVEN_BACK_MS = 20_000 + 3 * 4 * THINKS_MS;

const CUTTING_MS = 5000;
const CONNECT_MS = 10_000;

interface Fault {
  name: string;
  strike(fleet: Fleet): Promise<void>;
}

/**
 * Two processes work as fast as their places allow, because the ATS takes its time for each call: so a place that is lost shows, and what
 * else the machine does hardly. Two windows before all faults and one after each, so that what a fault takes away for good shows in all
 * that follow. Nothing is done between the first two: how far they differ is how well this measures, and their mean is what the others
 * are held against.
 *
 * What is measured is what stays. Before that, until the jobs of the dead are given back and have been run once more beside those that took
 * their place, a window has some three in a hundred less; how long nobody was looked at stands beside it.
 *
 * All are people of Greenhouse: a company's calls to Lever keep to its rate, and how many places wait for their turn there changes from
 * window to window by more than what is looked for.
 */
export const recovery: Check = {
  id: 'R20',
  alone: true,
  onlyNamed: true,
  what: 'rate of work after a fault against before',
  budgetMs: { full: 300_000 },
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
    const first = await window();
    const second = await window();
    const before: Rate = { calls: (first.calls + second.calls) / 2, looks: (first.looks + second.looks) / 2 };
    // A machine that is busy with something else misses it as well: it is no word about what is checked.
    const rows: CheckRow[] = [{ ...compare('nothing done (how far two windows differ)', first, second), ofItself: true }];
    for (const fault of faults) {
      await fault.strike(fleet);
      const givenBack = pause(GIVEN_BACK_MS);
      const backMs = await allAreBack(load);
      await givenBack;
      say(`${fault.name}: ${inSeconds(backMs)}`);
      const after = await window();
      rows.push(
        compare(`${fault.name}; ${inSeconds(backMs)}`, before, after, { isBack: backMs !== null, ended: endedOf(fleet) }),
      );
    }
    return rows;
  },
};

const inSeconds = (backMs: number | null) =>
  backMs === null
    ? `not everybody looked at again within ${BACK_WITHIN_MS / 1000} s`
    : `all looked at again within ${(backMs / 1000).toFixed(1)} s`;

/**
 * Milliseconds until everybody was looked at once more, null if somebody was not. Leases of ten seconds have to run out by then and tries
 * that wait longer and longer have to come.
 */
async function allAreBack(load: SteadyLoad): Promise<number | null> {
  let from: ReadonlyMap<string, number> | null = null;
  const isBack = async () => {
    const looks = await load.looks();
    from ??= looks;
    return looks !== null && from !== null && [...from].every(([key, count]) => (looks.get(key) ?? 0) > count);
  };
  // Whoever does not come back at all is measured all the same: it is a rate, too.
  return await waitUntil(isBack, { withinMs: BACK_WITHIN_MS, describe: () => '' }).catch(() => null);
}

/** How many of its processes ended though nobody ended them. */
const endedOf = ({ members }: Fleet) => members.filter(({ isRunning }) => !isRunning).length;

function compare(what: string, before: Rate, after: Rate, { isBack = true, ended = 0 } = {}): CheckRow {
  const [calls, looks] = [after.calls / before.calls, after.looks / before.looks];
  return {
    ...{ id: 'R20', what },
    asked: 'all four',
    reached: `${WINDOW_MS / 1000} s twice before all of them and after each, load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
    figure: `${inPercent(calls)} of ${before.calls.toFixed(1)} calls/s, ${inPercent(looks)} of ${before.looks.toFixed(1)} looks/s${ended > 0 ? `, ${ended} servers ended by themselves` : ''}`,
    target: `both >= ${TARGET * 100} %, all within ${BACK_WITHIN_MS / 1000} s`,
    wrong: ended,
    met: isBack && ended === 0 && Math.min(calls, looks) >= TARGET,
  };
}

const inPercent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Per second: calls that the ATSs answered, and looks that came to their end. */
interface Rate {
  calls: number;
  looks: number;
}

const sum = (counts: Iterable<number> | undefined) => counts && [...counts].reduce((all, count) => all + count, 0);

async function measure({ world }: Fleet, load: SteadyLoad): Promise<Rate> {
  const read = async () => ({
    // No number: no rate, and no target met.
    looks: sum((await load.looks())?.values()) ?? Number.NaN,
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
  client.on('error', () => undefined);
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
