import type { AtsStage } from '../ats/port.ts';
import type { Clock } from '../clock.ts';
import type { Policy, StageRoleRule } from '../workflow/policy.ts';
import type { Connector } from './connector.ts';

/** Where "move on" leads in one job; null when no stage has the role `onsite` there, or the stages cannot be read. */
export type FindMoveTarget = (
  connectionId: string,
  jobId: string | null,
  roles: readonly StageRoleRule[],
) => Promise<Policy['moveTarget']>;

/** An admin who renames a stage sees it here within this time. */
const REMEMBER_MS = 5 * 60_000;
const AFTER_FAILURE_MS = 15_000;

export function createFindMoveTarget({ connector, clock }: { connector: Connector; clock: Clock }): FindMoveTarget {
  const remembered = new Map<string, { stages: AtsStage[]; until: number }>();
  const stagesOf = async (connectionId: string): Promise<AtsStage[]> => {
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
  return async (connectionId, jobId, roles) => {
    const onsite = roles.filter((rule) => rule.role === 'onsite');
    if (onsite.length === 0) return null;
    const adapter = await connector.ats(connectionId);
    // Where stages belong to the account, what the set-up noted is enough: a key with the least rights cannot list stages.
    const noted =
      adapter.ok && !adapter.value.capabilities.stagesPerJob ? onsite.find((rule) => rule.stageId && rule.stageName) : undefined;
    if (noted?.stageId && noted.stageName) return { stageId: noted.stageId, name: noted.stageName };
    const stages = (await stagesOf(connectionId))
      .filter((stage) => stage.job === null || stage.job.id === jobId)
      .toSorted((a, b) => a.order - b.order);
    const found = stages.find((stage) => onsite.some((rule) => matches(rule, stage)));
    return found ? { stageId: found.stageId, name: found.name } : null;
  };
}

function matches(rule: StageRoleRule, stage: AtsStage): boolean {
  if (rule.stageId !== null) return rule.stageId === stage.stageId;
  return rule.stageName !== null && rule.stageName.trim().toLocaleLowerCase('en') === stage.name.trim().toLocaleLowerCase('en');
}
