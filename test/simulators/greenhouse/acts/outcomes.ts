import { Refused } from '../refused.ts';
import { toApplicationPayload } from '../webhooks/application-payload.ts';
import { toHirePayload } from '../webhooks/hire-payload.ts';
import type { Application, Opening, RejectionDetail } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { type Actor, announce, remember } from './actor.ts';
import { leaveStage } from './stages.ts';

export interface Rejection {
  applicationId: number;
  reasonId: number;
  notes?: string;
}

/** Throws Refused when it is rejected or hired already, or when the reason does not exist. */
export function rejectApplication(world: World, by: Actor, { applicationId, reasonId, notes }: Rejection): void {
  const application = world.applications.get(applicationId);
  if (application.status !== 'in_process') throw new Refused(`Application is ${application.status}`);
  const reason = world.reasons.find(reasonId);
  if (!reason) throw new Refused('does not exist', 'rejection_reason_id');
  const rejectedAt = world.now().toISOString();
  const noteId = notes ? addRejectionNote(world, by, application, notes) : null;
  world.rejectionDetails.add({ applicationId, rejectedById: by.userId, reasonId, noteId, rejectedAt });
  world.applications.change(application, { status: 'rejected', rejectedAt, rejectionReasonId: reasonId });
  remember(world, by, about(application), `rejected: ${reason.name}`);
  announce(world, by, 'reject_candidate', toApplicationPayload(world, application));
}

function addRejectionNote(world: World, by: Actor, application: Application, body: string): number {
  const empty = { subject: null, emailFrom: null, emailTo: null, emailCc: null };
  const note = { ...about(application), userId: by.userId, type: 'NOTE', visibility: 'public' as const, body, ...empty };
  return world.notes.add(note).id;
}

/** Clears the reason and its note. Throws Refused unless rejected. */
export function unrejectApplication(world: World, by: Actor, { applicationId }: { applicationId: number }): void {
  const application = world.applications.get(applicationId);
  if (application.status !== 'rejected') throw new Refused('Application is not rejected');
  for (const detail of world.rejectionDetails.list((row) => row.applicationId === applicationId)) {
    if (detail.noteId) world.notes.remove(detail.noteId);
    world.rejectionDetails.remove(detail.id);
  }
  world.applications.change(application, { status: 'in_process', rejectedAt: null, rejectionReasonId: null });
  remember(world, by, about(application), 'unrejected');
  announce(world, by, 'unreject_candidate', toApplicationPayload(world, application));
}

/** Another reason for a rejection that stands. Throws Refused when there is no such reason. */
export function changeRejectionReason(
  world: World,
  by: Actor,
  { detailId, reasonId }: { detailId: number; reasonId: number },
): RejectionDetail {
  const detail = world.rejectionDetails.get(detailId);
  const reason = world.reasons.find(reasonId);
  if (!reason) throw new Refused('does not exist', 'rejection_reason_id');
  const application = world.applications.get(detail.applicationId);
  world.applications.change(application, { rejectionReasonId: reasonId });
  remember(world, by, about(application), `reason of rejection changed to ${reason.name}`);
  announce(world, by, 'application_updated', toApplicationPayload(world, application));
  return world.rejectionDetails.change(detail, { reasonId });
}

export interface Hiring {
  applicationId: number;
  openingId?: number;
  startsAt?: string;
}

/** Needs the opening when the job has more than one open. Throws Refused. */
export function hireApplication(world: World, by: Actor, hiring: Hiring): void {
  const application = world.applications.get(hiring.applicationId);
  if (application.status !== 'in_process' || application.prospect) throw new Refused('Application cannot be hired');
  const opening = chooseOpening(world, application, hiring.openingId);
  const at = world.now().toISOString();
  const stageRowId = application.stageRowId;
  leaveStage(world, application, at);
  if (opening) world.openings.change(opening, { closedAt: at, applicationId: application.id });
  const hire = { openingId: opening?.id ?? null, startsAt: hiring.startsAt ?? null, stageRowId };
  world.applications.change(application, { status: 'hired', stageRowId: null, hire });
  remember(world, by, about(application), 'hired');
  if (by.kind === 'person' || world.settings.apiHireSendsWebhook)
    announce(world, by, 'hire_candidate', toHirePayload(world, application));
}

function chooseOpening(world: World, application: Application, wanted: number | undefined): Opening | undefined {
  const open = world.openings.list((row) => row.jobId === application.jobId && row.closedAt === null);
  if (wanted === undefined && open.length > 1) throw new Refused('is required: the job has several openings', 'opening_id');
  const opening = wanted === undefined ? open[0] : open.find((row) => row.id === wanted);
  if (wanted !== undefined && !opening) throw new Refused('is not an open opening of this job', 'opening_id');
  return opening;
}

/** The Unhire button: back into the stage it was hired from. Throws Refused unless hired. */
export function unhireApplication(world: World, by: Actor, { applicationId }: { applicationId: number }): void {
  const application = world.applications.get(applicationId);
  if (application.status !== 'hired') throw new Refused('Application is not hired');
  const opening = world.openings.find(application.hire?.openingId);
  if (opening) world.openings.change(opening, { closedAt: null, applicationId: null, closeReasonId: null });
  const row = world.stageRows.find(application.hire?.stageRowId);
  if (row) world.stageRows.change(row, { current: true, exitedAt: null });
  world.applications.change(application, { status: 'in_process', stageRowId: row?.id ?? null, hire: null });
  remember(world, by, about(application), 'unhired');
  announce(world, by, 'unhire_candidate', toApplicationPayload(world, application));
}

function about(application: Application): { candidateId: number; applicationId: number } {
  return { candidateId: application.candidateId, applicationId: application.id };
}
