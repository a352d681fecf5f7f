import { and, eq } from 'drizzle-orm';
import type { AtsAdapter } from '../ats/port.ts';
import { requestErasure } from '../erasure/request-erasure.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import type { Services } from '../services.ts';
import { applications } from '../storage/schema.ts';
import { announce } from './announce.ts';
import type { WorkQueue } from './work-queue.ts';

/** How a look ended: `complete`, or what kept it from that. `too-much`: of a part of that time it may be complete; `too-long`: the rest is for another. */
export interface Look {
  found: number;
  ended: 'complete' | 'too-much' | 'too-long' | CallFailure['kind'];
}

export function endOf(failure: CallFailure): Look['ended'] {
  return failure.kind === 'unreadable' && failure.tooMuch ? 'too-much' : failure.kind;
}

export interface LookCase {
  connectionId: string;
  adapter: AtsAdapter;
  since: Date;
  /** Null: until now. */
  until: Date | null;
}

/**
 * What the ATS itself lists as deleted is its word, unlike mere absence. Only applications that we know are of interest. `forbidden`: the
 * right to see that list is missing, or was taken away; then a deleted application is one that cannot be seen.
 */
export async function lookAtDeleted(
  parts: { services: Services; queue: WorkQueue },
  { connectionId, adapter, since, until }: LookCase,
): Promise<Look> {
  const { services, queue } = parts;
  let found = 0;
  for await (const deleted of adapter.operations.findDeletedSince?.(since, until) ?? []) {
    if (!deleted.ok) return { found, ended: endOf(deleted) };
    const key = await findKey(services, { connectionId, applicationId: deleted.value.applicationId });
    if (!key) continue;
    found += 1;
    const subject = { applicationIds: [deleted.value.applicationId], candidateIds: [], goneCandidateIds: [] };
    await services.db.transaction((tx) =>
      requestErasure(tx, { services, queue, announce }, { connectionId, subject, askedBy: 'ats-deleted' }),
    );
  }
  return { found, ended: 'complete' };
}

/** Of an application that we have. */
export async function findKey(
  { db }: Services,
  { connectionId, applicationId }: { connectionId: string; applicationId: string },
): Promise<string | undefined> {
  const [row] = await db
    .select({ key: applications.key })
    .from(applications)
    .where(and(eq(applications.connectionId, connectionId), eq(applications.applicationId, applicationId)));
  return row?.key;
}
