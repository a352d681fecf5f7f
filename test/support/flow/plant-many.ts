import { type Planting, plantPeople } from './plant-people.ts';

interface Session {
  ask<Row extends object>(sql: string): Promise<Row[]>;
  end(): Promise<void>;
}

const BATCH = 20_000;
/** One for each processor of a small machine. */
const SESSIONS = 2;

/**
 * The same people as `plantPeople`, by the hundred thousand: without foreign keys being looked after, without waiting for the disk, on two
 * sessions, and with the larger indexes made anew at the end. Ends with the batches in which the time is over; returns how far it came.
 * The tables are analysed afterwards, and what filling left to be written out is written.
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
  try {
    await together(async ({ ask }) => {
      for (const set of ['session_replication_role = replica', 'synchronous_commit = off', `maintenance_work_mem = '256MB'`])
        await ask(`set ${set}`);
    });
    const indexes = await first.ask<{ name: string; definition: string }>(LARGE_INDEXES);
    for (const { name } of indexes) await first.ask(`drop index tagalong.${name}`);
    let planted = planting.from - 1;
    await together(async ({ ask }) => {
      while (planted < planting.to && performance.now() < until) {
        const from = planted + 1;
        planted = Math.min(planted + BATCH, planting.to);
        await plantPeople(ask, { ...planting, from, to: planted });
      }
    });
    await together(async ({ ask }) => {
      for (let index = indexes.pop(); index; index = indexes.pop()) await ask(index.definition);
    });
    await first.ask('vacuum (analyze)');
    await first.ask('checkpoint');
    return planted;
  } finally {
    await together(({ end }) => end());
  }
}

/** Those over all rows and of no constraint. A partial one costs nothing for people of the past, and the server's chores live on it. */
const LARGE_INDEXES = `
  select c.relname as name, pg_get_indexdef(indexrelid) as definition
  from pg_index join pg_class c on c.oid = indexrelid
  where c.relnamespace = 'tagalong'::regnamespace and indpred is null
    and not exists (select from pg_constraint where conindid = indexrelid)
    and indrelid::regclass::text = any(array['tagalong.decisions', 'tagalong.inputs', 'tagalong.effects', 'tagalong.invitations',
      'tagalong.applications', 'tagalong.deliveries', 'tagalong.audit'])`;
