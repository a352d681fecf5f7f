import type { AtsKind } from './ats.ts';

/**
 * What the address of an ATS page says about whom it shows. `person` pages carry only the person's id (Greenhouse
 * `/people/<id>`), so several applications may be meant and the recruiter has to choose.
 */
export type CandidateReference =
  | { ats: AtsKind; host: string; kind: 'application'; applicationId: string; candidateId?: string }
  | { ats: AtsKind; host: string; kind: 'person'; candidateId: string };

/** True when both point at the same person or application; a reference that knows less than the other still agrees. */
export function sameCandidate(a: CandidateReference, b: CandidateReference): boolean {
  if (a.ats !== b.ats || a.host !== b.host) return false;
  if (a.kind === 'application' && b.kind === 'application') return a.applicationId === b.applicationId;
  return a.candidateId !== undefined && a.candidateId === b.candidateId;
}

/** A stable text for caches and logs. */
export function candidateReferenceKey(reference: CandidateReference): string {
  return reference.kind === 'application'
    ? `${reference.ats}:${reference.host}:a:${reference.applicationId}`
    : `${reference.ats}:${reference.host}:p:${reference.candidateId}`;
}
