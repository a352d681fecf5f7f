import { and, asc, eq, inArray, or } from 'drizzle-orm';
import type { Database, Transaction } from '../services.ts';
import { applications } from '../storage/schema.ts';
import { hasAppliedSince } from './erased-marks.ts';
import type { ErasureSubject } from './erasure-subject.ts';

export type FoundApplication = Pick<typeof applications.$inferSelect, 'key' | 'applicationId' | 'candidateId' | 'snapshot'>;

/** Whom an erasure is about. */
export interface Whose {
  connectionId: string;
  subject: ErasureSubject;
  /** Once it was asked for: when, and for which of our applications. */
  asked?: { askedAt: Date; applicationKeys: readonly string[] };
}

/**
 * All applications of the subject that we have, in the order of their keys. Who applies anew after the word is a new story, as after the
 * erasure (find-erasure-word.ts): what is theirs by the person alone and was made since is none of them.
 */
export async function findApplications(
  db: Database | Transaction,
  { connectionId, subject: { applicationIds, candidateIds }, asked }: Whose,
): Promise<FoundApplication[]> {
  const found = await db
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
  if (!asked) return found;
  return found.filter(
    ({ key, applicationId, snapshot }) =>
      asked.applicationKeys.includes(key) ||
      applicationIds.includes(applicationId) ||
      hasAppliedSince(asked, snapshot ?? {}) !== 'yes',
  );
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
