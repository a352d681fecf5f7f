import { and, asc, eq, inArray, or } from 'drizzle-orm';
import type { Database, Transaction } from '../services.ts';
import { applications } from '../storage/schema.ts';
import type { ErasureSubject } from './erasure-subject.ts';

export type FoundApplication = Pick<typeof applications.$inferSelect, 'key' | 'applicationId' | 'candidateId' | 'snapshot'>;

/** All applications of the subject that we have, in the order of their keys. */
export async function findApplications(
  db: Database | Transaction,
  connectionId: string,
  { applicationIds, candidateIds }: ErasureSubject,
): Promise<FoundApplication[]> {
  return await db
    .select({
      key: applications.key,
      applicationId: applications.applicationId,
      candidateId: applications.candidateId,
      snapshot: applications.snapshot,
    })
    .from(applications)
    .where(
      and(
        eq(applications.connectionId, connectionId),
        or(inArray(applications.applicationId, applicationIds), inArray(applications.candidateId, candidateIds)),
      ),
    )
    .orderBy(asc(applications.key));
}

/**
 * Holds them, in the order of their keys, until the transaction ends. To be done before a lane is asked for: relay, clicks and lanes hold
 * the application first and its job then, and two that lock in two orders wait for each other in a circle.
 */
export async function lockApplications(tx: Transaction, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx
    .select({ key: applications.key })
    .from(applications)
    .where(inArray(applications.key, [...keys]))
    .orderBy(asc(applications.key))
    .for('update');
}
