import type { CallResult } from '../../outbound/outcome.ts';
import type { WriteTarget } from '../port.ts';
import type { GreenhouseClient } from './client.ts';
import { readApplication } from './read-snapshot.ts';

/** Tags, notes and some fields belong to the person; whom we know only by the application is looked up. */
export function forCandidate<T>(
  client: GreenhouseClient,
  target: WriteTarget,
  act: (candidateId: string) => Promise<CallResult<T>>,
): Promise<CallResult<T>> {
  return forCandidateOf(target, (id) => readApplication(client, id), act);
}

/** The same for both APIs of Greenhouse. */
export async function forCandidateOf<T>(
  target: WriteTarget,
  read: (applicationId: string) => Promise<CallResult<{ candidate_id: string | null }>>,
  act: (candidateId: string) => Promise<CallResult<T>>,
): Promise<CallResult<T>> {
  if (target.candidateId !== null) return act(target.candidateId);
  const application = await read(target.applicationId);
  if (!application.ok) return application;
  const candidateId = application.value.candidate_id;
  if (candidateId === null) return { ok: false, kind: 'not-found', status: 404, detail: 'The application names no candidate' };
  return act(candidateId);
}
