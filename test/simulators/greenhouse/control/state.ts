import { toName } from '../pages/name.ts';
import type { World } from '../world/world.ts';

/** Everything a person playing the ATS needs to see. No secrets. */
export function toState(world: World) {
  return {
    settings: world.settings,
    users: world.users.list(),
    jobs: world.jobs.list().map((job) => ({ id: job.id, name: job.name, status: job.status, stages: world.stagesOf(job.id) })),
    reasons: world.reasons.list(),
    candidates: world.candidates.list().map((row) => ({ ...row, name: toName(row), tags: world.tagsOf(row.id) })),
    applications: world.applications.list().map((row) => ({
      ...row,
      stage: world.currentStage(row)?.name ?? null,
      stageId: world.currentStage(row)?.id ?? null,
    })),
    notes: world.notes.list(),
    webhooks: world.webhooks.list().map(({ secret: _, basicAuth: __, ...webhook }) => webhook),
  };
}
