import type { AtsStage } from '../ats/port.ts';
import type { Policy, StageRoleRule } from '../workflow/policy.ts';
import type { Connector } from './connector.ts';
import type { ListStages } from './stage-lists.ts';

/** Where "move on" leads in one job, open or not; null when no stage has the role `onsite` there, `unknown` where its stages cannot be read. */
export type FindMoveTarget = (
  connectionId: string,
  jobId: string | null,
  roles: readonly StageRoleRule[],
) => Promise<Policy['moveTarget']>;

export function createFindMoveTarget({
  connector,
  listStages,
}: {
  connector: Connector;
  listStages: ListStages;
}): FindMoveTarget {
  return async (connectionId, jobId, roles) => {
    const onsite = roles.filter((rule) => rule.role === 'onsite');
    if (onsite.length === 0) return null;
    const adapter = await connector.ats(connectionId);
    // Where stages belong to the account, what the set-up noted is enough: a key with the least rights cannot list stages.
    const noted =
      adapter.ok && !adapter.value.capabilities.stagesPerJob ? onsite.find((rule) => rule.stageId && rule.stageName) : undefined;
    if (noted?.stageId && noted.stageName) return { stageId: noted.stageId, name: noted.stageName };
    const listed = await listStages(connectionId, jobId);
    const stages = listed.filter((stage) => stage.job === null || stage.job.id === jobId).toSorted((a, b) => a.order - b.order);
    if (listed.length === 0 || (jobId !== null && stages.length === 0)) return 'unknown';
    const found = stages.find((stage) => onsite.some((rule) => matches(rule, stage)));
    return found ? { stageId: found.stageId, name: found.name } : null;
  };
}

function matches(rule: StageRoleRule, stage: AtsStage): boolean {
  if (rule.stageId !== null) return rule.stageId === stage.stageId;
  return rule.stageName !== null && rule.stageName.trim().toLocaleLowerCase('en') === stage.name.trim().toLocaleLowerCase('en');
}
