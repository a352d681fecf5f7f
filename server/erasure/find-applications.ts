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
