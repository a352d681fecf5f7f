import type { Application, Stage } from '../world/records.ts';
import { REASON_TYPES } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { toCandidatePayload, toCustomFieldsPayload, toUserPayload } from './candidate-payload.ts';
import { toJobPayloads } from './job-payload.ts';

type Json = Record<string, unknown>;

/**
 * `payload` of candidate_stage_change, reject_candidate, unreject_candidate, unhire_candidate and application_updated. There is
 * no previous stage, no mover, no event time and no organisation in it. The status words are those of v1.
 */
export function toApplicationPayload(world: World, application: Application): { application: Json } {
  const rejected = application.status === 'rejected';
  const candidate = world.candidates.get(application.candidateId);
  return {
    application: {
      id: application.id,
      status: application.status === 'in_process' ? 'active' : application.status,
      prospect: application.prospect,
      applied_at: application.createdAt,
      last_activity_at: application.lastActivityAt,
      rejected_at: application.rejectedAt,
      url: toApplicationUrl(world, application),
      source: toSource(application, rejected ? 'public_name' : 'name'),
      credited_to: toUserPayload(world.users.find(application.referrerId)),
      rejection_reason: rejected ? toReason(world, application) : null,
      rejection_details: rejected ? { custom_fields: {} } : null,
      current_stage: toCurrentStage(world.currentStage(application)),
      custom_fields: toCustomFieldsPayload(application.customFields),
      candidate: toCandidatePayload(world, candidate, { withUrl: !rejected }),
      jobs: toJobPayloads(world, application),
    },
  };
}

/** `payload` of new_candidate_application and new_prospect_application. */
export function toNewApplicationPayload(world: World, application: Application): { application: Json } {
  const { application: plain } = toApplicationPayload(world, application);
  const jobs = toJobPayloads(world, application).map((job) => ({
    ...job,
    url: `${world.pagesUrl}/sdash/${job.id}`,
    hiring_team: toHiringTeam(application),
  }));
  const prospect_detail = { prospect_pool: null, prospect_stage: null, prospect_owner: null };
  return { application: { ...plain, prospect_detail, jobs, hiring_team: toHiringTeam(application) } };
}

function toHiringTeam({ recruiterId }: Application): Json {
  const recruiters = recruiterId === null ? [] : [{ user_id: recruiterId, employee_id: null }];
  return { hiring_managers: [], sourcers: [], recruiters, coordinators: [] };
}

/** One documented payload has a stray space in it. */
export function toApplicationUrl(world: World, application: Application): string {
  const gap = world.settings.strayUrlSpace ? ' ' : '';
  return `${world.pagesUrl}/people/${application.candidateId}?application_id=${gap}${application.id}`;
}

function toSource({ source }: Application, nameKey: 'name' | 'public_name'): Json | null {
  return source && { id: source.id, [nameKey]: source.name };
}

function toReason(world: World, { rejectionReasonId }: Application): Json | null {
  const reason = world.reasons.find(rejectionReasonId);
  if (!reason) return null;
  const typeId = Object.keys(REASON_TYPES).indexOf(reason.type) + 1;
  return { id: reason.id, name: reason.name, type: { id: typeId, name: REASON_TYPES[reason.type] } };
}

/** The id is the definition's, not the row's. */
function toCurrentStage(stage: Stage | undefined): Json | null {
  return stage ? { id: stage.id, name: stage.name, interviews: [] } : null;
}
