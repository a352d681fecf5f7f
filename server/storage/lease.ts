import { and, eq, isNull, lt, or } from 'drizzle-orm';
import type { Database } from '../services.ts';
import { applications } from './schema.ts';

/** Renewed while the work goes on (keep-lease.ts), so a slow holder keeps it; a crashed one delays its application by this much at most. */
export const LEASE_MS = 15_000;

/** Takes the lane of one application, unless somebody holds it. */
export async function takeLease(db: Database, key: string, token: string, now: Date): Promise<boolean> {
  const taken = await db
    .update(applications)
    .set({ leaseToken: token, leaseUntil: new Date(now.getTime() + LEASE_MS) })
    .where(
      and(
        eq(applications.key, key),
        or(isNull(applications.leaseToken), isNull(applications.leaseUntil), lt(applications.leaseUntil, now)),
      ),
    )
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
    .set({ leaseToken: null, leaseUntil: null })
    .where(and(eq(applications.key, key), eq(applications.leaseToken, token)));
}
