import type { Application } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { toApplicationUrl } from './application-payload.ts';
import { toCandidatePayload, toCustomFieldsPayload, toUserPayload } from './candidate-payload.ts';
import { toJobPayloads } from './job-payload.ts';

/** `payload` of hire_candidate: another shape. No `status`, `current_stage`, `prospect` or `applied_at`. */
export function toHirePayload(world: World, application: Application): { application: Record<string, unknown> } {
  const job = world.jobs.find(application.jobId);
  const opening = world.openings.find(application.hire?.openingId);
  return {
    application: {
      id: application.id,
      url: toApplicationUrl(world, application),
      opening: opening ? { opening_id: opening.openingId, custom_fields: {} } : null,
      credited_to: toUserPayload(world.users.find(application.referrerId)),
      source: application.source && { id: application.source.id, public_name: application.source.name },
      candidate: toCandidatePayload(world, world.candidates.get(application.candidateId)),
      job: { open_date: job?.openedAt ?? null, close_date: job?.closedAt ?? null },
      jobs: toJobPayloads(world, application),
      custom_fields: toCustomFieldsPayload(application.customFields),
      offer: toOffer(application),
    },
  };
}

function toOffer(application: Application): Record<string, unknown> {
  const at = application.lastActivityAt;
  const dates = { created_at: at, sent_at: at, resolved_at: at, starts_at: application.hire?.startsAt ?? null };
  return { id: application.id + 1, version: 1, ...dates, custom_fields: {} };
}
