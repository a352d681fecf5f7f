import { inArray, lte, sql } from 'drizzle-orm';
import type { Database } from '../services.ts';
import { tryCounters } from './schema.ts';

/** One more try under `key`; the count starts anew when its window is over. Old counters are cleared away on the way. */
export async function countTry(
  db: Database,
  { key, windowMs, now }: { key: string; windowMs: number; now: Date },
): Promise<void> {
  const resetsAt = new Date(now.getTime() + windowMs);
  await db.delete(tryCounters).where(lte(tryCounters.resetsAt, now));
  await db
    .insert(tryCounters)
    .values({ key, tries: 1, resetsAt })
    .onConflictDoUpdate({ target: tryCounters.key, set: { tries: sql`${tryCounters.tries} + 1` } });
}

/** The counters that still run. */
export async function readTries(db: Database, { keys, now }: { keys: string[]; now: Date }) {
  const rows = await db.select().from(tryCounters).where(inArray(tryCounters.key, keys));
  return rows.filter((row) => row.resetsAt > now);
}
