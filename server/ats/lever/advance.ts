import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsStage, WriteTarget } from '../port.ts';
import { moveToStage } from './calls.ts';
import type { LeverClient } from './client.ts';
import { refused } from './results.ts';

/**
 * Lever has no call for "the next stage": it is the next one of the account's pipeline, in the order in which Lever lists the stages.
 * Already there counts as done. https://hire.lever.co/developer/documentation#list-all-stages
 */
export async function advance(
  client: LeverClient,
  stages: CallResult<readonly AtsStage[]>,
  target: WriteTarget,
  { fromStageId }: { fromStageId: string },
): Promise<CallResult<void>> {
  if (!stages.ok) return stages;
  const next = nextStage(stages.value, fromStageId);
  return next.ok ? moveToStage(client, target, { fromStageId, toStageId: next.value.stageId }) : next;
}

export function nextStage(stages: readonly AtsStage[], fromStageId: string): CallResult<AtsStage> {
  const inOrder = stages.toSorted((a, b) => a.order - b.order);
  const here = inOrder.findIndex(({ stageId }) => stageId === fromStageId);
  if (here < 0) return refused('The stage is no longer there in Lever.');
  const next = inOrder[here + 1];
  return next ? succeed(next) : refused('There is no stage after this one in Lever.');
}
