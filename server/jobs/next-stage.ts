import type { AtsStage } from '../ats/port.ts';
import type { ListStages } from './stage-lists.ts';

/** Where "next stage" leads: a name, nowhere (`last`), or `unknown` where the stages cannot be read or are older than the stage. */
export type FindNextStage = (place: {
  connectionId: string;
  jobId: string | null;
  stageId: string;
}) => Promise<{ name: string } | 'last' | 'unknown'>;

export function createFindNextStage(listStages: ListStages): FindNextStage {
  return async ({ connectionId, jobId, stageId }) => nextStageIn(await listStages(connectionId, jobId), { jobId, stageId });
}

/** By the order in which the ATS lists the stages of that job, or of the whole account. Inferred for Greenhouse, which chooses itself. */
export function nextStageIn(
  stages: readonly AtsStage[],
  { jobId, stageId }: { jobId: string | null; stageId: string },
): { name: string } | 'last' | 'unknown' {
  const inOrder = stages.filter(({ job }) => job === null || job.id === jobId).toSorted((a, b) => a.order - b.order);
  const here = inOrder.findIndex((stage) => stage.stageId === stageId);
  if (here < 0) return 'unknown';
  const next = inOrder[here + 1];
  return next ? { name: next.name } : 'last';
}
