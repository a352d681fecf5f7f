import type { Application } from '../../world/records.ts';
import type { World } from '../../world/world.ts';
import { exactly, flag, ids, moment, oneOf } from '../filters.ts';
import type { ListDefinition } from '../list.ts';

export const applicationList: ListDefinition<Application> = {
  path: '/applications',
  scope: 'harvest:applications:list',
  table: (world) => world.applications,
  filters: (world) => ({
    candidate_ids: ids((row) => row.candidateId),
    job_ids: ids((row) => row.jobId),
    prospective_job_ids: ids((row) => row.prospectiveJobIds),
    job_post_ids: ids((row) => row.jobPostId),
    source_ids: ids((row) => row.source?.id ?? null),
    referrer_ids: ids((row) => row.referrerId),
    // The trap: these are ids of application_stages. Given definitions it finds nothing, without an error.
    stage_ids: ids((row) => row.stageRowId),
    job_interview_stage_ids: ids((row) => world.currentStage(row)?.id ?? null),
    // The filter says `active` where the answer says `in_process`.
    status: oneOf({
      active: (row) => row.status === 'in_process',
      rejected: (row) => row.status === 'rejected',
      hired: (row) => row.status === 'hired',
      converted: (row) => row.status === 'converted',
    }),
    stage_name: exactly((row) => world.currentStage(row)?.name ?? null),
    prospect: flag((row) => row.prospect),
    custom_field_option_id: ids(() => null),
    last_activity_at: moment((row) => row.lastActivityAt),
  }),
  toJson: toApplicationJson,
  candidateOf: (row) => row.candidateId,
};

export function toApplicationJson(row: Application, world: World): Record<string, unknown> {
  const hidden = row.status === 'rejected' && world.settings.rejectedStage === 'null';
  const stage = hidden ? undefined : world.currentStage(row);
  return {
    id: row.id,
    candidate_id: row.candidateId,
    job_id: row.jobId,
    job_post_id: row.jobPostId,
    status: row.status,
    stage_id: hidden ? null : row.stageRowId,
    stage_name: stage?.name ?? null,
    job_interview_stage_id: stage?.id ?? null,
    rejection_reason_id: row.rejectionReasonId,
    rejected_at: row.rejectedAt,
    prospect: row.prospect,
    prospective_job_ids: row.prospectiveJobIds,
    needs_decision: false,
    recruiter_id: row.recruiterId,
    coordinator_id: row.coordinatorId,
    referrer_id: row.referrerId,
    source_id: row.source?.id ?? null,
    agency_note_id: null,
    location_address: null,
    answers: [],
    custom_fields: row.customFields,
    last_activity_at: row.lastActivityAt,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}
