import { sql } from 'drizzle-orm';
import type { Database } from '../services.ts';
import journal from './migrations/meta/_journal.json' with { type: 'json' };

const NEWEST = Math.max(...journal.entries.map(({ when }) => when));

/**
 * Whether the database has been through all migrations of this version; more than that, by a newer one, is no fault. Not so where an older
 * backup was put back under a server that runs.
 */
export async function isMigrated(db: Pick<Database, 'execute'>): Promise<boolean> {
  const { rows } = await db.execute<{ newest: string | null }>(sql`select max(created_at) as newest from tagalong.migrations`);
  return Number(rows[0]?.newest ?? 0) >= NEWEST;
}
