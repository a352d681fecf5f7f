import type { Services } from '../services.ts';
import type { Round } from '../storage/commit-round.ts';
import type { Case } from '../storage/load-case.ts';
import { findErasedCandidate, hasAppliedSince } from './erased-marks.ts';
import type { PutAside } from './put-aside.ts';
import type { ErasureRequest } from './request-erasure.ts';

/** `erase`: an erasure of its own. `put-aside`: of somebody who was erased before; nothing of it is here yet, and nothing is to be. */
export type ErasureWord = { kind: 'erase'; request: ErasureRequest } | { kind: 'put-aside'; putAside: PutAside };

/**
 * What a reading of the ATS says of somebody who is to be erased: that they were anonymised (Lever shows it), that it lists the
 * application as deleted, or that it belongs to a candidate who was erased after they had applied for it. Null in all other cases; that
 * nothing is shown is no word. What was read is then not kept. Who applies anew after an erasure is a new story.
 */
export async function findErasureWord(
  services: Services,
  { row, state, inputs, erasing }: Case,
  { before, after, snapshot }: Pick<Round, 'before' | 'after' | 'snapshot'>,
): Promise<ErasureWord | null> {
  if (erasing) return null;
  const { connectionId, applicationId, key } = row;
  const alone = { applicationIds: [applicationId], candidateIds: [], goneCandidateIds: [] };
  const person = { ...alone, candidateIds: [snapshot?.candidateId ?? row.candidateId ?? []].flat() };
  if (snapshot?.anonymised || inputs.some(({ input }) => input.kind === 'anonymised'))
    return erase({ connectionId, subject: person, askedBy: 'ats-anonymised' });
  if (after.deleted && !before.deleted) return erase({ connectionId, subject: alone, askedBy: 'ats-deleted' });
  if (!snapshot) return null;
  const erased = await findErasedCandidate(services.db, services, { connectionId, candidateId: snapshot.candidateId });
  const since = erased && hasAppliedSince(erased, snapshot);
  if (!erased || since === 'yes') return null;
  const { erasureId, askedBy, askedAt } = erased;
  if (!row.snapshot && state.invitations.length === 0)
    return {
      kind: 'put-aside',
      putAside: { key, connectionId, applicationId, erasureId, unknownSince: since === 'unknown' ? askedAt : null },
    };
  // It was somebody else's and was given to them since (merged): that follows from the erasure, and is no second word of the admin's.
  return erase({ connectionId, subject: alone, askedBy, memberId: null });
}

function erase(request: ErasureRequest): ErasureWord {
  return { kind: 'erase', request };
}
