import type { Stage, StageRow } from '../../world/records.ts';
import { flag, ids } from '../filters.ts';
import type { ListDefinition } from '../list.ts';

const DAY_MS = 86_400_000;

export const applicationStageList: ListDefinition<StageRow> = {
  path: '/application_stages',
  scope: 'harvest:application_stages:list',
  table: (world) => world.stageRows,
  filters: () => ({
    application_ids: ids((row) => row.applicationId),
    job_interview_stage_ids: ids((row) => row.stageId),
    current: flag((row) => row.current),
  }),
  toJson: (row, world) => ({
    id: row.id,
    application_id: row.applicationId,
    job_interview_stage_id: row.stageId,
    entered_at: row.enteredAt,
    exited_at: row.exitedAt,
    days_in_stage: countDays(row, world.now()),
    current: row.current,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }),
  candidateOf: (row, world) => world.applications.find(row.applicationId)?.candidateId ?? null,
};

function countDays({ enteredAt, exitedAt }: StageRow, now: Date): number | null {
  if (enteredAt === null) return null;
  const end = exitedAt === null ? now.getTime() : Date.parse(exitedAt);
  return Math.max(0, Math.floor((end - Date.parse(enteredAt)) / DAY_MS));
}

export const jobInterviewStageList: ListDefinition<Stage> = {
  path: '/job_interview_stages',
  scope: 'harvest:job_interview_stages:list',
  table: (world) => world.stages,
  filters: () => ({ job_ids: ids((row) => row.jobId), active: flag((row) => row.active) }),
  toJson: (row) => ({
    id: row.id,
    job_id: row.jobId,
    name: row.name,
    sort_order: row.sortOrder,
    active: row.active,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }),
};
