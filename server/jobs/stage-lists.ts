import type { AtsStage } from '../ats/port.ts';
import type { Clock } from '../clock.ts';
import { withPriority } from '../outbound/call-priority.ts';
import type { Connector } from './connector.ts';

/** The stages of a connection, as heard not long ago; empty while they cannot be read. */
export type ListStages = (connectionId: string) => Promise<readonly AtsStage[]>;

/** An admin who renames a stage sees it here within this time. */
const REMEMBER_MS = 5 * 60_000;
const AFTER_FAILURE_MS = 15_000;

/**
 * Keep one per server. Whoever asks while a list is under way waits for that one: it is a call for the whole account, and at a start every
 * lane wants it at once. It goes before other calls, whoever asked first: a person may be among those who wait.
 */
export function createStageLists({ connector, clock }: { connector: Connector; clock: Clock }): ListStages {
  const remembered = new Map<string, { stages: readonly AtsStage[]; until: number }>();
  const underWay = new Map<string, Promise<readonly AtsStage[]>>();
  const list = async (connectionId: string): Promise<readonly AtsStage[]> => {
    const adapter = await connector.ats(connectionId);
    const listed = adapter.ok ? await adapter.value.listStages() : adapter;
    const stages = listed.ok ? listed.value : (remembered.get(connectionId)?.stages ?? []);
    // Not asked again at every look while the ATS is away.
    const until = clock.now().getTime() + (listed.ok ? REMEMBER_MS : AFTER_FAILURE_MS);
    remembered.set(connectionId, { stages, until });
    return stages;
  };
  return async (connectionId) => {
    const known = remembered.get(connectionId);
    if (known && known.until > clock.now().getTime()) return known.stages;
    const asked =
      underWay.get(connectionId) ?? withPriority('person', () => list(connectionId)).finally(() => underWay.delete(connectionId));
    underWay.set(connectionId, asked);
    return await asked;
  };
}
