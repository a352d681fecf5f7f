import type { Mailer } from '../outbound/mailer.ts';
import type { CallFailure, CallResult } from '../outbound/outcome.ts';
import { readMailSettings } from '../storage/mail-settings.repository.ts';
import { UnreadableSecret } from '../storage/seal.ts';
import type { InvitationOrder, InvitationReceipt } from '../vendors/port.ts';
import { invitationMail } from './invitation-mail.ts';
import { afterInviteFailure, failed, sent, unconfirmed, withMade } from './invitation-outcome.ts';
import type { EffectContext, EffectOutcome } from './runner.ts';
import { troubleWords } from './trouble-words.ts';
import { waitForKey } from './wait-for-key.ts';

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
  return outcomeWithMade(await mailLink(id, kept, given), kept);
}

/** What is told of it carries what the vendor has made, which stands whatever becomes of the e-mail. */
export function outcomeWithMade(outcome: EffectOutcome, made: InvitationReceipt): EffectOutcome {
  return outcome.kind === 'again' ? outcome : { ...outcome, report: withMade(outcome.report, made) };
}

interface MailGiven {
  order: InvitationOrder;
  context: EffectContext;
  interrupted: boolean;
}

/** The e-mail alone. `interrupted`: whether it went out before cannot be asked, so it does not go out again. */
export async function mailLink(
  id: string,
  receipt: InvitationReceipt,
  { order, context, interrupted }: MailGiven,
): Promise<EffectOutcome> {
  if (interrupted) return unconfirmed(id, 'the answer of the mail server was lost.');
  if (!receipt.link) return failed(id, 'there is no link to send.');
  const mailer = await openedMailer(context);
  if (!mailer) return waitForKey({ mayHaveHappened: false });
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
 * Null when the mail server's address does not open. The vendor may have been called by then; what it has made is remembered, so that the
 * e-mail alone is open, and that has surely not gone out.
 */
async function openedMailer(context: EffectContext): Promise<CallResult<Mailer> | null> {
  try {
    return await context.mailer();
  } catch (error) {
    if (error instanceof UnreadableSecret) return null;
    throw error;
  }
}

/** Refused for the mailbox and not for the text: https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3 */
function isRecipientRefused(failure: CallFailure): boolean {
  return failure.kind === 'refused' && [501, 510, 511, 513, 550, 551, 553].includes(failure.status);
}
