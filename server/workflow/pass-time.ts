import { currentStageEntry, type Snapshot } from '../../lib/domain/application.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { Reason } from '../../lib/domain/reason.ts';
import type { Policy } from './policy.ts';
import { reasonAgainst } from './prepare-invitation.ts';
import { advanceAfterWait } from './rules/advance-on-pass.ts';
import { cancelAfterGrace } from './rules/cancel-on-leaving.ts';
import { nextReminders, remind } from './rules/remind.ts';
import { assessmentsByTag, sendAfterRecheck } from './rules/send-on-stage-entry.ts';
import { send, withdraw } from './send.ts';
import type { ApplicationState } from './state.ts';
import { because, change, changeInvitation, type Step } from './step.ts';

interface TimeCase {
  /** Null when the ATS does not show the application: then only what needs no look at it happens. */
  snapshot: Snapshot | null;
  policy: Policy;
  now: Date;
  freshId: string;
}
type SeenCase = TimeCase & { snapshot: Snapshot };

/** The earliest time at which something happens by itself; null when nothing waits. */
export function nextDueAt(state: ApplicationState): string | null {
  const deadlines = state.invitations.map((invitation) => deadlineOf(invitation));
  const holds = state.invitations.map((invitation) => (invitation.state === 'held' ? invitation.dueAt : null));
  // What cannot be seen is left alone until it can: only deadlines run out all the same.
  const looks = state.vanished
    ? []
    : [
        ...holds,
        state.waitingMove?.dueAt ?? null,
        state.tagRecheck?.dueAt ?? null,
        state.leaving?.dueAt ?? null,
        ...nextReminders(state),
      ];
  const times = [...deadlines, ...looks].filter((time) => time !== null);
  return times.length === 0 ? null : times.reduce((a, b) => (Date.parse(a) <= Date.parse(b) ? a : b));
}

/** Only what nobody has begun can run out; who has started is in the vendor's hands. */
function deadlineOf(invitation: Invitation): string | null {
  return invitation.state === 'sent' ? invitation.expiresAt : null;
}

/** Those whose deadline has come, and that would expire now. */
export function runningOut({ invitations }: ApplicationState, now: Date): Invitation[] {
  return invitations.filter((invitation) => {
    const deadline = deadlineOf(invitation);
    return deadline !== null && Date.parse(deadline) <= now.getTime();
  });
}

/** Does all that is due now, on a fresh snapshot. */
export function passTime(step: Step, given: TimeCase): Step {
  const isDue = (time: string | null | undefined) =>
    time !== null && time !== undefined && Date.parse(time) <= given.now.getTime();
  const expired = runningOut(step.state, given.now).reduce((soFar, invitation) => expire(soFar, invitation, given.now), step);
  const { snapshot } = given;
  if (!snapshot) return expired;
  const seen = { ...given, snapshot };
  const released = expired.state.invitations
    .filter((invitation) => invitation.state === 'held' && isDue(invitation.dueAt))
    .reduce((soFar, invitation) => release(soFar, invitation, seen), expired);
  const reminded = remind(released, given.now);
  const advanced = advanceAfterWait(reminded, seen);
  const looked = isDue(advanced.state.tagRecheck?.dueAt) ? recheckTag(advanced, seen) : advanced;
  return isDue(looked.state.leaving?.dueAt) ? endGrace(looked, seen) : looked;
}

/** With the rule switched off meanwhile nothing is cancelled. */
function endGrace(step: Step, { snapshot, policy, now }: SeenCase): Step {
  const { leaving } = step.state;
  if (!leaving || !policy.rules.cancelOnLeaving) return change(step, { leaving: null });
  return cancelAfterGrace(step, { ...leaving, now, snapshot, policy });
}

/** The hold is over: what spoke for sending is looked at once more, because much can happen in ten seconds. */
function release(step: Step, invitation: Invitation, given: SeenCase): Step {
  const { snapshot, policy, now } = given;
  const values = { assessment: invitation.assessmentName, stage: snapshot.stage?.name ?? '', status: snapshot.status };
  const against =
    reasonAgainst({ state: step.state, snapshot, policy, invitation }) ??
    (invitation.raisedBy.kind === 'rule' ? reasonAgainstRule(invitation, given, values) : null);
  if (against) return withdraw(step, invitation.id, { reason: against, now });
  const sending = { ...invitation, state: 'sending' as const, dueAt: null };
  const released = changeInvitation(step, invitation.id, { state: 'sending', dueAt: null });
  return because(send(released, sending, snapshot), 'send-released', values);
}

/** A rule sends only while what the rule rests on still holds. */
function reasonAgainstRule(
  invitation: Invitation,
  { snapshot, policy }: SeenCase,
  values: Record<string, string>,
): Reason | null {
  if (!policy.rules.sendOnStageEntry) return { code: 'not-sent-rule-off', values, mend: { kind: 'send-now' } };
  if (invitation.stageEntryKey !== currentStageEntry(snapshot)?.key) return { code: 'not-sent-left-stage', values };
  const tagged = assessmentsByTag(snapshot, policy).some((assessment) => assessment.id === invitation.assessmentId);
  return tagged ? null : { code: 'not-sent-no-tag', values, mend: { kind: 'send-now' } };
}

function expire(step: Step, invitation: Invitation, now: Date): Step {
  const expired = changeInvitation(step, invitation.id, { state: 'expired', closedAt: now.toISOString() });
  return because(expired, 'invitation-expired', { assessment: invitation.assessmentName });
}

function recheckTag(step: Step, given: SeenCase): Step {
  const entry = currentStageEntry(given.snapshot);
  const waited = step.state.tagRecheck?.entryKey;
  if (!entry || entry.key !== waited || given.snapshot.status !== 'active') {
    return because(change(step, { tagRecheck: null }), 'not-sent-left-stage', { stage: given.snapshot.stage?.name ?? '' });
  }
  return sendAfterRecheck(step, { ...given, entry });
}
