import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { inArray } from 'drizzle-orm';
import { pino } from 'pino';
import { leverSettingsSchema } from '../../../lib/contract/settings.ts';
import { systemRandom } from '../../../server/random.ts';
import { commitRounds, RoundConflict } from '../../../server/storage/commit-round.ts';
import { ensureApplication } from '../../../server/storage/ensure-application.ts';
import { releaseLease, takeLease } from '../../../server/storage/lease.ts';
import { loadCase } from '../../../server/storage/load-case.ts';
import { type OpenDatabase, openDatabase } from '../../../server/storage/open-database.ts';
import { applications, connections } from '../../../server/storage/schema.ts';
import type { Check, CheckRow } from '../../checks/check-report.ts';
import type { NamedDatabase } from '../../support/throwaway-postgres.ts';
import type { ClaimerEnd, ClaimerStart, Held } from '../tools/claimer.ts';
import { sharedPostgres } from '../tools/shared-postgres.ts';

const WHAT = 'processes on one database claim lanes and effects at once';
/** Few, so that the processes meet at them. */
const KEYS = 40;
const AT_ONCE = 6;

/** Claims by the server's own code in 2 to 8 processes; two that held the same thing at the same moment are one too many. */
export const manyWorkers: Check = {
  id: 'R14',
  alone: 'full',
  what: WHAT,
  budgetMs: { full: 90_000 },
  async run({ seed, size, say }) {
    const rounds = size === 'small' ? [{ processes: 3, claims: 6_000 }] : ROUNDS;
    const database = await (await sharedPostgres()).createDatabase();
    const store = await openDatabase({ address: database, log: pino({ level: 'silent' }), poolSize: 2 });
    try {
      const keys = await createApplications(store);
      let claims = 0;
      let refused = 0;
      let double = 0;
      for (const [round, wanted] of rounds.entries()) {
        const ends = await claimTogether(database, { ...wanted, keys, seed: seed + round * 100 });
        const found = countOverlaps(ends.map(({ lanes }) => lanes)) + countOverlaps(ends.map(({ effects }) => effects));
        const held = ends.reduce((sum, { lanes, effects }) => sum + lanes.length + effects.length, 0);
        const turnedAway = ends.reduce((sum, end) => sum + end.refused, 0);
        say(`${wanted.processes} processes: ${held} claims held, ${turnedAway} turned away, ${found} double`);
        claims += held + turnedAway;
        refused += turnedAway;
        double += found;
      }
      return [
        {
          ...{
            id: 'R14',
            what: WHAT,
            asked: '100,000 claims by 2-8 processes',
            reached: `${claims} claims by ${rounds.map(({ processes }) => processes).join(', ')} processes`,
          },
          figure: `${double} double claims, ${refused} turned away`,
          target: '0 double claims',
          // None turned away would mean that they never met.
          wrong: double,
          met: double === 0 && refused > claims / 100 && claims >= rounds.reduce((sum, round) => sum + round.claims, 0),
        },
        await commitLate(store, keys, LATE[size]),
      ];
    } finally {
      await store.close();
    }
  },
};

const LATE = { small: 50, full: 500 };
const ROUNDS = [
  { processes: 2, claims: 25_000 },
  { processes: 4, claims: 25_000 },
  { processes: 8, claims: 50_000 },
];

async function createApplications({ db }: OpenDatabase): Promise<string[]> {
  const connectionId = randomUUID();
  const now = new Date();
  await db.insert(connections).values({
    ...{ id: connectionId, side: 'ats', kind: 'lever', name: 'Lever', settings: leverSettingsSchema.parse({ kind: 'lever' }) },
    ...{ enabled: true, secrets: {}, createdAt: now, updatedAt: now, automaticSince: now },
  });
  const services = { random: systemRandom, clock: { now: () => now } };
  const names = Array.from({ length: KEYS }, (_, index) => `application-${index}`);
  return await db.transaction(async (tx) => {
    const keys: string[] = [];
    for (const applicationId of names) keys.push(await ensureApplication(tx, services, { connectionId, applicationId }));
    return keys;
  });
}

async function claimTogether(
  address: NamedDatabase,
  { processes, claims, keys, seed }: { processes: number; claims: number; keys: string[]; seed: number },
): Promise<ClaimerEnd[]> {
  const each = Math.ceil(claims / processes);
  return await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      runClaimer({ address, processId: randomUUID(), seed: seed + index, keys, claims: each, lanes: AT_ONCE }),
    ),
  );
}

function runClaimer(start: ClaimerStart): Promise<ClaimerEnd> {
  const child: ChildProcess = fork(new URL('../tools/claimer.ts', import.meta.url), {
    env: { ...process.env, NODE_NO_WARNINGS: '1', CLAIMER: JSON.stringify(start) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (end) => resolve(end as ClaimerEnd));
    child.once('exit', (code) => reject(new Error(`a claiming process ended with ${code} and said nothing`)));
  });
}

/** How often something was held by two at the same moment. */
function countOverlaps(ofProcesses: readonly Held[][]): number {
  const byKey = Map.groupBy(ofProcesses.flat(), ([key]) => key);
  let overlaps = 0;
  for (const held of byKey.values()) {
    const inOrder = held
      .map(([, from, to]) => ({ from: BigInt(from), to: BigInt(to) }))
      .toSorted((a, b) => (a.from < b.from ? -1 : 1));
    let until = 0n;
    for (const { from, to } of inOrder) {
      if (from < until) overlaps += 1;
      if (to > until) until = to;
    }
  }
  return overlaps;
}

/** Whoever has lost its lane, without knowing it, decides in vain: the commit asks whose the lane is. */
async function commitLate({ db }: OpenDatabase, keys: readonly string[], times: number): Promise<CheckRow> {
  let accepted = 0;
  for (let time = 0; time < times; time += 1) {
    const key = keys[time % keys.length] ?? '';
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const now = new Date();
    await takeLease(db, key, { token: mine, holder: null }, now);
    const current = await loadCase(db, key);
    if (!current) throw new Error('no such application');
    // A pause as long as the lease, and somebody else has come.
    await db
      .update(applications)
      .set({ leaseUntil: new Date(now.getTime() - 1) })
      .where(inArray(applications.key, [key]));
    if (!(await takeLease(db, key, { token: theirs, holder: null }, now)))
      throw new Error('a lease that ran out was not to be had');
    const round = {
      ...{ key, leaseToken: mine, before: current.state, after: current.state, snapshot: null, readTrouble: null, handled: null },
      ...{ decisions: [], effects: [], settledInputs: [], policyVersion: 1, now, dueAt: null, polls: new Map() },
    };
    const refused = await db
      .transaction((tx) => commitRounds(tx, [round], { clock: { now: () => now }, random: systemRandom }))
      .then(
        () => false,
        (error: unknown) => error instanceof RoundConflict || Promise.reject(error),
      );
    if (!refused) accepted += 1;
    await releaseLease(db, key, theirs);
  }
  return {
    ...{
      id: 'R14',
      what: 'a worker that was paused past its lease commits what it decided',
      asked: `${LATE.full} times`,
      reached: `${times} times`,
    },
    figure: `${accepted} accepted`,
    target: '0 accepted',
    met: accepted === 0,
  };
}
