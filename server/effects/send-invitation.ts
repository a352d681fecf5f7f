import { vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import { findExtraTime } from '../storage/accommodations.repository.ts';
import { returnPoolLink, takePoolLink } from '../storage/pool-links.repository.ts';
import type { InvitationOrder, VendorAdapter } from '../vendors/port.ts';
import { handOver } from './hand-over.ts';
import { noLongerWanted, orderOf } from './invitation-order.ts';
import { afterInviteFailure, failed, sent, stillInDoubt, unconfirmed, withMade } from './invitation-outcome.ts';
import { lookAgain } from './look-again.ts';
import { lookOutside } from './look-outside.ts';
import { mailKept } from './mail-kept.ts';
import { receiptKnown } from './receipt-known.ts';
import type { EffectContext, EffectOutcome, EffectRunner } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/**
 * Story: the vendor's own (VendorCapabilities.inviteStory). `key`: the vendor recognises our id, so it is safe to repeat. `look`: after a
 * run that was cut off the vendor is asked for the invitation first. `unconfirmed`: nobody can be asked, so after a lost answer it is
 * never sent again by itself; a person looks, or a later webhook settles it. A mail of ours is always of that last kind, because
 * SMTP cannot be asked. What the vendor has made for it is remembered before it is sent, so that trying the mail again, by itself or on a
 * person's click, never asks the vendor for another one. A one-time link is taken before anything is called and stays this invitation's,
 * however often it is tried; it goes back only when it certainly reached nobody. What a backup has as still to be sent is
 * sent by nobody but a person, unless the vendor has it. A person's click on what may be there already looks for it first, where that can
 * be asked, and what it cannot make certain stays in doubt.
 */
export const sendInvitation: EffectRunner<'send-invitation'> = {
  async run(effect, context, interrupted) {
    const outcome = await send(effect, context, interrupted);
    if (outcome.kind === 'failed' && !interrupted) await returnPoolLink(context.services.db, effect.invitationId);
    return outcome;
  },
  giveUp: ({ invitationId }, { keptReceipt }, { why, mayHaveHappened }) =>
    withMade((mayHaveHappened ? unconfirmed : failed)(invitationId, why).report, keptReceipt),
};

type SendEffect = Parameters<EffectRunner<'send-invitation'>['run']>[0];

async function send(effect: SendEffect, context: EffectContext, interrupted: boolean): Promise<EffectOutcome> {
  const { invitation, assessment } = context;
  if (!invitation || !assessment) return failed(effect.invitationId, 'the assessment is gone.');
  // The vendor has told of it before our own run, which was cut off, could be recorded: it went out.
  if (interrupted && WENT_OUT.includes(invitation.state))
    return sent(effect.invitationId, receiptKnown(context, invitation), context);
  // Undone, cancelled or settled by a webhook since this was asked for. What was cut off may have gone out all the same.
  if (invitation.state !== 'sending') {
    const end = interrupted ? unconfirmed : failed;
    return end(effect.invitationId, 'it is no longer to be sent.');
  }
  const mayBeThere = await context.mayBeThere();
  const inDoubt = !interrupted && mayBeThere;
  // What was cut off is first made certain, below; all others are not even begun.
  const against = interrupted ? null : noLongerWanted(context);
  if (against) return (inDoubt ? stillInDoubt : failed)(effect.invitationId, against);
  if (context.keptReceipt) return await mailKept(effect.invitationId, context.keptReceipt, context, interrupted);
  const adapter = await context.connector.vendor(invitation.vendorConnectionId);
  if (!adapter.ok && interrupted) return cannotLook(effect.invitationId, adapter, 'Tagalong');
  if (!adapter.ok) return leaveInDoubt(afterInviteFailure(effect.invitationId, adapter, 'Tagalong'), { ...effect, inDoubt });
  const vendor = vendorNameOfAssessment(assessment);
  if (invitation.attempt > 1 && !adapter.value.capabilities.retakes)
    return failed(effect.invitationId, say('server.no-retake', { vendor }));
  if (!interrupted || mayBeThere) {
    const outside = await lookOutside(context, adapter.value, { invitation, inDoubt: mayBeThere });
    if (outside.kind === 'done')
      return sent(effect.invitationId, receiptKnown(context, { ...invitation, ...outside.found }), context);
    if (outside.kind === 'weather')
      return (interrupted ? cannotLook : afterInviteFailure)(effect.invitationId, outside.failure, vendor);
    // What was cut off has looked before it called.
    if (outside.kind === 'open' && !interrupted)
      return failed(effect.invitationId, say('server.outside.open', { vendor }), 'outside');
  }
  const order = await orderOf(context, invitation);
  if (!order) return failed(effect.invitationId, 'the assessment is gone.');
  const needed = await needsOf(context, adapter.value, invitation);
  const pooled = await linkFor(context, adapter.value, invitation);
  if (pooled.kind === 'busy')
    return { kind: 'again', afterMs: BUSY_MS, why: say('server.links.busy'), mayHaveHappened: interrupted };
  // The server before may have had more of them.
  if (pooled.kind === 'none' && interrupted && context.isFromBackup)
    return unconfirmed(effect.invitationId, say('server.transfer.restored'));
  if (pooled.kind === 'none')
    return failed(effect.invitationId, say('server.links.none', { assessment: assessment.name }), 'links');
  const link = pooled.kind === 'taken' ? { link: pooled.link } : {};
  const whole = { ...order, ...needed, ...link };
  return await invite(adapter.value, { invitation, order: whole, context, interrupted, inDoubt });
}

/** That a sending did nothing itself leaves the doubt about the one before. */
function leaveInDoubt(
  outcome: EffectOutcome,
  { invitationId, inDoubt }: { invitationId: string; inDoubt: boolean },
): EffectOutcome {
  return inDoubt && outcome.kind === 'failed' ? stillInDoubt(invitationId, outcome.why) : outcome;
}

const WENT_OUT: readonly Invitation['state'][] = ['sent', 'started', 'submitted', 'scored', 'expired'];

/** Others take the last free links at this very moment. */
const BUSY_MS = 1000;

/** The one-time link of this invitation, where links are not made from a template. */
async function linkFor(
  { services, assessment }: EffectContext,
  { capabilities }: VendorAdapter,
  { id: invitationId }: Invitation,
) {
  if (!assessment || capabilities.invite !== 'link' || assessment.linkTemplate !== null) return { kind: 'not pooled' as const };
  return await takePoolLink(services, { assessmentId: assessment.id, invitationId });
}

/** What was set for this person beforehand, where the vendor takes it. */
async function needsOf(
  { services }: EffectContext,
  { capabilities }: VendorAdapter,
  { person }: Invitation,
): Promise<Pick<InvitationOrder, 'extraTimePercent'>> {
  if (capabilities.extraTime !== 'at-invite' && capabilities.extraTime !== 'both') return {};
  const extraTimePercent = await findExtraTime(services, person);
  return extraTimePercent === null ? {} : { extraTimePercent };
}

interface Sending {
  invitation: Invitation;
  order: InvitationOrder;
  context: EffectContext;
  interrupted: boolean;
  inDoubt: boolean;
}

async function invite(adapter: VendorAdapter, sending: Sending): Promise<EffectOutcome> {
  const { order, context, interrupted } = sending;
  const id = order.invitationId;
  const name = vendorNameOfAssessment(order.assessment);
  const { inviteStory: story, invite: how } = adapter.capabilities;
  const given = { order, context, interrupted, isMade: how === 'api' };
  if (interrupted && story === 'unconfirmed') return unconfirmed(id, `the answer of ${name} was lost.`);
  const isOld = interrupted && context.isFromBackup;
  // The vendor knows our id while the candidate is at it, and somebody may have finished since. A link of ours makes nothing there.
  if (isOld && story === 'key' && how === 'api') return unconfirmed(id, say('server.transfer.restored'));
  const looked = sending.inDoubt && story === 'look' ? await lookAgain(adapter, sending) : 'untold';
  if (typeof looked !== 'string') return looked;
  if (interrupted && story === 'look') {
    const found = await adapter.findInvitation(order);
    if (!found.ok) return cannotLook(id, found, name);
    if (found.value) return await handOver(id, found.value, given);
    // It may have gone out since and been taken back, because of a wrong address, say.
    if (isOld) return unconfirmed(id, say('server.transfer.restored'));
    // Now it is certain that it did not go out, and it is as with one that is not begun yet.
    const against = noLongerWanted(context);
    if (against) return failed(id, against);
  }
  const against = interrupted ? noLongerWanted(context) : null;
  // To ask once more under the same id would make certain of it, and invite somebody who has left.
  if (against) return unconfirmed(id, `the answer of ${name} was lost, and ${against}`);
  const receipt = await adapter.invite(order);
  if (receipt.ok) return await handOver(id, receipt.value, given);
  // That this call did nothing says nothing about the one that was cut off: "already invited" may well be about that one.
  if (interrupted) return cannotLook(id, receipt, name);
  if (story === 'unconfirmed' && receipt.kind === 'ambiguous') return unconfirmed(id, troubleWords(receipt, name));
  const outcome = afterInviteFailure(id, receipt, name, aboutAddress(receipt, /e-?mail|address/i));
  return looked === 'absent' ? outcome : leaveInDoubt(outcome, { ...sending, invitationId: id });
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

/** Inferred: no vendor documents a code for it, so the words of its refusal decide. */
function aboutAddress(failure: CallFailure, words: RegExp): boolean {
  return failure.kind === 'refused' && words.test(failure.detail);
}
