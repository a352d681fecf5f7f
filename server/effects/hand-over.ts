import { vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import { findExtraTime } from '../storage/accommodations.repository.ts';
import { readMailSettings } from '../storage/mail-settings.repository.ts';
import { canDo } from '../vendors/operations.ts';
import type { InvitationOrder, InvitationReceipt } from '../vendors/port.ts';
import { invitationMail } from './invitation-mail.ts';
import { orderOf } from './invitation-order.ts';
import { afterInviteFailure, failed, sent, unconfirmed, withMade } from './invitation-outcome.ts';
import type { EffectContext, EffectOutcome } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/**
 * What is still to do once there is an invitation: mostly nothing, else an e-mail of ours. `isMade`: the vendor has one more now, which is
 * remembered before the e-mail is tried.
 */
export async function handOver(
  id: string,
  receipt: InvitationReceipt,
  { isMade, ...given }: MailGiven & { isMade: boolean },
): Promise<EffectOutcome> {
  const { order, context } = given;
  if (receipt.emailedBy !== 'us') return sent(id, receipt, context);
  if (!isMade) return await mailLink(id, receipt, given);
  const kept = { ...receipt, expiresAt: receipt.expiresAt ?? order.expiresAt };
  await context.keepReceipt(kept);
  return told(await mailLink(id, kept, given), kept);
}

function told(outcome: EffectOutcome, made: InvitationReceipt): EffectOutcome {
  return outcome.kind === 'again' ? outcome : { ...outcome, report: withMade(outcome.report, made) };
}

interface MailGiven {
  order: InvitationOrder;
  context: EffectContext;
  interrupted: boolean;
}

async function mailLink(
  id: string,
  receipt: InvitationReceipt,
  { order, context, interrupted }: MailGiven,
): Promise<EffectOutcome> {
  if (interrupted) return unconfirmed(id, 'the answer of the mail server was lost.');
  if (!receipt.link) return failed(id, 'there is no link to send.');
  const mailer = await context.mailer();
  if (!mailer.ok) return afterInviteFailure(id, mailer, 'Tagalong');
  const mail = invitationMail({
    order,
    link: receipt.link,
    company: context.services.config.company,
    expiresAt: receipt.expiresAt ?? order.expiresAt,
    template: (await readMailSettings(context.services.db)).template,
  });
  const answer = await mailer.value.send(mail);
  if (answer.ok) return sent(id, receipt, context);
  return answer.kind === 'ambiguous'
    ? unconfirmed(id, troubleWords(answer, 'the mail server'))
    : afterInviteFailure(id, answer, 'the mail server', isRecipientRefused(answer));
}

/**
 * The vendor has done its part at an earlier run: the e-mail is all that is left, and not even that where an admin has the link copied by now.
 * What the person needs may have been set since; told to the vendor first, because the e-mail opens the test.
 */
export async function mailKept(
  id: string,
  kept: InvitationReceipt,
  context: EffectContext,
  interrupted: boolean,
): Promise<EffectOutcome> {
  const order = context.invitation && (await orderOf(context, context.invitation));
  if (!order) return failed(id, 'the assessment is gone.');
  if (interrupted) return told(await mailLink(id, kept, { order, context, interrupted }), kept);
  const notGiven = await giveNeeds(id, kept, context);
  if (notGiven) return told(notGiven, kept);
  if (order.assessment.handover === 'copy link' && kept.link !== null) return sent(id, { ...kept, emailedBy: 'nobody' }, context);
  return told(await mailLink(id, kept, { order, context, interrupted }), kept);
}

/** Null when there is nothing to set, nobody to tell, or it is set. */
async function giveNeeds(id: string, { externalId }: InvitationReceipt, context: EffectContext): Promise<EffectOutcome | null> {
  const { invitation, services, connector } = context;
  const percent = invitation && (await findExtraTime(services, invitation.person));
  if (!invitation || percent === null) return null;
  const vendor = await connector.vendor(invitation.vendorConnectionId);
  if (!vendor.ok) return afterInviteFailure(id, vendor, 'Tagalong');
  const made = { ...invitation, externalId };
  const { operations } = vendor.value;
  if (!operations.giveExtraTime || !canDo(operations, 'giveExtraTime', made)) return null;
  const given = await operations.giveExtraTime(made, percent);
  // Setting it again does no harm, and no e-mail has gone out for it.
  return given.ok ? null : afterNeedsFailure(id, given, context);
}

function afterNeedsFailure(id: string, failure: CallFailure, { assessment }: EffectContext): EffectOutcome {
  // Everybody who sees the candidate reads why: the vendor's own words may name what it was about.
  const system = assessment ? vendorNameOfAssessment(assessment) : say('server.write-back.the-vendor');
  const outcome = afterInviteFailure(id, { ...failure, detail: '' }, system);
  return outcome.kind === 'again' ? { ...outcome, mayHaveHappened: false } : outcome;
}

/** Refused for the mailbox and not for the text: https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3 */
function isRecipientRefused(failure: CallFailure): boolean {
  return failure.kind === 'refused' && [501, 510, 511, 513, 550, 551, 553].includes(failure.status);
}
