import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { RateGovernor } from '../outbound/rate-governor.ts';
import type { Services } from '../services.ts';
import { applications } from '../storage/schema.ts';
import { sendLanes, type WorkQueue } from './work-queue.ts';

export interface FeedParts {
  services: Services;
  queue: WorkQueue;
  governor: Pick<RateGovernor, 'roomForDeferred'>;
}

/** What a re-read takes at least. Too many that come cost a refusal each, too few leave the allowance unused. */
const CALLS_PER_READ = 3;
/** Until the lane has set its next time by itself. */
const SAFETY_MS = 30_000;

/**
 * Brings forward re-reads that were told to come back later, as many as there is room for by now. The time they were told is an
 * estimate made in the crowd; this keeps the allowance in use when the crowd is done sooner, or the allowance has grown. Returns how
 * many were brought forward.
 */
export async function feedBacklog(parts: FeedParts): Promise<number> {
  let fed = 0;
  for (const { connectionId, calls } of await parts.governor.roomForDeferred())
    fed += await bringForward(parts, connectionId, Math.ceil(calls / CALLS_PER_READ));
  return fed;
}

async function bringForward({ services, queue }: FeedParts, connectionId: string, count: number): Promise<number> {
  const now = services.clock.now();
  return await services.db.transaction(async (tx) => {
    const deferred = await tx
      .select({ key: applications.key })
      .from(applications)
      .where(
        and(
          eq(applications.connectionId, connectionId),
          eq(applications.readTrouble, 'rate-limited'),
          gt(applications.dueAt, now),
        ),
      )
      .orderBy(asc(applications.dueAt))
      .limit(count)
      .for('update', { skipLocked: true });
    for (const { key } of deferred) {
      await tx
        .update(applications)
        // The trouble stays to be seen until the read has gone well, but is not found here again.
        .set({ hinted: sql`${applications.hinted} + 1`, readTrouble: 'waiting', dueAt: new Date(now.getTime() + SAFETY_MS) })
        .where(eq(applications.key, key));
    }
    await sendLanes(
      queue,
      tx,
      deferred.map(({ key }) => key),
    );
    return deferred.length;
  });
}
