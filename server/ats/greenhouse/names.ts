/**
 * Names that Greenhouse keeps apart from what they name: stages of a job, rejection reasons. Kept for some minutes, because every
 * re-read needs them and each look costs a call of the allowance.
 */
import type { Clock } from '../../clock.ts';
import { currentPriority } from '../../outbound/call-priority.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { isRefusal } from '../is-refusal.ts';
import type { GreenhouseClient } from './client.ts';
import { greenhouseJobStageSchema, greenhouseRejectionReasonSchema } from './schemas.ts';

export type Names = ReadonlyMap<string, string | null>;

/** Names that were read elsewhere, and when the answer with them had come. */
export interface ToldNames {
  names: Names;
  at: Date;
}

export interface GreenhouseNames {
  /**
   * Stage id -> name, also of stages that are not used any more. Looked up anew sooner when the kept list misses one of `needed`, or has
   * another name than was `told` elsewhere. Of two names the one that was read later is given.
   */
  stagesOf(jobId: string, needed: readonly string[], told: ToldNames): Promise<CallResult<Names>>;
  rejectionReasons(needed: readonly string[]): Promise<CallResult<Names>>;
}

const KEEP_MS = 5 * 60_000;
/** Looked up anew at most this often for a name that stays missing (a stage of a former job), keeps differing, or cannot be read. */
const RETRY_MS = 30_000;
/** A list that knows all that is needed serves this long while no newer one can be had. */
const KEEP_WHILE_AWAY_MS = 30 * 60_000;
/** Beyond this many lists the oldest goes. */
const MAX_KEPT = 500;

const NOTHING_TOLD: ToldNames = { names: new Map(), at: new Date(0) };

interface List {
  names: Names;
  /** When it was asked for, in milliseconds. */
  at: number;
}

export function createGreenhouseNames(client: GreenhouseClient, clock: Clock): GreenhouseNames {
  const kept = new Map<string, List>();
  /** Key -> when a newer list could not be had. */
  const failedAt = new Map<string, number>();
  const underWay = new Map<string, Promise<CallResult<List>>>();

  async function ask(key: string, read: Read): Promise<CallResult<List>> {
    const at = clock.now().getTime();
    const rows = await read();
    if (!rows.ok) {
      if (kept.has(key)) failedAt.set(key, at);
      return rows;
    }
    const list = { names: new Map(rows.value.map((row) => [row.id, row.name])), at };
    // Another one was asked for later and came sooner.
    if ((kept.get(key)?.at ?? at) > at) return succeed(list);
    failedAt.delete(key);
    kept.delete(key);
    kept.set(key, list);
    const oldest = kept.keys().next().value;
    if (kept.size > MAX_KEPT && oldest !== undefined) {
      kept.delete(oldest);
      failedAt.delete(oldest);
    }
    return succeed(list);
  }

  async function look(
    key: string,
    needed: readonly string[],
    read: Read,
    told: ToldNames = NOTHING_TOLD,
  ): Promise<CallResult<Names>> {
    const now = clock.now().getTime();
    const last = kept.get(key);
    if (last && now - last.at < (isUpToDate(last, needed, told) ? KEEP_MS : RETRY_MS)) return succeed(newerOf(last, told));
    const serves = last && now - last.at < KEEP_WHILE_AWAY_MS && isEnough(last, needed, told);
    const failed = failedAt.get(key);
    if (serves && failed !== undefined && now - failed < RETRY_MS) return succeed(newerOf(last, told));
    // Whoever goes before others does not wait for the call of one who goes behind them.
    const asking = `${currentPriority()} ${key}`;
    const others = underWay.get(asking);
    const asked = others ?? ask(key, read).finally(() => underWay.delete(asking));
    underWay.set(asking, asked);
    const list = await asked;
    if (list.ok) return succeed(others ? newerOf(list.value, told) : over(list.value.names, told.names));
    // A right that is missing is for an admin to give, so it has to be heard of.
    return serves && !isRefusal(list) ? succeed(newerOf(last, told)) : list;
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

type Read = () => Promise<CallResult<{ id: string; name: string | null }[]>>;

function isUpToDate({ names }: List, needed: readonly string[], told: ToldNames): boolean {
  return needed.every((id) => names.has(id)) && [...told.names].every(([id, name]) => names.get(id) === name);
}

function isEnough({ names }: List, needed: readonly string[], told: ToldNames): boolean {
  return needed.every((id) => names.has(id) || told.names.has(id));
}

/** A list that was asked for only after the told names had come is newer than they are; any other is taken for older. */
function newerOf(list: List, told: ToldNames): Names {
  return list.at > told.at.getTime() ? over(list.names, told.names) : over(told.names, list.names);
}

/** The first, and the second where the first has no name. */
function over(first: Names, second: Names): Names {
  return new Map([...second, ...[...first].filter(([id, name]) => name !== null || !second.has(id))]);
}
