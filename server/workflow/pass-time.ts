import { currentStageEntry, type Snapshot } from '../../lib/domain/application.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { Policy } from './policy.ts';
import { cancelAfterGrace } from './rules/cancel-on-leaving.ts';
import { sendAfterRecheck } from './rules/send-on-stage-entry.ts';
import { send } from './send.ts';
import type { ApplicationState } from './state.ts';
import { because, change, changeInvitation, type Step } from './step.ts';

interface TimeCase {
  snapshot: Snapshot;
  policy: Policy;
  now: Date;
  freshId: string;
}

/** The earliest time at which something happens by itself; null when nothing waits. */
export function nextDueAt(state: ApplicationState): string | null {
  const times = [
    ...state.invitations.flatMap((invitation) => dueTimesOf(invitation)),
    state.tagRecheck?.dueAt ?? null,
    state.leaving?.dueAt ?? null,
  ].filter((time) => time !== null);
  return times.length === 0 ? null : times.reduce((a, b) => (Date.parse(a) <= Date.parse(b) ? a : b));
}

function dueTimesOf(invitation: Invitation): (string | null)[] {
  if (invitation.state === 'held') return [invitation.dueAt];
  return canExpire(invitation) ? [invitation.expiresAt] : [];
}

/** Only what nobody has begun can run out; who has started is in the vendor's hands. */
function canExpire(invitation: Invitation): boolean {
  return invitation.state === 'sent' && invitation.expiresAt !== null;
}

/** Does all that is due now, on a fresh snapshot. */
export function passTime(step: Step, given: TimeCase): Step {
  const isDue = (time: string | null | undefined) =>
    time !== null && time !== undefined && Date.parse(time) <= given.now.getTime();
  let done = step;
  for (const invitation of step.state.invitations) {
    if (invitation.state === 'held' && isDue(invitation.dueAt)) done = release(done, invitation, given);
    if (canExpire(invitation) && isDue(invitation.expiresAt)) done = expire(done, invitation, given.now);
  }
  if (isDue(done.state.tagRecheck?.dueAt)) done = recheckTag(done, given);
  const leaving = done.state.leaving;
  if (leaving && isDue(leaving.dueAt)) done = cancelAfterGrace(done, { how: leaving.how, now: given.now });
  return done;
}

/** The hold is over: what spoke for sending is looked at once more, because much can happen in ten seconds. */
function release(step: Step, invitation: Invitation, given: TimeCase): Step {
  const { snapshot, policy, now } = given;
  const values = { assessment: invitation.assessmentName, stage: snapshot.stage?.name ?? '', status: snapshot.status };
  const withdraw = (code: 'not-sent-not-active' | 'not-sent-left-stage' | 'not-sent-vendor-off' | 'not-sent-anonymised') =>
    because(changeInvitation(step, invitation.id, { state: 'undone', dueAt: null, closedAt: now.toISOString() }), code, values);
  if (snapshot.anonymised) return withdraw('not-sent-anonymised');
  if (snapshot.status === 'archived' || snapshot.status === 'hired') return withdraw('not-sent-not-active');
  const stillThere = invitation.stageEntryKey === currentStageEntry(snapshot)?.key;
  if (invitation.raisedBy.kind === 'rule' && !stillThere) return withdraw('not-sent-left-stage');
  if (!policy.vendorsOn.includes(invitation.vendorConnectionId)) return withdraw('not-sent-vendor-off');
  const released = changeInvitation(step, invitation.id, { state: 'sending', dueAt: null });
  return because(send(released, { ...invitation, state: 'sending', dueAt: null }, snapshot), 'send-released', values);
}

function expire(step: Step, invitation: Invitation, now: Date): Step {
  const expired = changeInvitation(step, invitation.id, { state: 'expired', closedAt: now.toISOString() });
  return because(expired, 'invitation-expired', { assessment: invitation.assessmentName });
}

function recheckTag(step: Step, given: TimeCase): Step {
  const entry = currentStageEntry(given.snapshot);
  const waited = step.state.tagRecheck?.entryKey;
  if (!entry || entry.key !== waited || given.snapshot.status !== 'active') {
    return because(change(step, { tagRecheck: null }), 'not-sent-left-stage', { stage: given.snapshot.stage?.name ?? '' });
  }
  return sendAfterRecheck(step, { ...given, entry });
}
