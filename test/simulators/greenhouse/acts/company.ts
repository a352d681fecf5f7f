import { Refused } from '../refused.ts';
import type { CustomField, Job, Reason, ReasonType, Stage, User } from '../world/records.ts';
import type { World } from '../world/world.ts';

export interface NewUser {
  firstName: string;
  lastName: string;
  email: string;
  siteAdmin?: boolean;
  seesPrivate?: boolean;
  jobAdminOf?: number[];
  serviceAccount?: boolean;
  jobTitle?: string;
}

export function createUser(world: World, wanted: NewUser): User {
  const plain = { siteAdmin: false, seesPrivate: false, jobAdminOf: [], serviceAccount: false, jobTitle: null };
  return world.users.add({ ...plain, deactivated: false, employeeId: null, ...wanted });
}

export interface NewJob {
  name: string;
  requisitionId?: string;
  /** In order. */
  stages?: string[];
  openings?: number;
  recruiterId?: number;
  status?: Job['status'];
}

export function createJob(world: World, wanted: NewJob): Job {
  const { name, requisitionId = null, recruiterId = null, status = 'open', stages = [], openings = 1 } = wanted;
  const openedAt = world.now().toISOString();
  const dates = { openedAt: status === 'draft' ? null : openedAt, closedAt: null };
  const job = world.jobs.add({ name, requisitionId, recruiterId, status, confidential: false, notes: null, ...dates });
  world.jobPosts.add({ jobId: job.id, title: name, live: status === 'open' });
  for (const stage of stages) createStage(world, { jobId: job.id, name: stage });
  for (let n = 1; n <= openings; n += 1) addOpening(world, job.id, `${requisitionId ?? job.id}-${n}`, openedAt);
  return job;
}

function addOpening(world: World, jobId: number, openingId: string, openedAt: string): void {
  world.openings.add({ jobId, openingId, openedAt, closedAt: null, applicationId: null, closeReasonId: null });
}

/** The new last stage of a job. Applications already there get a row without times. */
export function createStage(world: World, { jobId, name }: { jobId: number; name: string }): Stage {
  const job = world.jobs.get(jobId);
  const sortOrder = world.stages.list((stage) => stage.jobId === job.id).length;
  const stage = world.stages.add({ jobId, name, sortOrder, active: true });
  for (const application of world.applications.list((row) => row.jobId === jobId)) {
    world.stageRows.add({ applicationId: application.id, stageId: stage.id, enteredAt: null, exitedAt: null, current: false });
  }
  return stage;
}

/** Takes a stage out of use; it is kept for history. Refused while somebody is in it. */
export function retireStage(world: World, { stageId }: { stageId: number }): Stage {
  const stage = world.stages.get(stageId);
  const inside = world.stageRows.list((row) => row.stageId === stageId && row.current);
  if (inside.length > 0) throw new Refused('Somebody is in this stage');
  return world.stages.change(stage, { active: false });
}

export function createReason(world: World, wanted: { name: string; type?: ReasonType; builtIn?: boolean }): Reason {
  return world.reasons.add({ type: 'WE_REJECTED_THEM', builtIn: false, ...wanted });
}

export interface NewCustomField {
  name: string;
  fieldType: CustomField['fieldType'];
  valueType: string;
  /** For a select: what may be chosen, in order. */
  options?: string[];
  required?: boolean;
}

/** The key is made of the name and stays when that changes. */
export function createCustomField(world: World, { options = [], required = false, ...wanted }: NewCustomField): CustomField {
  const nameKey = wanted.name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const field = world.customFields.add({ ...wanted, nameKey, required, private: false, active: true });
  for (const name of options) world.customFieldOptions.add({ fieldId: field.id, name });
  return field;
}

/** Takes a field out of use; what was written in it stays. */
export function retireCustomField(world: World, { fieldId }: { fieldId: number }): CustomField {
  return world.customFields.change(world.customFields.get(fieldId), { active: false });
}
