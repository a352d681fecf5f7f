import { eq } from 'drizzle-orm';
import { VENDOR_NAMES, vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import { invitations } from '../storage/schema.ts';
import { SEALED_FOR } from '../storage/seal-contexts.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import type { FollowUpEffect } from '../workflow/effect.ts';
import type { EffectReport } from '../workflow/input.ts';
import type { EffectContext, EffectOutcome } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/** `skipped`: there was nothing to do any more, or the vendor cannot be told. `expiresAt`: the deadline after it. */
export function followUpDone(
  effect: FollowUpEffect,
  { services }: EffectContext,
  more: { expiresAt?: string; skipped?: true } = {},
): EffectOutcome {
  const report: EffectReport = {
    type: 'follow-up.done',
    effect: effect.kind,
    invitationId: effect.invitationId,
    at: services.clock.now().toISOString(),
    expiresAt: more.expiresAt ?? null,
    values: { ...byOf(effect), ...(more.skipped && { skipped: 'yes' }) },
  };
  return { kind: 'done', report };
}

export function followUpReport(effect: FollowUpEffect, why: string, unconfirmed = false): EffectReport {
  return {
    type: 'follow-up.failed',
    effect: effect.kind,
    invitationId: effect.invitationId,
    unconfirmed,
    values: { ...byOf(effect), detail: why },
  };
}

export function followUpFailed(effect: FollowUpEffect, why: string): EffectOutcome {
  return { kind: 'failed', report: followUpReport(effect, why), why };
}

/** Perhaps done, and nobody can be asked: never repeated by itself. */
export function followUpUnconfirmed(effect: FollowUpEffect, why: string): EffectOutcome {
  return { kind: 'unconfirmed', report: followUpReport(effect, why, true), why };
}

/** Weather is waited for. `isRepeatable`: what may have been done is simply done once more; else that is where it ends. */
export function afterFollowUpFailure(
  effect: FollowUpEffect,
  failure: CallFailure,
  { system, isRepeatable }: { system: string; isRepeatable: boolean },
): EffectOutcome {
  const why = troubleWords(failure, system);
  switch (failure.kind) {
    case 'rate-limited':
      return { kind: 'again', afterMs: failure.retryAfterMs, why, mayHaveHappened: false };
    case 'unreachable':
      return { kind: 'again', afterMs: null, why, mayHaveHappened: false };
    case 'ambiguous':
    case 'unreadable':
      return isRepeatable ? { kind: 'again', afterMs: null, why, mayHaveHappened: true } : followUpUnconfirmed(effect, why);
    default:
      return followUpFailed(effect, why);
  }
}

/** The candidate's personal link, for an e-mail of ours; null where we have none. */
export async function openInvitationLink({ services }: EffectContext, invitationId: string): Promise<string | null> {
  const [row] = await services.db
    .select({ sealedLink: invitations.sealedLink })
    .from(invitations)
    .where(eq(invitations.id, invitationId));
  return row?.sealedLink ? services.sealer.open(row.sealedLink, SEALED_FOR.invitationLink(invitationId)) : null;
}

/** As recruiters know it: Coderbyte has two names. */
export function vendorNameOf({ assessment }: EffectContext, { kind }: VendorAdapter): string {
  return assessment ? vendorNameOfAssessment(assessment) : VENDOR_NAMES[kind];
}

function byOf(effect: FollowUpEffect): Record<string, string> {
  return 'byName' in effect ? { by: effect.byName } : {};
}
