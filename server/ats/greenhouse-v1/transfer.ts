/**
 * To another job, in whose first stage it lands. https://developers.greenhouse.io/harvest.html#post-move-application-different-job
 *
 * Once: for that job already counts as done, before the call and after a lost answer. Unlike a move within the job, v1 asks for no stage
 * to move from, so that we look ourselves; somebody who moves the candidate in that moment is not noticed.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { isGreenhouseId, toWireId } from '../greenhouse/client.ts';
import { refuse, refuseUnlessInProcess } from '../greenhouse/refusal.ts';
import type { GreenhouseV1Client } from './client.ts';
import { readApplication } from './read-snapshot.ts';

export interface Transfer {
  applicationId: string;
  fromStageId: string;
  toJobId: string;
}

export async function transfer(
  client: GreenhouseV1Client,
  { applicationId, fromStageId, toJobId }: Transfer,
): Promise<CallResult<void>> {
  const here = await readApplication(client, applicationId);
  if (!here.ok) return here;
  const closed = refuseUnlessInProcess(here.value);
  if (closed) return closed;
  if (here.value.jobs[0]?.id === toJobId) return succeed(undefined);
  if (!isGreenhouseId(toJobId)) return refuse('Greenhouse has no such job');
  if (here.value.current_stage?.id !== fromStageId) return refuse('The candidate is in another stage by now');
  const right = 'Applications: Post: Move Application (Different Job)';
  const place = { path: `/applications/${applicationId}/transfer_to_job`, right };
  const answer = await client.write('POST', place, { new_job_id: toWireId(toJobId) });
  if (answer.ok || answer.kind !== 'ambiguous') return answer;
  const after = await readApplication(client, applicationId);
  return after.ok && after.value.jobs[0]?.id === toJobId ? succeed(undefined) : answer;
}
