/**
 * Moving an application within its job. https://harvestdocs.greenhouse.io/reference/post_v3-applications-id-move
 *
 * Once: Greenhouse itself refuses (422) when the application is not in `from_stage_id` any more, and we look before and after.
 * Note that a move sets off the job's stage-transition rules, e-mail to the candidate included; no field prevents that.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { type GreenhouseClient, isGreenhouseId, toWireId } from './client.ts';
import { readApplication } from './read-snapshot.ts';
import { greenhouseApplicationStageSchema } from './schemas.ts';

export interface StageMove {
  applicationId: string;
  fromStageId: string;
  toStageId: string;
}

/**
 * Whether `from_stage_id` is the row of the stage history or the stage of the job is not documented; implementations differ. The
 * admin's setting is tried first, and the other value once when the first is refused.
 */
export type FromStageIdSpace = 'application-stage' | 'job-stage';

export async function moveToStage(client: GreenhouseClient, space: FromStageIdSpace, move: StageMove): Promise<CallResult<void>> {
  if (!isGreenhouseId(move.applicationId)) return explainAbsence(client, move.applicationId);
  const here = await readCurrentStage(client, move.applicationId);
  if (!here.ok) return here;
  if (here.value?.stageId === move.toStageId) return succeed(undefined);
  if (here.value?.stageId !== move.fromStageId) return explainAbsence(client, move.applicationId);
  const { rowId, stageId } = here.value;
  const guards = space === 'application-stage' ? [rowId, stageId] : [stageId, rowId];
  return confirm(client, move, await tryGuards(client, move, guards));
}

/** Elsewhere by now, or in no stage: hired, a prospect, or not there at all. */
async function explainAbsence(client: GreenhouseClient, applicationId: string): Promise<CallResult<void>> {
  const application = await readApplication(client, applicationId);
  return application.ok ? refuse('The candidate is in another stage by now') : application;
}

async function tryGuards(client: GreenhouseClient, move: StageMove, guards: readonly string[]): Promise<CallResult<unknown>> {
  let answer: CallResult<unknown> = refuse('No stage to move from');
  for (const guard of new Set(guards)) {
    answer = await client.post(`/applications/${move.applicationId}/move`, {
      from_stage_id: toWireId(guard),
      to_stage_id: toWireId(move.toStageId),
    });
    if (answer.ok || answer.kind !== 'refused' || answer.status !== 422) return answer;
  }
  return answer;
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

/** https://harvestdocs.greenhouse.io/reference/get_v3-application-stages */
async function readCurrentStage(
  client: GreenhouseClient,
  applicationId: string,
): Promise<CallResult<{ rowId: string; stageId: string } | null>> {
  const query = { application_ids: applicationId, current: true };
  const rows = await client.list('/application_stages', query, greenhouseApplicationStageSchema);
  if (!rows.ok) return rows;
  const row = rows.value.find(({ current }) => current);
  return succeed(row?.job_interview_stage_id ? { rowId: row.id, stageId: row.job_interview_stage_id } : null);
}

function refuse(detail: string): CallResult<never> {
  return { ok: false, kind: 'refused', status: 409, detail };
}
