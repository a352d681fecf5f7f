import { hasEnteredSince, isOnVisit } from '../workflow/visit.ts';
import { afterFailedLook, afterFailure, done, failed, systemName, withAts } from './ats-write.ts';
import type { EffectContext, EffectOutcome, EffectRunner } from './runner.ts';

/**
 * Story: look before writing. The application is read first: already in the target stage means done, anywhere else than where the
 * decision saw it means that somebody moved it and we keep our hands off. Greenhouse checks `from` itself as well. Who has been moved and was
 * brought back stands where the decision saw them, but on another visit: after a call whose answer was lost that visit to the target was ours,
 * and moving them once more would undo what a person did. Where the ATS does not tell since when they are where they are, nobody knows
 * whether it was our call that took them from there before somebody moved them on.
 */
export const moveToStage: EffectRunner<'move-to-stage'> = {
  async run(effect, context, interrupted) {
    const given = { effect: 'move-to-stage' as const, effectKey: effect.key, values: { stage: effect.toStageName ?? '' } };
    return await withAts(context, { ...given, mayHaveHappened: interrupted }, async (adapter): Promise<EffectOutcome> => {
      const system = systemName(adapter);
      const before = await adapter.readSnapshot(context.target.applicationId);
      // Whether an earlier call was carried out stays open until it can be read.
      if (!before.ok) return afterFailedLook(before, { ...given, system, mayHaveHappened: interrupted });
      if (before.value.stage?.id === effect.toStageId) return done(given);
      const from = { stageId: effect.fromStageId, entryKey: effect.fromEntryKey ?? null };
      if (interrupted && hasEnteredSince(before.value, effect.toStageId, from)) return done(given);
      const isElsewhere = !isOnVisit(before.value, from);
      const mayHaveHappened = interrupted && isElsewhere && from.entryKey === null;
      if (isElsewhere || before.value.status !== 'active') return leftAlone(given, context, mayHaveHappened);
      const moved = await adapter.moveToStage(context.target, { fromStageId: effect.fromStageId, toStageId: effect.toStageId });
      return moved.ok ? done(given) : afterFailure(moved, { ...given, system, mayHaveHappened: false });
    });
  },
  giveUp: (effect, _context, { why, mayHaveHappened }) =>
    failed({ effect: 'move-to-stage', effectKey: effect.key, values: { stage: effect.toStageName ?? '' } }, why, mayHaveHappened),
};

function leftAlone(
  given: { effect: 'move-to-stage'; effectKey: string; values: Record<string, string> },
  context: EffectContext,
  mayHaveHappened: boolean,
): EffectOutcome {
  context.services.log.info({ effect: given.effectKey }, 'not moved: the candidate is somewhere else by now');
  const why = 'somebody moved the candidate meanwhile.';
  return { kind: mayHaveHappened ? 'unconfirmed' : 'failed', report: failed(given, why, mayHaveHappened), why };
}
