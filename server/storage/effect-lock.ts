import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { ClientBase } from 'pg';

const KEY = 'hashtextextended($1, 0)';

/** The lock of one effect, for as long as the session holds it; false when another session does. */
export async function lockEffect(session: ClientBase, effectId: string): Promise<boolean> {
  const { rows } = await session.query<{ locked: boolean }>(`select pg_try_advisory_lock(${KEY}) as locked`, [effectId]);
  return rows[0]?.locked === true;
}

export async function unlockEffect(session: ClientBase, effectId: string): Promise<void> {
  await session.query(`select pg_advisory_unlock(${KEY})`, [effectId]);
}

/** True for the effects whose lock some session holds. The database keeps a 64-bit key in two halves. */
export function isRunning(effectId: AnyPgColumn): SQL {
  return sql`exists (select from pg_locks held join pg_database here on here.oid = held.database and here.datname = current_database()
    where held.locktype = 'advisory' and held.objsubid = 1 and held.granted
      and (held.classid::bigint << 32 | held.objid::bigint) = hashtextextended(${effectId}::text, 0))`;
}
