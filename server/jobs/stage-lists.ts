import type { AtsStage } from '../ats/port.ts';
import type { Clock } from '../clock.ts';
import type { Connector } from './connector.ts';

/** The stages of a connection, as heard not long ago; empty while they cannot be read. */
export type ListStages = (connectionId: string) => Promise<readonly AtsStage[]>;

/** An admin who renames a stage sees it here within this time. */
const REMEMBER_MS = 5 * 60_000;
const AFTER_FAILURE_MS = 15_000;

/** Keep one per server. */
export function createStageLists({ connector, clock }: { connector: Connector; clock: Clock }): ListStages {
  const remembered = new Map<string, { stages: readonly AtsStage[]; until: number }>();
  return async (connectionId) => {
    const known = remembered.get(connectionId);
    if (known && known.until > clock.now().getTime()) return known.stages;
    const adapter = await connector.ats(connectionId);
    const listed = adapter.ok ? await adapter.value.listStages() : adapter;
    if (!listed.ok) {
      // Not asked again at every look while the ATS is away.
      remembered.set(connectionId, { stages: known?.stages ?? [], until: clock.now().getTime() + AFTER_FAILURE_MS });
      return known?.stages ?? [];
    }
    remembered.set(connectionId, { stages: listed.value, until: clock.now().getTime() + REMEMBER_MS });
    return listed.value;
  };
}
