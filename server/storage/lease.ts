import { and, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../services.ts';
import { isGone } from './presence.ts';
import { applications } from './schema.ts';

/** Renewed while the work goes on (keep-lease.ts), so a slow holder keeps it; one cut off from the database costs this much at most. */
export const LEASE_MS = 10_000;

/** Who asks for a lease: the work, and the process that does it (null: one that shows no presence, and whose lease only runs out). */
export interface LeaseTaker {
  token: string;
  holder: string | null;
}

/** True for the lanes that nobody holds: never taken, run out, or held by a process that is gone. */
export function isFree(now: Date): SQL | undefined {
  return or(
    isNull(applications.leaseToken),
    isNull(applications.leaseUntil),
    lt(applications.leaseUntil, now),
    isGone(applications.leaseHolder),
  );
}

/** Takes the lane of one application, unless somebody holds it. */
export async function takeLease(db: Database, key: string, { token, holder }: LeaseTaker, now: Date): Promise<boolean> {
  const until = new Date(now.getTime() + LEASE_MS).toISOString();
  return await changeQuickly(
    db,
    sql`update ${applications} set lease_token = ${token}, lease_holder = ${holder}, lease_until = ${until}
      where ${and(eq(applications.key, key), isFree(now))}`,
  );
}

/** Holds on for another round; false when somebody else has taken over meanwhile. */
export async function renewLease(db: Database, key: string, token: string, now: Date): Promise<boolean> {
  const until = new Date(now.getTime() + LEASE_MS).toISOString();
  return await changeQuickly(db, sql`update ${applications} set lease_until = ${until} where ${isHeldBy(key, token)}`);
}

export async function releaseLease(db: Database, key: string, token: string): Promise<void> {
  await changeQuickly(
    db,
    sql`update ${applications} set lease_token = null, lease_holder = null, lease_until = null where ${isHeldBy(key, token)}`,
  );
}

function isHeldBy(key: string, token: string): SQL | undefined {
  return and(eq(applications.key, key), eq(applications.leaseToken, token));
}

/**
 * A lease is not waited for on its way to the disk. Should the database itself fall, the last ones are forgotten: one that was taken is held
 * by nobody, which its commit notices, and one that was let go of runs out.
 */
async function changeQuickly(db: Database, change: SQL): Promise<boolean> {
  const { rows } = await db.execute<{ changed: boolean }>(
    sql`with quick as materialized (select set_config('synchronous_commit', 'off', true)), changed as (${change} returning 1)
        select exists (select from changed) as changed, (select count(*) from quick) as quick`,
  );
  return rows[0]?.changed === true;
}
