/**
 * Moving an application within its job. https://harvestdocs.greenhouse.io/reference/post_v3-applications-id-move
 *
 * Once: Greenhouse itself refuses (422) when the application is not in `from_stage_id` any more, and we look before and after.
 * Note that a move sets off the job's stage-transition rules, e-mail to the candidate included; no field prevents that.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { type GreenhouseClient, isGreenhouseId, toWireId } from './client.ts';
import { readApplication } from './read-snapshot.ts';
import { refuse } from './refusal.ts';
import { type FromStageIdSpace, postMove, readCurrentStage } from './stage-guard.ts';

export interface StageMove {
  applicationId: string;
  fromStageId: string;
  toStageId: string;
}

export async function moveToStage(client: GreenhouseClient, space: FromStageIdSpace, move: StageMove): Promise<CallResult<void>> {
  if (!isGreenhouseId(move.applicationId)) return explainAbsence(client, move.applicationId);
  const here = await readCurrentStage(client, move.applicationId);
  if (!here.ok) return here;
  if (here.value?.stageId === move.toStageId) return succeed(undefined);
  if (here.value?.stageId !== move.fromStageId) return explainAbsence(client, move.applicationId);
  const target = { to_stage_id: toWireId(move.toStageId) };
  return confirm(client, move, await postMove(client, space, { applicationId: move.applicationId, here: here.value, target }));
}

/** Elsewhere by now, or in no stage: hired, a prospect, or not there at all. */
async function explainAbsence(client: GreenhouseClient, applicationId: string): Promise<CallResult<void>> {
  const application = await readApplication(client, applicationId);
  return application.ok ? refuse('The candidate is in another stage by now') : application;
}

/**
 * Success is answered with nothing, so the stage is read again. It counts as done when it is the new one, or a third: then somebody
 * or a rule has moved on from there. A read that fails takes nothing away from a clear answer.
 */
async function confirm(client: GreenhouseClient, move: StageMove, answer: CallResult<unknown>): Promise<CallResult<void>> {
  if (!answer.ok && answer.kind !== 'ambiguous') return answer;
  const now = await readCurrentStage(client, move.applicationId);
  if (now.ok && now.value?.stageId === move.toStageId) return succeed(undefined);
  if (!answer.ok) return answer;
  const stayed = now.ok && now.value?.stageId === move.fromStageId;
  return stayed ? { ok: false, kind: 'ambiguous', detail: 'Greenhouse took the move but does not show it' } : succeed(undefined);
}
