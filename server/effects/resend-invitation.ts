import type { Invitation } from '../../lib/domain/invitation.ts';
import { say } from '../say.ts';
import { readMailSettings } from '../storage/mail-settings.repository.ts';
import type { FollowUpEffect } from '../workflow/effect.ts';
import {
  afterFollowUpFailure,
  followUpDone,
  followUpFailed,
  followUpReport,
  followUpUnconfirmed,
  openInvitationLink,
  vendorNameOf,
} from './follow-up.ts';
import { invitationMail } from './invitation-mail.ts';
import { noLongerWanted, orderOf } from './invitation-order.ts';
import type { EffectContext, EffectOutcome, EffectRunner } from './runner.ts';

type Resend = Extract<FollowUpEffect, { kind: 'resend-invitation' }>;

/**
 * Story: unconfirmed. A second e-mail is another e-mail, and neither a vendor nor SMTP can be asked whether it went out: after a lost
 * answer it is never sent again by itself.
 */
export const resendInvitation: EffectRunner<'resend-invitation'> = {
  async run(effect, context, interrupted) {
    const { invitation } = context;
    if (interrupted) return followUpUnconfirmed(effect, say('server.follow-up.lost'));
    if (invitation?.state !== 'sent') return followUpFailed(effect, say('server.follow-up.over'));
    const against = noLongerWanted(context);
    if (against) return followUpFailed(effect, against);
    return invitation.handover === 'our e-mail'
      ? await mailAgain(effect, context, invitation)
      : await askVendor(effect, context, invitation);
  },
  giveUp: (effect, _context, { why, mayHaveHappened }) => followUpReport(effect, why, mayHaveHappened),
};

async function askVendor(effect: Resend, context: EffectContext, invitation: Invitation): Promise<EffectOutcome> {
  const vendor = await context.connector.vendor(invitation.vendorConnectionId);
  if (!vendor.ok) return afterFollowUpFailure(effect, vendor, { system: 'Tagalong', isRepeatable: false });
  const system = vendorNameOf(context, vendor.value);
  const { resend } = vendor.value.operations;
  if (!resend || invitation.handover !== 'vendor e-mail')
    return followUpFailed(effect, say('server.follow-up.cannot', { vendor: system }));
  const answer = await resend(invitation);
  return answer.ok ? followUpDone(effect, context) : afterFollowUpFailure(effect, answer, { system, isRepeatable: false });
}

async function mailAgain(effect: Resend, context: EffectContext, invitation: Invitation): Promise<EffectOutcome> {
  const link = await openInvitationLink(context, invitation.id);
  const order = await orderOf(context, invitation);
  if (!link || !order) return followUpFailed(effect, say('server.no-link'));
  const mailer = await context.mailer();
  if (!mailer.ok) return afterFollowUpFailure(effect, mailer, { system: 'Tagalong', isRepeatable: false });
  const { template } = await readMailSettings(context.services.db);
  const { company } = context.services.config;
  const mail = invitationMail({ order, link, company, expiresAt: invitation.expiresAt, template });
  // Under the first one's Message-ID many mail systems would drop it as the same.
  const answer = await mailer.value.send({ ...mail, reference: `${mail.reference}.${effect.key}` });
  if (answer.ok) return followUpDone(effect, context);
  return afterFollowUpFailure(effect, answer, { system: say('server.mail-server'), isRepeatable: false });
}
