import type { CallFailure } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import { readCancelStanding } from '../storage/cancel-standing.repository.ts';
import type { Effect } from '../workflow/effect.ts';
import type { EffectReport } from '../workflow/input.ts';
import { leavingOfKey } from '../workflow/rules/cancel-on-leaving.ts';
import { vendorNameOf } from './follow-up.ts';
import { repeatable } from './repeatable.ts';
import type { EffectContext, EffectOutcome } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/**
 * Story: safe to repeat. Cancelling what is cancelled or gone counts as done (see VendorAdapter.cancel). Where the vendor cannot
 * cancel, the invitation is closed on our side, and What happened says that its link still works.
 *
 * It may have waited for the vendor for hours. By then a candidate who had left may be back, and somebody may have had it sent again: both
 * want it to stay.
 */
export const cancelInvitation = repeatable<'cancel-invitation'>({
  async run(effect, context, interrupted) {
    const { invitation } = context;
    if (!invitation) return gaveUp(effect.invitationId, context, 'the invitation is gone.');
    const dropped = await whyDropped(effect, context);
    // An earlier try may have cancelled it all the same, which nobody would notice.
    if (dropped && interrupted) return gaveUp(effect.invitationId, context, say(`server.follow-up.${dropped}`));
    if (dropped) return { kind: 'done', report: { type: 'cancel.dropped', invitationId: effect.invitationId, because: dropped } };
    const adapter = await context.connector.vendor(invitation.vendorConnectionId);
    if (!adapter.ok) return afterCancelFailure(effect.invitationId, context, adapter, 'Tagalong');
    const { cancels } = adapter.value.capabilities;
    // What is only closed here can still be opened by whoever has its link, which matters when it went to a wrong address.
    if (!cancels && effect.replaced) {
      const why = say('server.follow-up.not-taken-back', { vendor: vendorNameOf(context, adapter.value) });
      return { kind: 'failed', report: report(effect.invitationId, context, why), why, certain: true };
    }
    if (!cancels) return cancelled(effect.invitationId, context, vendorNameOf(context, adapter.value));
    const answer = await adapter.value.cancel(invitation);
    if (answer.ok) return cancelled(effect.invitationId, context);
    const name = vendorNameOf(context, adapter.value);
    return afterCancelFailure(effect.invitationId, context, answer, name);
  },
  giveUp: (effect, context, { why }) => report(effect.invitationId, context, why),
});

/** What speaks against it by now. Of one that another has taken the place of nothing does. */
async function whyDropped(
  { key, invitationId, replaced }: Extract<Effect, { kind: 'cancel-invitation' }>,
  { services }: EffectContext,
): Promise<'came-back' | 'left-anew' | 'sent-again' | null> {
  const standing = replaced ? null : await readCancelStanding(services.db, { effectKey: key, invitationId });
  if (!standing) return null;
  const leaving = leavingOfKey(key);
  if (leaving !== null && standing.isBack) return 'came-back';
  // Back and gone again in between: that leaving has a wait of its own, and asks for its own cancelling.
  if (leaving !== null && standing.goneSince !== null && leaving < standing.goneSince) return 'left-anew';
  return standing.sentAgain ? 'sent-again' : null;
}

/** @param onlyHere the vendor that cannot withdraw it, where that is so */
function cancelled(invitationId: string, context: EffectContext, onlyHere?: string): EffectOutcome {
  const at = context.services.clock.now().toISOString();
  return { kind: 'done', report: { type: 'invitation.cancelled', invitationId, at, ...(onlyHere && { onlyHere }) } };
}

function report(invitationId: string, context: EffectContext, why: string): EffectReport {
  return {
    type: 'cancel.failed',
    invitationId,
    trouble: { code: 'cancel-failed', values: { assessment: context.invitation?.assessmentName ?? '', detail: why } },
  };
}

function gaveUp(invitationId: string, context: EffectContext, why: string): EffectOutcome {
  return { kind: 'failed', report: report(invitationId, context, why), why };
}

function afterCancelFailure(invitationId: string, context: EffectContext, failure: CallFailure, system: string): EffectOutcome {
  const why = troubleWords(failure, system);
  switch (failure.kind) {
    case 'refused':
    case 'forbidden':
    case 'not-found':
      return gaveUp(invitationId, context, why);
    case 'rate-limited':
      return { kind: 'again', afterMs: failure.retryAfterMs, why, mayHaveHappened: false };
    case 'ambiguous':
    case 'unreadable':
      return { kind: 'again', afterMs: null, why, mayHaveHappened: true };
    case 'unreachable':
    case 'unauthorised':
    case 'misconfigured':
      return { kind: 'again', afterMs: null, why, mayHaveHappened: false };
  }
}
