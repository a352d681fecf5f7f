import type { AtsAdapter, AtsStage } from '../ats/port.ts';
import type { Clock } from '../clock.ts';
import { currentPriority, withPriority } from '../outbound/call-priority.ts';
import { type CallResult, succeed } from '../outbound/outcome.ts';
import type { Connector } from './connector.ts';

/**
 * The stages of a connection, as heard not long ago; empty while they cannot be read. Those of the given job are among them, whatever its
 * state: the list of all holds those of open jobs alone, and people stay in process on a job that is closed or a draft.
 */
export type ListStages = (connectionId: string, jobId?: string | null) => Promise<readonly AtsStage[]>;

/** An admin who renames a stage sees it here within this time. */
const REMEMBER_MS = 5 * 60_000;
const AFTER_FAILURE_MS = 15_000;
/** Beyond this many lists the one heard longest ago goes. */
const MAX_REMEMBERED = 1000;

/** Null: never heard. */
type Heard = readonly AtsStage[] | null;

/**
 * Keep one per server. Whoever asks while a list is under way waits for that one: it is a call for the whole account, and at a start every
 * lane wants it at once. It goes before other calls, whoever asked first: a person may be among those who wait. That of one job goes as
 * whoever asks goes: few wait for it, and there may be many such jobs.
 */
export function createStageLists({ connector, clock }: { connector: Connector; clock: Clock }): ListStages {
  const remembered = new Map<string, { stages: Heard; until: number }>();
  const underWay = new Map<string, Promise<Heard>>();
  const list = async (key: string, connectionId: string, jobId?: string): Promise<Heard> => {
    const adapter = await connector.ats(connectionId);
    const listed = adapter.ok ? await listFrom(adapter.value, jobId) : adapter;
    const stages = listed.ok ? listed.value : (remembered.get(key)?.stages ?? null);
    // Not asked again at every look while the ATS is away.
    const until = clock.now().getTime() + (listed.ok ? REMEMBER_MS : AFTER_FAILURE_MS);
    remembered.delete(key);
    remembered.set(key, { stages, until });
    const oldest = remembered.keys().next().value;
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return stages;
  };
  const listOnce = async (connectionId: string, jobId?: string): Promise<Heard> => {
    const key = jobId === undefined ? connectionId : `${connectionId} ${jobId}`;
    const known = remembered.get(key);
    if (known && known.until > clock.now().getTime()) return known.stages;
    const priority = jobId === undefined ? 'person' : currentPriority();
    // Whoever goes before others does not wait for the call of one who goes behind them.
    const asking = `${priority} ${key}`;
    const asked =
      underWay.get(asking) ?? withPriority(priority, () => list(key, connectionId, jobId)).finally(() => underWay.delete(asking));
    underWay.set(asking, asked);
    return await asked;
  };
  return async (connectionId, jobId) => {
    const all = await listOnce(connectionId);
    // Where the account cannot be read its jobs cannot either, and there may be many.
    if (!all || !jobId || all.some(({ job }) => job === null || job.id === jobId)) return all ?? [];
    return [...all, ...((await listOnce(connectionId, jobId)) ?? [])];
  };
}

/** Of an ATS whose stages belong to the account, one job has none besides. */
async function listFrom(adapter: AtsAdapter, jobId?: string): Promise<CallResult<AtsStage[]>> {
  return jobId === undefined || adapter.capabilities.stagesPerJob ? adapter.listStages(jobId) : succeed([]);
}
