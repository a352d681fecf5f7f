import { type Assessment, vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import { findExtraTime } from '../storage/accommodations.repository.ts';
import { canDo } from '../vendors/operations.ts';
import type { InvitationOrder, InvitationReceipt, VendorAdapter } from '../vendors/port.ts';
import { mailLink, outcomeWithMade } from './hand-over.ts';
import { orderOf } from './invitation-order.ts';
import { afterInviteFailure, failed, sent } from './invitation-outcome.ts';
import type { EffectContext, EffectOutcome } from './runner.ts';

/** Less is not worth a call. */
const WORTH_EXTENDING_MS = 60 * 60_000;

/**
 * The vendor has done its part at an earlier run: the e-mail is all that is left, and not even that where an admin has the link copied by now.
 * Before it goes out the vendor is told what has changed since: what this person needs, and a deadline that the waiting has taken from.
 */
export async function mailKept(
  id: string,
  kept: InvitationReceipt,
  context: EffectContext,
  interrupted: boolean,
): Promise<EffectOutcome> {
  const order = context.invitation && (await orderOf(context, context.invitation));
  if (!order) return failed(id, 'the assessment is gone.');
  const given = { order, context, interrupted };
  if (interrupted) return outcomeWithMade(await mailLink(id, kept, given), kept);
  const changed = await tellVendor(id, kept, given);
  if ('kind' in changed) return outcomeWithMade(changed, kept);
  if (order.assessment.handover === 'copy link' && changed.link !== null)
    return sent(id, { ...changed, emailedBy: 'nobody' }, context);
  return outcomeWithMade(await mailLink(id, changed, given), changed);
}

/** The receipt as it is then; or why it has to wait. The vendor is called only where there is something to tell. */
async function tellVendor(
  id: string,
  kept: InvitationReceipt,
  { order, context }: { order: InvitationOrder; context: EffectContext },
): Promise<InvitationReceipt | EffectOutcome> {
  const { invitation, services, connector } = context;
  if (!invitation) return kept;
  const percent = await findExtraTime(services, invitation.person);
  const lateMs = Date.parse(order.expiresAt ?? '') - Date.parse(kept.expiresAt ?? '');
  if (percent === null && !(lateMs >= WORTH_EXTENDING_MS)) return kept;
  const vendor = await connector.vendor(invitation.vendorConnectionId);
  if (!vendor.ok) return percent === null ? kept : afterInviteFailure(id, vendor, 'Tagalong');
  const made = { ...invitation, externalId: kept.externalId };
  const refusal = percent === null ? null : await giveNeeds(vendor.value, made, percent);
  if (refusal) return afterNeedsFailure(id, refusal, order.assessment);
  return lateMs >= WORTH_EXTENDING_MS ? await extended(vendor.value, made, { kept, order }) : kept;
}

/** Null when it is set, or the vendor takes none. Setting it again does no harm. */
async function giveNeeds({ operations }: VendorAdapter, made: Invitation, percent: number): Promise<CallFailure | null> {
  if (!operations.giveExtraTime || !canDo(operations, 'giveExtraTime', made)) return null;
  const given = await operations.giveExtraTime(made, percent);
  return given.ok ? null : given;
}

/** No e-mail has gone out for it. Everybody who sees the candidate reads why: the vendor's own words may name what it was about. */
function afterNeedsFailure(id: string, failure: CallFailure, assessment: Assessment): EffectOutcome {
  const outcome = afterInviteFailure(id, { ...failure, detail: '' }, vendorNameOfAssessment(assessment));
  return outcome.kind === 'again' ? { ...outcome, mayHaveHappened: false } : outcome;
}

/** As many days from now as were meant. Where the vendor does not, the e-mail names the day that it knows. */
async function extended(
  { operations }: VendorAdapter,
  made: Invitation,
  { kept, order }: { kept: InvitationReceipt; order: InvitationOrder },
): Promise<InvitationReceipt> {
  if (order.expiresAt === null || !operations.extend) return kept;
  const answer = await operations.extend(made, new Date(order.expiresAt));
  return answer.ok ? { ...kept, expiresAt: answer.value.expiresAt ?? order.expiresAt } : kept;
}
