/**
 * To another job; v3 knows its first stage alone. https://harvestdocs.greenhouse.io/reference/post_v3-applications-id-move
 * Scopes: harvest:applications:move, harvest:applications:list, harvest:application_stages:list.
 *
 * Once: for that job already counts as done, and Greenhouse itself refuses when the stage is not `from_stage_id` any more.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { type GreenhouseClient, isGreenhouseId, toWireId } from './client.ts';
import { readApplication } from './read-snapshot.ts';
import { refuse, refuseUnlessInProcess } from './refusal.ts';
import { type FromStageIdSpace, postMove, readCurrentStage } from './stage-guard.ts';

export interface Transfer {
  applicationId: string;
  fromStageId: string;
  toJobId: string;
}

export async function transfer(
  client: GreenhouseClient,
  space: FromStageIdSpace,
  { applicationId, fromStageId, toJobId }: Transfer,
): Promise<CallResult<void>> {
  const application = await readApplication(client, applicationId);
  if (!application.ok) return application;
  const closed = refuseUnlessInProcess(application.value);
  if (closed) return closed;
  if (application.value.job_id === toJobId) return succeed(undefined);
  if (!isGreenhouseId(toJobId)) return refuse('Greenhouse has no such job');
  const here = await readCurrentStage(client, applicationId);
  if (!here.ok) return here;
  if (here.value?.stageId !== fromStageId) return refuse('The candidate is in another stage by now');
  const target = { to_job_id: toWireId(toJobId) };
  const answer = await postMove(client, space, { applicationId, here: here.value, target });
  return answer.ok || answer.kind === 'ambiguous' ? confirm(client, { applicationId, toJobId }, answer) : answer;
}

/** Success is answered with nothing, so the job is read again. */
async function confirm(
  client: GreenhouseClient,
  { applicationId, toJobId }: Pick<Transfer, 'applicationId' | 'toJobId'>,
  answer: CallResult<unknown>,
): Promise<CallResult<void>> {
  const now = await readApplication(client, applicationId);
  if (!now.ok) return answer.ok ? succeed(undefined) : answer;
  if (now.value.job_id === toJobId) return succeed(undefined);
  return answer.ok ? { ok: false, kind: 'ambiguous', detail: 'Greenhouse took the transfer but does not show it' } : answer;
}
