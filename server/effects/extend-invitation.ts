import { say } from '../say.ts';
import { hasOurDeadline } from '../vendors/has-our-deadline.ts';
import { afterFollowUpFailure, followUpDone, followUpFailed, followUpReport, vendorNameOf } from './follow-up.ts';
import { repeatable } from './repeatable.ts';

/** Story: safe to repeat. The deadline is set, not moved on by so much; where it is ours alone nothing is called at all. */
export const extendInvitation = repeatable<'extend-invitation'>({
  async run(effect, context) {
    const { invitation } = context;
    if (invitation?.state !== 'sent' && invitation?.state !== 'started')
      return followUpFailed(effect, say('server.follow-up.over'));
    if (hasOurDeadline(invitation)) return followUpDone(effect, context, { expiresAt: effect.expiresAt });
    const vendor = await context.connector.vendor(invitation.vendorConnectionId);
    if (!vendor.ok) return afterFollowUpFailure(effect, vendor, { system: 'Tagalong', isRepeatable: true });
    const system = vendorNameOf(context, vendor.value);
    const { extend } = vendor.value.operations;
    if (!extend) return followUpFailed(effect, say('server.follow-up.cannot', { vendor: system }));
    const answer = await extend(invitation, new Date(effect.expiresAt));
    if (!answer.ok) return afterFollowUpFailure(effect, answer, { system, isRepeatable: true });
    return followUpDone(effect, context, { expiresAt: answer.value.expiresAt ?? effect.expiresAt });
  },
  giveUp: (effect, _context, { why }) => followUpReport(effect, why),
});
