/**
 * Names that Greenhouse keeps apart from what they name: stages of a job, rejection reasons. Kept for some minutes, because every
 * re-read needs them and each look costs a call of the allowance.
 */
import type { Clock } from '../../clock.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { GreenhouseClient } from './client.ts';
import { greenhouseJobStageSchema, greenhouseRejectionReasonSchema } from './schemas.ts';

export type Names = ReadonlyMap<string, string | null>;

export interface GreenhouseNames {
  /**
   * Stage id -> name, also of stages that are not used any more. Looked up anew sooner when the kept list misses one of `needed`, or has
   * another name than was `told` elsewhere.
   */
  stagesOf(jobId: string, needed: readonly string[], told: Names): Promise<CallResult<Names>>;
  rejectionReasons(needed: readonly string[]): Promise<CallResult<Names>>;
}

const KEEP_MS = 5 * 60_000;
/** Looked up anew at most this often for a name that stays missing (a stage of a former job), or keeps differing. */
const RETRY_MS = 30_000;
/** Beyond this many lists the oldest goes. */
const MAX_KEPT = 500;

export function createGreenhouseNames(client: GreenhouseClient, clock: Clock): GreenhouseNames {
  const kept = new Map<string, { names: Names; at: number }>();

  async function look(
    key: string,
    needed: readonly string[],
    read: () => Promise<CallResult<{ id: string; name: string | null }[]>>,
    told: Names = new Map(),
  ) {
    const now = clock.now().getTime();
    const last = kept.get(key);
    const isComplete = needed.every((id) => last?.names.has(id));
    const isUpToDate = [...told].every(([id, name]) => last?.names.get(id) === name);
    const keepMs = isComplete && isUpToDate ? KEEP_MS : RETRY_MS;
    if (last && now - last.at < keepMs) return succeed(last.names);
    const rows = await read();
    if (!rows.ok) return rows;
    const names: Names = new Map(rows.value.map((row) => [row.id, row.name]));
    kept.delete(key);
    kept.set(key, { names, at: now });
    const oldest = kept.keys().next().value;
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    return succeed(names);
  }

  return {
    // https://harvestdocs.greenhouse.io/reference/get_v3-job-interview-stages
    stagesOf: (jobId, needed, told) => {
      const read = () => client.list('/job_interview_stages', { job_ids: jobId }, greenhouseJobStageSchema);
      return look(`job ${jobId}`, needed, read, told);
    },
    // https://harvestdocs.greenhouse.io/reference/get_v3-rejection-reasons: the built-in reasons only when asked for.
    rejectionReasons: (needed) =>
      look('reasons', needed, () =>
        client.list('/rejection_reasons', { include_defaults: true }, greenhouseRejectionReasonSchema),
      ),
  };
}
