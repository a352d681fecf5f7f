import { and, eq, isNull, lt, or, type SQL } from 'drizzle-orm';
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
  const taken = await db
    .update(applications)
    .set({ leaseToken: token, leaseHolder: holder, leaseUntil: new Date(now.getTime() + LEASE_MS) })
    .where(and(eq(applications.key, key), isFree(now)))
    .returning({ key: applications.key });
  return taken.length === 1;
}

/** Holds on for another round; false when somebody else has taken over meanwhile. */
export async function renewLease(db: Database, key: string, token: string, now: Date): Promise<boolean> {
  const renewed = await db
    .update(applications)
    .set({ leaseUntil: new Date(now.getTime() + LEASE_MS) })
    .where(and(eq(applications.key, key), eq(applications.leaseToken, token)))
    .returning({ key: applications.key });
  return renewed.length === 1;
}

export async function releaseLease(db: Database, key: string, token: string): Promise<void> {
  await db
    .update(applications)
    .set({ leaseToken: null, leaseHolder: null, leaseUntil: null })
    .where(and(eq(applications.key, key), eq(applications.leaseToken, token)));
}
