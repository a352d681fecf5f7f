import type { Application, Candidate } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { toCandidatePayload } from './candidate-payload.ts';

type Json = Record<string, unknown>;

/** `payload` of delete_candidate; taken before the applications are gone. */
export function toDeletedPersonPayload(world: World, candidate: Candidate): { person: Json } {
  const deleted_application_ids = world.applicationsOf(candidate.id).map((application) => application.id);
  return { person: { ...toCandidatePayload(world, candidate, { withUrl: false }), deleted_application_ids } };
}

/** `payload` of merge_candidate: `id` is the one that is gone. */
export function toMergedPersonPayload(world: World, gone: Candidate, keptId: number): { person: Json } {
  return { person: { ...toCandidatePayload(world, gone, { withUrl: false }), new_candidate_id: keptId } };
}

export function toDeletedApplicationPayload(application: Application): { application: Json } {
  const { id, candidateId, jobId, prospect, rejectedAt } = application;
  const ids = { id, candidate_id: candidateId, job_id: jobId };
  const status = application.status === 'in_process' ? 'active' : application.status;
  return { application: { ...ids, prospect, status, rejected_at: rejectedAt, applied_at: application.createdAt } };
}
