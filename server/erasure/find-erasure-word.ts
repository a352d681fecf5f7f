import type { Services } from '../services.ts';
import type { Round } from '../storage/commit-round.ts';
import type { Case } from '../storage/load-case.ts';
import { findErased } from './erased-marks.ts';
import type { ErasureRequest } from './request-erasure.ts';

/**
 * What a reading of the ATS says of somebody who is to be erased: that they were anonymised (Lever shows it), that it lists the
 * application as deleted, or that it belongs to a candidate who was erased before. Null in all other cases; that nothing is shown is
 * no word. What was read is then not kept.
 */
export async function findErasureWord(
  services: Services,
  { row, erasing }: Case,
  { before, after, snapshot }: Pick<Round, 'before' | 'after' | 'snapshot'>,
): Promise<ErasureRequest | null> {
  if (erasing) return null;
  const { connectionId, applicationId } = row;
  const person = { applicationIds: [applicationId], candidateIds: [snapshot?.candidateId ?? []].flat(), goneCandidateIds: [] };
  if (snapshot?.anonymised) return { connectionId, subject: person, askedBy: 'ats-anonymised' };
  if (after.deleted && !before.deleted) return { connectionId, subject: { ...person, candidateIds: [] }, askedBy: 'ats-deleted' };
  if (!snapshot?.candidateId) return null;
  const [erased] = (
    await findErased(services.db, services, [{ what: 'candidate', scope: connectionId, id: snapshot.candidateId }])
  ).values();
  return erased ? { connectionId, subject: person, askedBy: erased.askedBy, memberId: erased.memberId } : null;
}
