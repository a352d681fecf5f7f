import { takeIndexesOff } from './indexes-off.ts';
import { type Planting, plantPeople } from './plant-people.ts';

export interface Session {
  ask<Row extends object>(sql: string): Promise<Row[]>;
  end(): Promise<void>;
}

const BATCH = 20_000;
/** One for each processor of a small machine. */
const SESSIONS = 2;
const TABLES = [
  ...['applications', 'stage_entries', 'invitations', 'inputs', 'decisions', 'effects', 'deliveries'],
  ...['audit', 'audit_details', 'results'],
];
const SESSION_SETTINGS = [
  'session_replication_role = replica',
  'synchronous_commit = off',
  `maintenance_work_mem = '512MB'`,
  'max_parallel_maintenance_workers = 0',
  'vacuum_buffer_usage_limit = 0',
];
/** While filling; nothing of it is left when it has ended. */
const DATABASE_SETTINGS = ['autovacuum = off', `max_wal_size = '32GB'`];

/**
 * The same people as `plantPeople`, by the hundred thousand: without foreign keys being looked after, without waiting for the disk, on two
 * sessions, and with all indexes made anew at the end, with the definitions that they had. Ends with the batches in which the time is over;
 * returns how far it came. Afterwards the database has nothing left to do: all tables are vacuumed and analysed, everything is written out.
 */
export async function plantMany(
  open: () => Promise<Session>,
  planting: Omit<Planting, 'from' | 'to'> & { from: number; to: number; withinMs: number },
): Promise<number> {
  const until = performance.now() + planting.withinMs;
  const sessions = await Promise.all(Array.from({ length: SESSIONS }, open));
  const [first] = sessions;
  if (!first) return planting.from - 1;
  const together = async (work: (session: Session) => Promise<void>) => {
    await Promise.all(sessions.map(work));
  };
  /** Whoever is free takes the next. */
  const share = async (statements: readonly string[]) => {
    const left = statements.toReversed();
    await together(async ({ ask }) => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await ask(next);
    });
  };
  try {
    await together(async ({ ask }) => {
      for (const set of SESSION_SETTINGS) await ask(`set ${set}`);
    });
    for (const set of DATABASE_SETTINGS) await first.ask(`alter system set ${set}`);
    await first.ask('select pg_reload_conf()');
    const { indexes, foreignKeys } = await takeIndexesOff(first, TABLES);
    let planted = planting.from - 1;
    await together(async ({ ask }) => {
      while (planted < planting.to && performance.now() < until) {
        const from = planted + 1;
        planted = Math.min(planted + BATCH, planting.to);
        await plantPeople(ask, { ...planting, from, to: planted });
      }
    });
    await share(indexes);
    for (const foreignKey of foreignKeys) await first.ask(foreignKey);
    await share(TABLES.map((table) => `vacuum (analyze) tagalong.${table}`));
    for (const set of DATABASE_SETTINGS) await first.ask(`alter system reset ${set.split(' ')[0]}`);
    await first.ask('select pg_reload_conf()');
    await first.ask('checkpoint');
    return planted;
  } finally {
    await together(({ end }) => end());
  }
}
