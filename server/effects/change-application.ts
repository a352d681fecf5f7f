import type { Snapshot } from '../../lib/domain/application.ts';
import type { AtsAdapter } from '../ats/port.ts';
import type { CallResult } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import type { Effect } from '../workflow/effect.ts';
import { isOnVisit } from '../workflow/visit.ts';
import { afterFailedLook, afterFailure, done, failed, systemName, withAts } from './ats-write.ts';
import type { EffectContext, EffectOutcome, EffectRunner } from './runner.ts';

type ChangeEffect = Extract<Effect, { kind: 'change-application' }>;

/**
 * Story: look before acting. The application is read first, and what it is already is not made so again: a transfer, a rejection, its
 * taking back and a hire are told apart from their being done by what the ATS shows (AtsOperations promises the same for the moment of
 * the call itself). "To the next stage" alone says nothing of where it leads, so that a second call would lead one further: it is made
 * only while the application stands in the stage that the person saw. After a call whose answer was lost, standing elsewhere means that
 * it was done; before any call it means that somebody else was faster, and we keep our hands off.
 */
export const changeApplication: EffectRunner<'change-application'> = {
  async run(effect, context, interrupted) {
    const given = givenOf(effect, context);
    return await withAts(context, { ...given, mayHaveHappened: interrupted }, async (adapter): Promise<EffectOutcome> => {
      const system = systemName(adapter);
      const before = await adapter.readSnapshot(context.target.applicationId);
      // Whether an earlier call was carried out stays open until it can be read.
      if (!before.ok) return afterFailedLook(before, { ...given, system, mayHaveHappened: interrupted });
      const found = judge(effect, before.value, interrupted);
      if (found === 'done') return done(given);
      if (found === 'unsure') return unconfirmed(given);
      if (found !== 'open') return { kind: 'failed', report: failed(given, found), why: found };
      const call = callOf(effect, adapter, context);
      const changed = call ? await call() : CANNOT;
      return changed.ok ? done(given) : afterFailure(changed, { ...given, system, mayHaveHappened: false });
    });
  },
  giveUp: (effect, context, { why, mayHaveHappened }) => failed(givenOf(effect, context), why, mayHaveHappened),
};

/** What there is to do: nothing more, the call, nothing that would be sure, or nothing because of this. */
function judge(
  { change, fromStageId, fromEntryKey = null }: ChangeEffect,
  now: Snapshot,
  interrupted: boolean,
): 'done' | 'open' | 'unsure' | string {
  // Also who has left and was brought back: moving them on once more would undo what a person did.
  const isElsewhere = !isOnVisit(now, { stageId: fromStageId, entryKey: fromEntryKey });
  switch (change.kind) {
    case 'advance':
      // Closed since, they may have been taken to another stage by that.
      if (isElsewhere && interrupted) return now.status === 'active' ? 'done' : 'unsure';
      break;
    case 'transfer':
      if (now.job?.id === change.jobId) return 'done';
      break;
    // For another reason than asked for is for the adapter to refuse, which knows best what the ATS calls the same.
    case 'reject':
      return now.status === 'hired' ? say('server.change.hired') : 'open';
    case 'unreject':
      if (now.status === 'active' || now.status === 'prospect') return 'done';
      return now.status === 'hired' ? say('server.change.hired') : 'open';
    case 'hire':
      if (now.status === 'hired') return 'done';
      return now.status === 'archived' ? say('server.change.closed') : 'open';
  }
  if (now.status !== 'active') return say('server.change.closed');
  return isElsewhere ? say('server.change.moved') : 'open';
}

function unconfirmed(given: ReturnType<typeof givenOf>): EffectOutcome {
  const why = say('server.change.closed');
  return { kind: 'unconfirmed', report: failed(given, why, true), why };
}

/** Null where the ATS, or this kind of credential, cannot do it at all. */
function callOf(
  { change, fromStageId }: ChangeEffect,
  { operations }: AtsAdapter,
  { target }: EffectContext,
): (() => Promise<CallResult<void>>) | null {
  const { advance, transfer, reject, unreject, hire } = operations;
  switch (change.kind) {
    case 'advance':
      return advance && fromStageId !== null ? () => advance(target, { fromStageId }) : null;
    case 'transfer':
      return transfer && fromStageId !== null ? () => transfer(target, { fromStageId, toJobId: change.jobId }) : null;
    case 'reject':
      return reject ? () => reject(target, { reasonId: change.reasonId, note: null }) : null;
    case 'unreject':
      return unreject ? () => unreject(target) : null;
    case 'hire':
      return hire ? () => hire(target, { openingId: change.openingId, reasonId: change.reasonId, startsAt: null }) : null;
  }
}

const CANNOT: CallResult<void> = { ok: false, kind: 'refused', status: 422, detail: 'this cannot be done with this connection.' };

/** Kept with the decision: enough for a sentence about it. */
function givenOf({ key, change, fromStageName, byName }: ChangeEffect, { snapshot }: EffectContext) {
  return {
    effect: 'change-application' as const,
    effectKey: key,
    values: {
      change: change.kind,
      ats: snapshot?.ats ?? '',
      by: byName,
      stage: fromStageName ?? '',
      job: change.kind === 'transfer' ? change.jobName : '',
      reason: change.kind === 'reject' ? change.reasonName : '',
    },
  };
}
