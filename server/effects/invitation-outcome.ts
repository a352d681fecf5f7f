import type { CallFailure } from '../outbound/outcome.ts';
import type { InvitationReceipt } from '../vendors/port.ts';
import type { EffectReport } from '../workflow/input.ts';
import { deadlineFromNow } from './invitation-order.ts';
import type { EffectContext, EffectOutcome } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/** It went out. */
export function sent(id: string, receipt: InvitationReceipt, context: EffectContext): EffectOutcome {
  const handover = receipt.emailedBy === 'vendor' ? 'vendor e-mail' : receipt.emailedBy === 'us' ? 'our e-mail' : 'copy link';
  const expiresAt = receipt.expiresAt ?? (context.invitation ? deadlineFromNow(context, context.invitation) : null);
  const report: EffectReport = {
    type: 'invitation.sent',
    invitationId: id,
    externalId: receipt.externalId,
    handover,
    expiresAt,
    at: context.services.clock.now().toISOString(),
  };
  return { kind: 'done', report, link: receipt.link };
}

function trouble(code: string, detail: string) {
  return { code, values: { detail } };
}

/** `about` the address: it was refused itself, so that sending to it again is useless. About links: there are none left. About outside:
 * somebody else invited there. */
export function failed(
  id: string,
  why: string,
  about: 'address' | 'links' | 'outside' | null = null,
): Extract<EffectOutcome, { kind: 'failed' }> {
  const { code, values } = trouble('invitation-failed', why);
  const told = { code, values: about ? { ...values, about } : values };
  return { kind: 'failed', report: { type: 'invitation.failed', invitationId: id, trouble: told }, why };
}

/** Perhaps it went out, and nobody can be asked. */
export function unconfirmed(id: string, why: string): Extract<EffectOutcome, { kind: 'unconfirmed' }> {
  return {
    kind: 'unconfirmed',
    report: { type: 'invitation.unconfirmed', invitationId: id, trouble: trouble('invitation-unconfirmed', why) },
    why,
  };
}

/** This sending did nothing, and whether one before it did is as open as it was. */
export function stillInDoubt(id: string, why: string): Extract<EffectOutcome, { kind: 'failed' }> {
  return { kind: 'failed', report: unconfirmed(id, why).report, why };
}

/** The same, with what the vendor has made for it. */
export function withMade(report: EffectReport, receipt: InvitationReceipt | null): EffectReport {
  const isAbout = report.type === 'invitation.failed' || report.type === 'invitation.unconfirmed';
  if (!isAbout || !receipt) return report;
  return { ...report, made: { externalId: receipt.externalId, expiresAt: receipt.expiresAt } };
}

/** What a failed call to the vendor, or to the mail server, means for it: weather is waited for, a refusal is final. */
export function afterInviteFailure(id: string, failure: CallFailure, system: string, isAddress = false): EffectOutcome {
  const why = troubleWords(failure, system);
  switch (failure.kind) {
    case 'rate-limited':
      return { kind: 'again', afterMs: failure.retryAfterMs, why, mayHaveHappened: false };
    case 'unreachable':
      return { kind: 'again', afterMs: null, why, mayHaveHappened: false };
    case 'ambiguous':
    case 'unreadable':
      return { kind: 'again', afterMs: null, why, mayHaveHappened: true };
    default:
      return failed(id, why, isAddress ? 'address' : null);
  }
}
