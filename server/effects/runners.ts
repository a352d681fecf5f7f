import type { Effect, EffectKind } from '../workflow/effect.ts';
import type { EffectReport } from '../workflow/input.ts';
import { addLink } from './add-link.ts';
import { addTag } from './add-tag.ts';
import { attachReport } from './attach-report.ts';
import { callHook } from './call-hook.ts';
import { cancelInvitation } from './cancel-invitation.ts';
import { changeApplication } from './change-application.ts';
import { extendInvitation } from './extend-invitation.ts';
import { giveExtraTime } from './give-extra-time.ts';
import { moveToStage } from './move-to-stage.ts';
import { remindCandidate } from './remind-candidate.ts';
import { removeTag } from './remove-tag.ts';
import { resendInvitation } from './resend-invitation.ts';
import type { EffectContext, EffectOutcome, EffectRunner } from './runner.ts';
import { sendInvitation } from './send-invitation.ts';
import { tellOutcome } from './tell-outcome.ts';
import { writeFeedback } from './write-feedback.ts';
import { writeFields } from './write-fields.ts';
import { writeNote } from './write-note.ts';

/** Every kind of effect with how it is run; a kind without a runner does not compile. */
const RUNNERS: { [Kind in EffectKind]: EffectRunner<Kind> } = {
  'send-invitation': sendInvitation,
  'cancel-invitation': cancelInvitation,
  'resend-invitation': resendInvitation,
  'extend-invitation': extendInvitation,
  'give-extra-time': giveExtraTime,
  'remind-candidate': remindCandidate,
  'write-note': writeNote,
  'write-fields': writeFields,
  'add-link': addLink,
  'attach-report': attachReport,
  'write-feedback': writeFeedback,
  'add-tag': addTag,
  'remove-tag': removeTag,
  'move-to-stage': moveToStage,
  'tell-outcome': tellOutcome,
  'call-hook': callHook,
  'change-application': changeApplication,
};

/** The runner belongs to the effect's own kind, which the compiler cannot see through the union. */
function runnerOf<Kind extends EffectKind>(effect: Extract<Effect, { kind: Kind }>): EffectRunner<Kind> {
  return RUNNERS[effect.kind as Kind];
}

export function runEffectKind(effect: Effect, context: EffectContext, interrupted: boolean): Promise<EffectOutcome> {
  return runnerOf(effect).run(effect, context, interrupted);
}

export function giveUpEffect(
  effect: Effect,
  context: EffectContext,
  gave: { why: string; mayHaveHappened: boolean },
): EffectReport {
  return runnerOf(effect).giveUp(effect, context, gave);
}
