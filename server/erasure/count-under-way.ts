import { sql } from 'drizzle-orm';
import type { Transaction } from '../services.ts';
import type { Traces } from './find-traces.ts';

/** Their runners hold a lock for as long as they call; those that have none were cut off, and nobody runs them again. */
export async function countUnderWay(tx: Transaction, { asked }: Pick<Traces, 'asked'>): Promise<number> {
  let held = 0;
  for (const { id } of asked.filter(({ state }) => state === 'calling')) {
    const { rows } = await tx.execute<{ free: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended(${id}, 0)) as free`,
    );
    if (rows[0]?.free !== true) held += 1;
  }
  return held;
}
