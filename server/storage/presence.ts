import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Client } from 'pg';

/**
 * How processes know of each other: each holds, on one session for as long as it lives, a lock of the database under its own id. The
 * session ends with the process, at once after kill -9, and the lock with it. Nobody needs to ask, to wait or to write anything down.
 *
 * Shared, so that a session made anew after a cut does not wait for the old one, which the database may not have given up yet.
 * https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export async function showPresence(session: Client, processId: string): Promise<void> {
  await session.query(`select pg_advisory_lock_shared(${LOCK_OF_PROCESS})`, [processId]);
}

const LOCK_OF_PROCESS = `hashtextextended('tagalong process ' || $1, 0)`;

/**
 * True where `holder` names a process that shows its presence no more. A process that lost its session and lives is taken for dead
 * until it has a new one: so what is taken over for this must be safe against the one before it, by a check at the commit.
 */
export function isGone(holder: AnyPgColumn): SQL {
  return sql`(${holder} is not null and not exists (
    select from pg_locks present join pg_database here on here.oid = present.database and here.datname = current_database()
    where present.locktype = 'advisory' and present.objsubid = 1 and present.granted
      and (present.classid::bigint << 32 | present.objid::bigint) = hashtextextended('tagalong process ' || ${holder}::text, 0)))`;
}

/**
 * True for one process of all that are up: the one that prints the code for the first admin, since each code that is printed ends the one
 * before. Held as long as the session.
 */
export async function takeFirstCode(session: Client): Promise<boolean> {
  const { rows } = await session.query<{ taken: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('tagalong first admin code', 0)) as taken`,
  );
  return rows[0]?.taken === true;
}
