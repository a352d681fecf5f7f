/**
 * The one call behind moving on, to a stage and to another job, with its guard against stale moves.
 * https://harvestdocs.greenhouse.io/reference/post_v3-applications-id-move (scope harvest:applications:move)
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { type GreenhouseClient, toWireId } from './client.ts';
import { greenhouseApplicationStageSchema } from './schemas.ts';

/**
 * Whether `from_stage_id` is the row of the stage history or the stage of the job is not documented; implementations differ. The
 * admin's setting is tried first, and the other value once when the first is refused.
 */
export type FromStageIdSpace = 'application-stage' | 'job-stage';

export interface CurrentStage {
  /** The row of the stage history. */
  rowId: string;
  /** The stage of the job. */
  stageId: string;
}

/** Null in no stage: hired, a prospect, or not there at all. https://harvestdocs.greenhouse.io/reference/get_v3-application-stages */
export async function readCurrentStage(
  client: GreenhouseClient,
  applicationId: string,
): Promise<CallResult<CurrentStage | null>> {
  const query = { application_ids: applicationId, current: true };
  const rows = await client.list('/application_stages', query, greenhouseApplicationStageSchema);
  if (!rows.ok) return rows;
  const row = rows.value.find(({ current }) => current);
  return succeed(row?.job_interview_stage_id ? { rowId: row.id, stageId: row.job_interview_stage_id } : null);
}

/** Without a target it is the next stage. Success is answered with nothing (204): whoever needs the new state reads again. */
export type MoveTarget = { to_stage_id: unknown } | { to_job_id: unknown } | Record<never, never>;

/** Moves away from `here`, in either meaning of the guard. A refusal (422) has moved nobody, so the second try is safe. */
export async function postMove(
  client: GreenhouseClient,
  space: FromStageIdSpace,
  { applicationId, here, target }: { applicationId: string; here: CurrentStage; target: MoveTarget },
): Promise<CallResult<unknown>> {
  const guards = space === 'application-stage' ? [here.rowId, here.stageId] : [here.stageId, here.rowId];
  const refusals: Extract<CallResult<unknown>, { ok: false }>[] = [];
  for (const guard of new Set(guards)) {
    const answer = await client.post(`/applications/${applicationId}/move`, { from_stage_id: toWireId(guard), ...target });
    if (answer.ok || answer.kind !== 'refused' || answer.status !== 422) return answer;
    refusals.push(answer);
  }
  // One of the two tries was wrong about the guard; what Greenhouse really minds stands in the other answer.
  const telling = refusals.find(({ detail }) => !detail.includes('from_stage_id')) ?? refusals.at(-1);
  return telling ?? { ok: false, kind: 'refused', status: 409, detail: 'No stage to move from' };
}
