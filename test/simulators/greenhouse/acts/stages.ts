import { Refused } from '../refused.ts';
import { toApplicationPayload } from '../webhooks/application-payload.ts';
import type { Application, Stage, StageRow } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { type Actor, announce, remember } from './actor.ts';

/** Every stage of the job gets a row, without times until it is entered. */
export function openStageRows(world: World, application: Application, jobId: number): void {
  for (const stage of world.stagesOf(jobId)) addRow(world, application, stage);
}

function addRow(world: World, application: Application, stage: Stage): StageRow {
  return world.stageRows.add({
    applicationId: application.id,
    stageId: stage.id,
    enteredAt: null,
    exitedAt: null,
    current: false,
  });
}

/** The row that an entry now uses: the one there is, or a second one where a company's Greenhouse keeps each visit. */
function rowToEnter(world: World, application: Application, stage: Stage): StageRow {
  const last = world.stageRows.list((row) => row.applicationId === application.id && row.stageId === stage.id).at(-1);
  if (!last || (last.enteredAt !== null && world.settings.reentry === 'new-row')) return addRow(world, application, stage);
  return last;
}

export function leaveStage(world: World, application: Application, at: string): void {
  const row = world.currentRow(application);
  if (row) world.stageRows.change(row, { current: false, exitedAt: at });
}

/** Puts the application into a stage at a moment, silently. */
export function enterStage(world: World, application: Application, stage: Stage, at: string = world.now().toISOString()): void {
  leaveStage(world, application, at);
  const row = rowToEnter(world, application, stage);
  world.stageRows.change(row, { current: true, enteredAt: at, exitedAt: null });
  world.applications.change(application, { stageRowId: row.id, lastActivityAt: at });
}

/** Moves within the job, as the Move Stage button or a call does. Throws Refused. */
export function moveApplication(
  world: World,
  by: Actor,
  { applicationId, stageId }: { applicationId: number; stageId: number },
): void {
  const application = needMovable(world, applicationId);
  const stage = world.stages.find(stageId);
  if (!stage?.active || stage.jobId !== application.jobId) throw new Refused('is not an active stage of this job', 'to_stage_id');
  const before = world.currentStage(application);
  // Inferred: the documents do not say what a move to the current stage does.
  if (before?.id === stage.id) throw new Refused('is the current stage already', 'to_stage_id');
  enterStage(world, application, stage);
  remember(world, by, { candidateId: application.candidateId, applicationId }, `moved from ${before?.name} to ${stage.name}`);
  announce(world, by, 'candidate_stage_change', toApplicationPayload(world, application));
}

/** To the next stage. Throws Refused at the last one. */
export function advanceApplication(world: World, by: Actor, { applicationId }: { applicationId: number }): void {
  const application = needMovable(world, applicationId);
  const stages = world.stagesOf(application.jobId ?? 0);
  const next = stages[stages.findIndex((stage) => stage.id === world.currentStage(application)?.id) + 1];
  if (!next) throw new Refused('Application is in the last stage');
  moveApplication(world, by, { applicationId, stageId: next.id });
}

/** To another job; it lands on that job's first stage, unless another is named. Throws Refused. */
export function transferApplication(
  world: World,
  by: Actor,
  { applicationId, jobId, stageId }: { applicationId: number; jobId: number; stageId?: number },
): void {
  const application = needMovable(world, applicationId);
  const job = world.jobs.find(jobId);
  if (job?.status !== 'open') throw new Refused('is not an open job', 'to_job_id');
  // Inferred: what a transfer to the job it is for already answers is not documented.
  if (job.id === application.jobId) throw new Refused('is the job already', 'to_job_id');
  const stages = world.stagesOf(job.id);
  const entered = stageId === undefined ? stages[0] : stages.find((stage) => stage.id === stageId);
  if (!entered) throw new Refused('has no such stage', 'to_job_id');
  leaveStage(world, application, world.now().toISOString());
  world.applications.change(application, { jobId: job.id, stageRowId: null });
  openStageRows(world, application, job.id);
  enterStage(world, application, entered);
  remember(world, by, { candidateId: application.candidateId, applicationId }, `transferred to ${job.name}`);
  announce(world, by, world.settings.transferSends, toApplicationPayload(world, application));
}

function needMovable(world: World, applicationId: number): Application {
  const application = world.applications.get(applicationId);
  if (application.prospect) throw new Refused('Prospects cannot be moved between stages');
  if (application.status !== 'in_process') throw new Refused(`Application is ${application.status}`);
  return application;
}
