import type { Invitation } from '../../lib/domain/invitation.ts';
import { say } from '../say.ts';
import { untilRemindingHours } from '../workflow/rules/remind.ts';
import { afterFollowUpFailure, followUpDone, followUpReport, followUpUnconfirmed, openInvitationLink } from './follow-up.ts';
import { reminderMail } from './invitation-mail.ts';
import { noLongerWanted, orderOf } from './invitation-order.ts';
import type { EffectContext, EffectRunner } from './runner.ts';

/**
 * Story: unconfirmed. SMTP cannot be asked, and one reminder too few is better than the same one twice. Whether a vendor reminds,
 * too, is a matter of how each test is set up in its own pages (CodeSignal, HackerRank) and told by none: an admin leaves ours off there.
 */
export const remindCandidate: EffectRunner<'remind-candidate'> = {
  async run(effect, context, interrupted) {
    const { invitation, services } = context;
    if (interrupted) return followUpUnconfirmed(effect, say('server.follow-up.lost'));
    if (!invitation || !isWanted(context, invitation)) return followUpDone(effect, context, { skipped: true });
    const afterMs = untilRemindingHours(services.clock.now());
    if (afterMs > 0) return { kind: 'again', afterMs, why: say('server.follow-up.night'), mayHaveHappened: false };
    const link = await openInvitationLink(context, invitation.id);
    const order = await orderOf(context, invitation);
    if (link === null || order === null) return followUpDone(effect, context, { skipped: true });
    const mailer = await context.mailer();
    if (!mailer.ok) return afterFollowUpFailure(effect, mailer, { system: 'Tagalong', isRepeatable: false });
    const { company } = services.config;
    const mail = reminderMail({ order, link, company, expiresAt: invitation.expiresAt });
    const answer = await mailer.value.send({ ...mail, reference: `${mail.reference}.${effect.key}` });
    if (answer.ok) return followUpDone(effect, context);
    return afterFollowUpFailure(effect, answer, { system: say('server.mail-server'), isRepeatable: false });
  },
  giveUp: (effect, _context, { why, mayHaveHappened }) => followUpReport(effect, why, mayHaveHappened),
};

/** Looked at once more, because what was asked for at night goes out in the morning. */
function isWanted(context: EffectContext, { state, expiresAt }: Invitation): boolean {
  const isTooLate = expiresAt === null || Date.parse(expiresAt) <= context.services.clock.now().getTime();
  return state === 'sent' && !isTooLate && context.snapshot?.canEmail !== false && noLongerWanted(context) === null;
}
