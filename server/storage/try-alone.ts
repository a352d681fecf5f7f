import { sql } from 'drizzle-orm';
import type { Database } from '../services.ts';

/** What is done alone may ask the outside many times, and nothing is written here that others would wait for. */
const IDLE_MS = 10 * 60_000;

/**
 * Does the work unless somebody else, in this process or another, is doing it under the same name: then `undefined`, at once. Nobody waits,
 * since who waits holds a connection that the one at work may need. The lock ends with its transaction, which writes nothing; a process
 * that dies lets go of it, and one that is frozen after `idleMs`. Work that lasts longer than that asks now and then whether it is still
 * alone, which also keeps it so, and ends soon once it is not. Once the work has answered, it is done: that the lock's session
 * ended before, and the lock with it, is no failure of it.
 */
export async function tryAlone<T>(
  db: Database,
  name: string,
  work: (isStillAlone: () => Promise<boolean>) => Promise<T>,
  { idleMs = IDLE_MS }: { idleMs?: number } = {},
): Promise<T | undefined> {
  let answer: { of: T } | undefined;
  const holding = db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('idle_in_transaction_session_timeout', ${`${idleMs}ms`}, true)`);
    const { rows } = await tx.execute<{ alone: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as alone`,
    );
    // However a session ends, its lock is gone; why, whoever asks the database next is told.
    const isStillAlone = () =>
      tx.execute(sql`select 1`).then(
        () => true,
        () => false,
      );
    if (rows[0]?.alone === true) answer = { of: await work(isStillAlone) };
  });
  try {
    await holding;
  } catch (error) {
    if (!answer) throw error;
  }
  return answer?.of;
}
