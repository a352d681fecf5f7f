import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Check, CheckRow } from '../../checks/check-report.ts';
import { type Fleet, startFleet } from '../tools/fleet.ts';
import { type SteadyLoad, startSteadyLoad } from '../tools/steady-load.ts';
import { waitUntil } from '../tools/wait-until.ts';

const TARGET = 0.95;
const PEOPLE = 40;
const WINDOW_MS = 1000;

interface Fault {
  name: string;
  strike(fleet: Fleet): Promise<void>;
}

/**
 * Two fleets alike, each with a database of its own, work side by side as fast as they can; the faults strike one. What else happens on the
 * machine strikes both, so the one that is spared says how fast the other would be.
 */
export const recovery: Check = {
  id: 'R20',
  what: 'rate of work after a fault against before',
  async run({ size, say }) {
    const [least, most] = size === 'small' ? [3, 9] : [5, 15];
    const faults = size === 'small' ? FAULTS.slice(0, 1) : FAULTS;
    await using stack = new AsyncDisposableStack();
    const [struck, spared] = await Promise.all(['struck', 'spared'].map((name) => startLoaded(stack, name)));
    if (!struck || !spared) throw new Error('no fleets');
    const measure = async () => {
      const [one, two] = await Promise.all([ratePerSecond(struck.load), ratePerSecond(spared.load)]);
      return { one, two };
    };
    const windows = async (count: number) => {
      const rates: { one: number; two: number }[] = [];
      while (rates.length < count) rates.push(await measure());
      return rates;
    };
    // The first looks, here and after a fault, find connections, caches and code cold.
    await windows(2);
    const before = await windows(least + 2);
    const rows: CheckRow[] = [];
    for (const fault of faults) {
      await fault.strike(struck.fleet);
      const from = (await struck.load.done()) ?? 0;
      const isBack = async () => ((await struck.load.done()) ?? 0) > from + PEOPLE;
      const backMs = await waitUntil(isBack, { withinMs: 60_000, describe: () => `no work after: ${fault.name}` });
      await windows(2);
      // Noise only: a worker that is lost stays lost, however long one looks.
      let after = await windows(least);
      while (share(before, after) < TARGET && after.length < most) after = [...after, ...(await windows(least))];
      const ratio = share(before, after);
      const [was, is] = [median(before.map(({ one }) => one)), median(after.map(({ one }) => one))];
      say(`${fault.name}: ${was} looks/s before, ${is} after, back to work after ${Math.round(backMs)} ms`);
      rows.push({
        ...{
          id: 'R20',
          what: fault.name,
          asked: `${least} windows of ${WINDOW_MS / 1000} s`,
          reached: `${after.length} windows`,
        },
        figure: `${(ratio * 100).toFixed(0)} % (${was} -> ${is} looks/s, against a spared one)`,
        target: '>= 95 %',
        met: ratio >= TARGET && was > 0,
      });
    }
    return rows;
  },
};

type Rates = readonly { one: number; two: number }[];

/** How much of its rate the struck one kept, beyond what the spared one lost or won in the same windows. */
function share(before: Rates, after: Rates): number {
  const sum = (rates: Rates, which: 'one' | 'two') => rates.reduce((all, rate) => all + rate[which], 0);
  const of = (rates: Rates) => sum(rates, 'one') / Math.max(sum(rates, 'two'), 1);
  return of(after) / of(before);
}

async function startLoaded(stack: AsyncDisposableStack, name: string): Promise<{ fleet: Fleet; load: SteadyLoad }> {
  const fleet = await startFleet({ name: `recovery-${name}`, roles: ['all', 'worker'] });
  stack.defer(() => fleet.close());
  const load = await startSteadyLoad(fleet, PEOPLE);
  stack.defer(() => load.stop());
  return { fleet, load };
}

async function ratePerSecond(load: SteadyLoad): Promise<number> {
  const [from, at] = [(await load.done()) ?? 0, performance.now()];
  await pause(WINDOW_MS);
  const done = ((await load.done()) ?? from) - from;
  return Math.round((done / (performance.now() - at)) * 1000);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'all connections to the database cut, three times',
    async strike({ ask }) {
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
  const client = new Client(database);
  await client.connect();
  client.on('error', () => undefined);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const { stdout } = await promisify(execFile)('ps', ['-o', 'ppid=', '-p', String(rows[0]?.pid)]);
  await client.end();
  return Number(stdout.trim());
}

/** Cuts those that work, and takes their places before they are back. */
async function takeAll(database: Fleet['database']): Promise<Client[]> {
  const taken: Client[] = [];
  const takeOne = async () => {
    const client = new Client(database);
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
