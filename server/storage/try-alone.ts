import { sql } from 'drizzle-orm';
import type { Database } from '../services.ts';

/**
 * Does the work unless somebody else, in this process or another, is doing it under the same name: then `undefined`, at once. Nobody waits,
 * since who waits holds a connection that the one at work may need. The lock ends with its transaction, which writes nothing; a process
 * that dies lets go of it. Once the work has answered, it is done: that the lock's session ended before, and the lock with it, is no failure of it.
 */
export async function tryAlone<T>(db: Database, name: string, work: () => Promise<T>): Promise<T | undefined> {
  let answer: { of: T } | undefined;
  const holding = db.transaction(async (tx) => {
    // What is done alone may ask the outside many times, and nothing is written here that others would wait for.
    await tx.execute(sql`set local idle_in_transaction_session_timeout = '10min'`);
    const { rows } = await tx.execute<{ alone: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as alone`,
    );
    if (rows[0]?.alone === true) answer = { of: await work() };
  });
  try {
    await holding;
  } catch (error) {
    if (!answer) throw error;
  }
  return answer?.of;
}
