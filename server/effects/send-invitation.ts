import { VENDOR_NAMES } from '../../lib/domain/assessment.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import { profileUrls } from '../storage/page-hosts.repository.ts';
import type { InvitationOrder, InvitationReceipt, VendorAdapter } from '../vendors/port.ts';
import type { EffectReport } from '../workflow/input.ts';
import { invitationMail } from './invitation-mail.ts';
import type { EffectContext, EffectOutcome, EffectRunner } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/**
 * Story: the vendor's own (VendorCapabilities.inviteStory). `key`: the vendor recognises our id, so it is safe to repeat. `look`: after a
 * run that was cut off the vendor is asked for the invitation first. `unconfirmed`: nobody can be asked, so after a lost answer it is
 * never sent again by itself; a person looks, or a later webhook settles it. A mail of ours is always of that last kind, because
 * SMTP cannot be asked.
 */
export const sendInvitation: EffectRunner<'send-invitation'> = {
  async run(effect, context, interrupted) {
    const { invitation, assessment } = context;
    if (!invitation || !assessment) return failed(effect.invitationId, 'the assessment is gone.');
    // Undone, cancelled or settled by a webhook since this was asked for.
    if (invitation.state !== 'sending') return failed(effect.invitationId, 'it is no longer to be sent.');
    // What was cut off is first made certain, below; all others are not even begun.
    const against = interrupted ? null : noLongerWanted(context);
    if (against) return failed(effect.invitationId, against);
    const adapter = await context.connector.vendor(invitation.vendorConnectionId);
    if (!adapter.ok && interrupted) return cannotLook(effect.invitationId, adapter, 'Tagalong');
    if (!adapter.ok) return afterInviteFailure(effect.invitationId, adapter, 'Tagalong');
    const order = await orderOf(context, invitation);
    if (!order) return failed(effect.invitationId, 'the assessment is gone.');
    return await invite(effect.invitationId, adapter.value, order, context, interrupted);
  },
  giveUp: (effect, _context, { why, mayHaveHappened }) =>
    (mayHaveHappened ? unconfirmed(effect.invitationId, why) : failed(effect.invitationId, why)).report,
};

async function invite(
  id: string,
  adapter: VendorAdapter,
  order: InvitationOrder,
  context: EffectContext,
  interrupted: boolean,
): Promise<EffectOutcome> {
  const name = VENDOR_NAMES[adapter.kind];
  const story = adapter.capabilities.inviteStory;
  if (interrupted && story === 'unconfirmed') return unconfirmed(id, `the answer of ${name} was lost.`);
  if (interrupted && story === 'look') {
    const found = await adapter.findInvitation(order);
    if (!found.ok) return cannotLook(id, found, name);
    if (found.value) return await handOver(id, found.value, order, context, interrupted);
  }
  const receipt = await adapter.invite(order);
  if (receipt.ok) return await handOver(id, receipt.value, order, context, interrupted);
  return story === 'unconfirmed' && receipt.kind === 'ambiguous'
    ? unconfirmed(id, troubleWords(receipt, name))
    : afterInviteFailure(id, receipt, name);
}

/** The candidate may have gone since this was decided; what waits in a queue for hours must not reach somebody who was rejected. */
function noLongerWanted({ visible, snapshot }: EffectContext): string | null {
  if (!visible) return 'the application cannot be seen in the ATS any more.';
  if (snapshot?.status === 'archived' || snapshot?.status === 'hired') return 'the application is not active any more.';
  return null;
}

/** Whether it went out is not known, and cannot be found out: just now (bad weather, waited for) or at all. */
function cannotLook(id: string, failure: CallFailure, system: string): EffectOutcome {
  const later = afterInviteFailure(id, failure, system);
  if (later.kind === 'again') return { ...later, mayHaveHappened: true };
  const mendable = failure.kind === 'unauthorised' || failure.kind === 'misconfigured';
  const why = troubleWords(failure, system);
  return mendable ? { kind: 'again', afterMs: CREDENTIAL_MS, why, mayHaveHappened: true } : unconfirmed(id, why);
}

/** Only an admin can mend that. */
const CREDENTIAL_MS = 60_000;

async function handOver(
  id: string,
  receipt: InvitationReceipt,
  order: InvitationOrder,
  context: EffectContext,
  interrupted: boolean,
): Promise<EffectOutcome> {
  if (receipt.emailedBy !== 'us') return sent(id, receipt, context);
  if (interrupted) return unconfirmed(id, 'the answer of the mail server was lost.');
  if (!receipt.link) return failed(id, 'there is no link to send.');
  const mailer = await context.mailer();
  if (!mailer.ok) return afterInviteFailure(id, mailer, 'Tagalong');
  const mail = invitationMail({
    order,
    link: receipt.link,
    company: context.services.config.company,
    expiresAt: receipt.expiresAt ?? order.expiresAt,
  });
  const answer = await mailer.value.send(mail);
  if (answer.ok) return sent(id, receipt, context);
  return answer.kind === 'ambiguous'
    ? unconfirmed(id, troubleWords(answer, 'the mail server'))
    : afterInviteFailure(id, answer, 'the mail server');
}

function sent(id: string, receipt: InvitationReceipt, context: EffectContext): EffectOutcome {
  const handover = receipt.emailedBy === 'vendor' ? 'vendor e-mail' : receipt.emailedBy === 'us' ? 'our e-mail' : 'copy link';
  const expiresAt = receipt.expiresAt ?? (context.invitation ? deadlineOf(context, context.invitation) : null);
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

async function orderOf(context: EffectContext, invitation: Invitation): Promise<InvitationOrder | null> {
  if (!context.assessment) return null;
  const [profileUrl = null] = await profileUrls(context.services.db, [context.snapshot]);
  return {
    invitationId: invitation.id,
    assessment: context.assessment,
    email: invitation.email,
    candidateName: context.snapshot?.name ?? null,
    message: invitation.options.message ?? null,
    expiresAt: deadlineOf(context, invitation),
    attempt: invitation.attempt,
    profileUrl,
  };
}

/** Counted from the moment of sending, so that a long wait in the queue takes nothing from the candidate. */
function deadlineOf(context: EffectContext, invitation: Invitation): string {
  const days = invitation.options.deadlineDays ?? context.assessment?.deadlineDays ?? 7;
  return new Date(context.services.clock.now().getTime() + days * 24 * 60 * 60_000).toISOString();
}

function trouble(code: string, detail: string) {
  return { code, values: { detail } };
}

function failed(id: string, why: string): Extract<EffectOutcome, { kind: 'failed' }> {
  return {
    kind: 'failed',
    report: { type: 'invitation.failed', invitationId: id, trouble: trouble('invitation-failed', why) },
    why,
  };
}

function unconfirmed(id: string, why: string): Extract<EffectOutcome, { kind: 'unconfirmed' }> {
  return {
    kind: 'unconfirmed',
    report: { type: 'invitation.unconfirmed', invitationId: id, trouble: trouble('invitation-unconfirmed', why) },
    why,
  };
}

function afterInviteFailure(id: string, failure: CallFailure, system: string): EffectOutcome {
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
      return failed(id, why);
  }
}
