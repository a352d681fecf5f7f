/**
 * Moving an application within its job. https://developers.greenhouse.io/harvest.html#post-move-application-same-job
 *
 * Once: Greenhouse refuses (422) when the application is not in `from_stage_id` any more; we look before, and after a lost answer.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { toWireId } from '../greenhouse/client.ts';
import { readStatus } from '../greenhouse/status.ts';
import type { GreenhouseV1Client } from './client.ts';
import { readApplication } from './read-snapshot.ts';

export interface StageMove {
  applicationId: string;
  fromStageId: string;
  toStageId: string;
}

export async function moveToStage(client: GreenhouseV1Client, move: StageMove): Promise<CallResult<void>> {
  const here = await readApplication(client, move.applicationId);
  if (!here.ok) return here;
  if (readStatus(here.value).status !== 'active') return refuse(`The application is ${here.value.status} by now`);
  if (here.value.current_stage?.id === move.toStageId) return succeed(undefined);
  if (here.value.current_stage?.id !== move.fromStageId) return refuse('The candidate is in another stage by now');
  const place = { path: `/applications/${move.applicationId}/move`, right: 'Applications: Post: Move Application (Same Job)' };
  const body = { from_stage_id: toWireId(move.fromStageId), to_stage_id: toWireId(move.toStageId) };
  const answer = await client.write('POST', place, body);
  if (answer.ok || answer.kind !== 'ambiguous') return answer;
  const after = await readApplication(client, move.applicationId);
  return after.ok && after.value.current_stage?.id === move.toStageId ? succeed(undefined) : answer;
}

function refuse(detail: string): CallResult<never> {
  return { ok: false, kind: 'refused', status: 409, detail };
}
