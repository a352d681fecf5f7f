import type { CallResult } from '../../outbound/outcome.ts';
import type { WriteTarget } from '../port.ts';
import type { GreenhouseV1Client } from './client.ts';
import { readApplication } from './read-snapshot.ts';
/** Tags, notes and fields belong to the person; whom we know only by the application is looked up. */
export async function forCandidate<T>(
  client: GreenhouseV1Client,
  target: WriteTarget,
  act: (candidateId: string) => Promise<CallResult<T>>,
): Promise<CallResult<T>> {
  if (target.candidateId !== null) return act(target.candidateId);
  const application = await readApplication(client, target.applicationId);
  if (!application.ok) return application;
  const candidateId = application.value.candidate_id;
  if (candidateId === null) return { ok: false, kind: 'not-found', status: 404, detail: 'The application names no candidate' };
  return act(candidateId);
}
