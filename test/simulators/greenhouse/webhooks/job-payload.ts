import type { Application, Job } from '../world/records.ts';
import type { World } from '../world/world.ts';

type Json = Record<string, unknown>;

/** One for a candidate, none or several for a prospect. */
export function toJobPayloads(world: World, application: Application): Json[] {
  const ids = application.jobId === null ? application.prospectiveJobIds : [application.jobId];
  return ids.flatMap((id) => world.jobs.find(id) ?? []).map((job) => toJobPayload(job, application.jobPostId));
}

function toJobPayload(job: Job, jobPostId: number | null): Json {
  return {
    id: job.id,
    name: job.name,
    requisition_id: job.requisitionId,
    notes: job.notes,
    confidential: job.confidential,
    job_post_id: jobPostId,
    status: job.status,
    created_by_id: job.recruiterId,
    created_at: job.createdAt,
    opened_at: job.openedAt,
    closed_at: job.closedAt,
    departments: [],
    offices: [],
    custom_fields: {},
  };
}
