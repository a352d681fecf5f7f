/**
 * To the next stage of the job: a move without a target. https://harvestdocs.greenhouse.io/reference/post_v3-applications-id-move
 * Scopes: harvest:applications:move, harvest:applications:list, harvest:application_stages:list.
 *
 * Once: only while the application is in the stage that the decision saw. Elsewhere by now counts as done, so that a second call, or
 * one after a lost answer, never moves it on once more.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { GreenhouseClient } from './client.ts';
import { readApplication } from './read-snapshot.ts';
import { refuse, refuseUnlessInProcess } from './refusal.ts';
import { type FromStageIdSpace, postMove, readCurrentStage } from './stage-guard.ts';

export interface Advance {
  applicationId: string;
  fromStageId: string;
}

export async function advance(
  client: GreenhouseClient,
  space: FromStageIdSpace,
  { applicationId, fromStageId }: Advance,
): Promise<CallResult<void>> {
  const application = await readApplication(client, applicationId);
  if (!application.ok) return application;
  const closed = refuseUnlessInProcess(application.value);
  if (closed) return closed;
  const here = await readCurrentStage(client, applicationId);
  if (!here.ok) return here;
  if (here.value === null) return refuse('The candidate is in no stage');
  if (here.value.stageId !== fromStageId) return succeed(undefined);
  return confirm(
    client,
    { applicationId, fromStageId },
    await postMove(client, space, { applicationId, here: here.value, target: {} }),
  );
}

/** What came of it is where the candidate is now; a read that fails takes nothing away from a clear answer. */
async function confirm(client: GreenhouseClient, move: Advance, answer: CallResult<unknown>): Promise<CallResult<void>> {
  if (!answer.ok && answer.kind !== 'ambiguous' && answer.kind !== 'refused') return answer;
  const now = await readCurrentStage(client, move.applicationId);
  if (!now.ok) return answer.ok ? succeed(undefined) : answer;
  const stayed = now.value?.stageId === move.fromStageId;
  if (!answer.ok) return stayed || now.value === null ? answer : succeed(undefined);
  return stayed ? { ok: false, kind: 'ambiguous', detail: 'Greenhouse took the move but does not show it' } : succeed(undefined);
}
