import { VENDOR_NAMES } from '../../lib/domain/assessment.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import type { EffectReport } from '../workflow/input.ts';
import type { EffectContext, EffectOutcome, EffectRunner } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/**
 * Story: safe to repeat. Cancelling what is cancelled or gone counts as done (see VendorAdapter.cancel). Where the vendor cannot
 * cancel, the invitation is closed on our side and the note of the decision says so.
 */
export const cancelInvitation: EffectRunner<'cancel-invitation'> = {
  async run(effect, context) {
    const { invitation } = context;
    if (!invitation) return gaveUp(effect.invitationId, context, 'the invitation is gone.');
    const adapter = await context.connector.vendor(invitation.vendorConnectionId);
    if (!adapter.ok) return afterCancelFailure(effect.invitationId, context, adapter, 'Tagalong');
    if (!adapter.value.capabilities.cancels) return cancelled(effect.invitationId, context);
    const answer = await adapter.value.cancel(invitation);
    return answer.ok
      ? cancelled(effect.invitationId, context)
      : afterCancelFailure(effect.invitationId, context, answer, VENDOR_NAMES[adapter.value.kind]);
  },
  giveUp: (effect, context, { why }) => report(effect.invitationId, context, why),
};

function cancelled(invitationId: string, context: EffectContext): EffectOutcome {
  return { kind: 'done', report: { type: 'invitation.cancelled', invitationId, at: context.services.clock.now().toISOString() } };
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
    default:
      return { kind: 'again', afterMs: null, why, mayHaveHappened: true };
  }
}
