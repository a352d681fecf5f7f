import type { CallResult } from '../../outbound/outcome.ts';
import { forCandidateOf } from '../greenhouse/for-candidate.ts';
import type { WriteTarget } from '../port.ts';
import type { GreenhouseV1Client } from './client.ts';
import { readApplication } from './read-snapshot.ts';

/** Tags, notes and fields belong to the person; whom we know only by the application is looked up. */
export function forCandidate<T>(
  client: GreenhouseV1Client,
  target: WriteTarget,
  act: (candidateId: string) => Promise<CallResult<T>>,
): Promise<CallResult<T>> {
  return forCandidateOf(target, (id) => readApplication(client, id), act);
}
