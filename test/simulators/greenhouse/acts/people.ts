import { Refused } from '../refused.ts';
import { toApplicationPayload, toNewApplicationPayload } from '../webhooks/application-payload.ts';
import { toCandidatePayload } from '../webhooks/candidate-payload.ts';
import type { Application, AppliedTag, Candidate, Tag } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { type Actor, announce, remember } from './actor.ts';
import { enterStage, openStageRows } from './stages.ts';

export interface NewCandidate {
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  phone?: string;
  title?: string;
  company?: string;
  private?: boolean;
  tags?: string[];
  at?: string;
}

export function createCandidate(world: World, by: Actor, wanted: NewCandidate): Candidate {
  const lastActivityAt = wanted.at ?? world.now().toISOString();
  const contacts = {
    emails: wanted.email ? [{ value: wanted.email, type: 'personal' }] : [],
    phones: wanted.phone ? [{ value: wanted.phone, type: 'mobile' }] : [],
  };
  const empty = { preferredName: null, addresses: [], websites: [], socialMedia: [], customFields: {}, canEmail: true };
  const { firstName = null, lastName = null, title = null, company = null } = wanted;
  const fields = { ...empty, ...contacts, firstName, lastName, title, company, private: wanted.private ?? false, lastActivityAt };
  const candidate = world.candidates.add(fields, lastActivityAt);
  for (const name of wanted.tags ?? []) applyTag(world, candidate.id, findOrCreateTag(world, name).id);
  world.activities.add(
    { candidateId: candidate.id, applicationId: null, text: 'added the candidate', by: by.name },
    lastActivityAt,
  );
  return candidate;
}

export interface NewApplication {
  candidateId: number;
  /** One job, or for a prospect `prospectiveJobIds`. */
  jobId?: number;
  /** A definition; the first stage when absent. */
  stageId?: number;
  prospectiveJobIds?: number[];
  source?: { id: number; name: string } | null;
  at?: string;
}

/** A person applies, or becomes a prospect. Throws Refused. */
export function createApplication(world: World, by: Actor, wanted: NewApplication): Application {
  const candidate = world.candidates.get(wanted.candidateId);
  const at = wanted.at ?? world.now().toISOString();
  const application = world.applications.add(toApplicationFields(wanted, at), at);
  if (wanted.jobId !== undefined) startOnJob(world, application, wanted, at);
  world.candidates.change(candidate, { lastActivityAt: at });
  const action = application.prospect ? 'new_prospect_application' : 'new_candidate_application';
  announce(world, by, action, toNewApplicationPayload(world, application));
  return application;
}

function toApplicationFields(wanted: NewApplication, at: string): Omit<Application, 'id' | 'createdAt' | 'updatedAt'> {
  const nothing = { jobPostId: null, stageRowId: null, rejectedAt: null, rejectionReasonId: null, referrerId: null, hire: null };
  const people = { recruiterId: null, coordinatorId: null };
  const { candidateId, jobId = null, prospectiveJobIds = [], source = null } = wanted;
  const fields = { candidateId, jobId, prospectiveJobIds, source, prospect: jobId === null, lastActivityAt: at };
  return { ...nothing, ...people, ...fields, status: 'in_process', customFields: {} };
}

function startOnJob(world: World, application: Application, wanted: NewApplication, at: string): void {
  const job = world.jobs.get(wanted.jobId ?? 0);
  const stages = world.stagesOf(job.id);
  const stage = wanted.stageId === undefined ? stages[0] : stages.find((one) => one.id === wanted.stageId);
  if (!stage) throw new Refused('is not an active stage of this job', 'initial_stage_id');
  openStageRows(world, application, job.id);
  enterStage(world, application, stage, at);
  const jobPostId = world.jobPosts.list((post) => post.jobId === job.id)[0]?.id ?? null;
  world.applications.change(application, { recruiterId: job.recruiterId, jobPostId });
}

export function findOrCreateTag(world: World, name: string): Tag {
  return world.tags.list((tag) => tag.name === name)[0] ?? world.tags.add({ name });
}

function applyTag(world: World, candidateId: number, tagId: number): AppliedTag {
  const there = world.appliedTags.list((row) => row.candidateId === candidateId && row.tagId === tagId)[0];
  return there ?? world.appliedTags.add({ candidateId, tagId });
}

/** Throws Refused when the candidate has it already. */
export function tagCandidate(
  world: World,
  by: Actor,
  { candidateId, tagId }: { candidateId: number; tagId: number },
): AppliedTag {
  const candidate = world.candidates.get(candidateId);
  const tag = world.tags.find(tagId);
  if (!tag) throw new Refused('does not exist', 'candidate_tag_id');
  const there = world.appliedTags.list((row) => row.candidateId === candidateId && row.tagId === tagId);
  // Inferred: what a second application of the same tag answers is not documented.
  if (there.length > 0) throw new Refused('has already been taken', 'candidate_tag_id');
  const row = applyTag(world, candidateId, tagId);
  remember(world, by, { candidateId, applicationId: null }, `tagged ${tag.name}`);
  announceCandidate(world, by, candidate);
  return row;
}

export function untagCandidate(world: World, by: Actor, { appliedTagId }: { appliedTagId: number }): void {
  const row = world.appliedTags.get(appliedTagId);
  world.appliedTags.remove(row.id);
  remember(world, by, { candidateId: row.candidateId, applicationId: null }, `untagged ${world.tags.get(row.tagId).name}`);
  announceCandidate(world, by, world.candidates.get(row.candidateId));
}

/** `tags` replaces the whole set, as the API's collection fields do. */
export function updateCandidate(
  world: World,
  by: Actor,
  candidateId: number,
  fields: Partial<Candidate>,
  tags?: string[],
): Candidate {
  const candidate = world.candidates.change(world.candidates.get(candidateId), fields);
  if (tags) replaceTags(world, candidateId, tags);
  remember(world, by, { candidateId, applicationId: null }, 'edited');
  announceCandidate(world, by, candidate);
  return candidate;
}

function replaceTags(world: World, candidateId: number, names: string[]): void {
  for (const row of world.appliedTags.list((one) => one.candidateId === candidateId)) world.appliedTags.remove(row.id);
  for (const name of names) applyTag(world, candidateId, findOrCreateTag(world, name).id);
}

export function updateApplication(world: World, by: Actor, applicationId: number, fields: Partial<Application>): Application {
  const application = world.applications.change(world.applications.get(applicationId), fields);
  remember(world, by, { candidateId: application.candidateId, applicationId }, 'application edited');
  announce(world, by, 'application_updated', { ...toApplicationPayload(world, application) });
  return application;
}

/** Inferred: that a changed tag sends it too. */
function announceCandidate(world: World, by: Actor, candidate: Candidate): void {
  announce(world, by, 'update_candidate', { candidate: toCandidatePayload(world, candidate) });
}
