/**
 * The stages of each job, kept for some minutes: every re-read needs their names and each look costs a call of the allowance.
 * https://developers.greenhouse.io/harvest.html#get-list-job-stages-for-job
 */
import type { Clock } from '../../clock.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { GreenhouseV1Client } from './client.ts';
import { type GreenhouseV1Stage, greenhouseV1StageSchema } from './schemas.ts';

export interface GreenhouseV1Names {
  /** `needed`: a stage that sooner asks again when the kept list misses it. */
  stagesOf(jobId: string, needed: string | null): Promise<CallResult<readonly GreenhouseV1Stage[]>>;
}

const KEEP_MS = 5 * 60_000;
/** Asked anew at most this often for a stage that stays missing (a stage taken out of use). */
const RETRY_MS = 30_000;
/** Beyond this many jobs the oldest goes. */
const MAX_KEPT = 500;

export function createGreenhouseV1Names(client: GreenhouseV1Client, clock: Clock): GreenhouseV1Names {
  const kept = new Map<string, { stages: readonly GreenhouseV1Stage[]; at: number }>();
  return {
    async stagesOf(jobId, needed) {
      const now = clock.now().getTime();
      const last = kept.get(jobId);
      const isComplete = needed === null || last?.stages.some(({ id }) => id === needed);
      if (last && now - last.at < (isComplete ? KEEP_MS : RETRY_MS)) return succeed(last.stages);
      const place = { path: `/jobs/${jobId}/stages`, right: 'Job Stages: Get: List Job Stages (For Job)' };
      const stages = await client.get(place, greenhouseV1StageSchema.array());
      if (!stages.ok) return stages;
      kept.delete(jobId);
      kept.set(jobId, { stages: stages.value, at: now });
      const oldest = kept.keys().next().value;
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      return stages;
    },
  };
}
