import type { CallFailure } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import { findExtraTime } from '../storage/accommodations.repository.ts';
import { canDo } from '../vendors/operations.ts';
import { afterFollowUpFailure, followUpDone, followUpFailed, followUpReport, vendorNameOf } from './follow-up.ts';
import { repeatable } from './repeatable.ts';

/**
 * Story: safe to repeat. What is set for the person now is told to the vendor, so that of several runs the last one tells the truth.
 * Why something failed is read by everybody who sees the candidate: the vendor's own words, which may name what it was about, are
 * left out.
 */
export const giveExtraTime = repeatable<'give-extra-time'>({
  async run(effect, context) {
    const { invitation, services } = context;
    if (invitation?.state !== 'sent' && invitation?.state !== 'started')
      return followUpFailed(effect, say('server.follow-up.over'));
    const vendor = await context.connector.vendor(invitation.vendorConnectionId);
    if (!vendor.ok) return afterFollowUpFailure(effect, wordless(vendor), { system: 'Tagalong', isRepeatable: true });
    const { operations } = vendor.value;
    const give = operations.giveExtraTime;
    if (!give || !canDo(operations, 'giveExtraTime', invitation)) return followUpDone(effect, context, { skipped: true });
    const percent = (await findExtraTime(services, invitation.person)) ?? 0;
    const answer = await give(invitation, percent);
    if (answer.ok) return followUpDone(effect, context);
    const system = vendorNameOf(context, vendor.value);
    return afterFollowUpFailure(effect, wordless(answer), { system, isRepeatable: true });
  },
  giveUp: (effect, _context, { why }) => followUpReport(effect, why),
});

function wordless(failure: CallFailure): CallFailure {
  return { ...failure, detail: '' };
}
