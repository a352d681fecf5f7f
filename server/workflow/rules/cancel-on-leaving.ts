import type { Snapshot } from '../../../lib/domain/application.ts';
import { type Invitation, isOpen } from '../../../lib/domain/invitation.ts';
import { stageIdOfKey } from '../known-entries.ts';
import { type Policy, stageRoleOf } from '../policy.ts';
import type { ApplicationState } from '../state.ts';
import { ask, because, change, changeInvitation, type Step } from '../step.ts';

export type Leaving = 'moved' | 'archived' | 'hired';

/**
 * How the application has left, as far as open invitations are concerned; null while it is where they belong. An invitation that a
 * person sent from some other stage does not belong to the assessment stage, so only the end of the application ends it.
 */
export function howItLeft(state: ApplicationState, snapshot: Snapshot, policy: Policy): Leaving | null {
  const open = state.invitations.filter((invitation) => isOpen(invitation.state));
  if (open.length === 0) return null;
  if (snapshot.status === 'archived' || snapshot.status === 'hired') return snapshot.status;
  return open.some((invitation) => hasMovedOut(invitation, snapshot, policy)) ? 'moved' : null;
}

/**
 * Out of the stage that an invitation belongs to: into one without assessments, or into another assessment stage, which has its own.
 * What the new stage asks for too was carried over when it was entered (see carryOver); coming back to the same stage is no leaving.
 */
function hasMovedOut({ stageEntryKey }: Invitation, snapshot: Snapshot, policy: Policy): boolean {
  if (stageEntryKey === null) return false;
  return stageRoleOf(policy, snapshot.stage) !== 'assessment' || stageIdOfKey(stageEntryKey) !== snapshot.stage?.id;
}

/** Rule, first half: whoever leaves is given a while to come back. */
export function startLeaving(step: Step, given: { how: Leaving; policy: Policy; now: Date; stage: string }): Step {
  const { how, policy, now } = given;
  const dueAt = new Date(now.getTime() + policy.leavingGraceMinutes * 60_000).toISOString();
  const before = step.state.leaving;
  const first = before ? { first: before.first ?? before.since } : {};
  const noted = change(step, { leaving: { since: now.toISOString(), ...first, dueAt, how } });
  const { leavingGraceMinutes: minutes } = policy;
  if (minutes === 0) return because(noted, 'leaving-at-once', { how, stage: given.stage });
  return because(noted, 'leaving-grace', { how, stage: given.stage, minutes: String(minutes) });
}

/** Rule, second half, after a re-read that shows the application still gone. A started test is left to a person. */
export function cancelAfterGrace(
  step: Step,
  given: { how: Leaving; since: string; now: Date; snapshot: Snapshot; policy: Policy },
): Step {
  const { how, snapshot, policy } = given;
  const affected = step.state.invitations.filter(
    (one) => isOpen(one.state) && (how !== 'moved' || hasMovedOut(one, snapshot, policy)),
  );
  const sending = affected.some((invitation) => invitation.state === 'sending');
  const leaving = step.state.leaving;
  // What is just being handed to the vendor cannot be cancelled yet: look again in a minute.
  const dueAt = sending ? new Date(given.now.getTime() + 60_000).toISOString() : null;
  const noted = change(step, { leaving: leaving ? { ...leaving, dueAt } : null });
  const done = affected.reduce((soFar, invitation) => cancelOne(soFar, invitation, given), noted);
  return done.reasons.length > step.reasons.length ? done : because(done, 'left-nothing-open');
}

function leavingKey(invitationId: string, since: string): string {
  return `cancel:${invitationId}:left:${since}`;
}

/** Since when they had left, of a cancelling that this rule asked for; null for every other. Pure. */
export function leavingOfKey(key: string): string | null {
  return /^cancel:[^:]+:left:(.+)$/.exec(key)?.[1] ?? null;
}

function cancelOne(step: Step, invitation: Invitation, given: { how: Leaving; since: string; now: Date }): Step {
  const values = { assessment: invitation.assessmentName, how: given.how };
  switch (invitation.state) {
    case 'held':
      return because(
        changeInvitation(step, invitation.id, { state: 'undone', closedAt: given.now.toISOString(), dueAt: null }),
        'not-sent-left-stage',
        { stage: '', ...values },
      );
    case 'sent':
    case 'unconfirmed':
      return because(
        ask(
          { ...step, invitationId: invitation.id },
          // One for each leaving: who came back and leaves again is cancelled again, should the first time have failed.
          { kind: 'cancel-invitation', key: leavingKey(invitation.id, given.since), invitationId: invitation.id },
        ),
        'left-cancelled',
        values,
      );
    case 'started':
    case 'submitted':
      return because({ ...step, invitationId: invitation.id }, 'left-started-ask', values);
    default:
      return step;
  }
}
