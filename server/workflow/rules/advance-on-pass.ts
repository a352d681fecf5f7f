import { currentStageEntry, type Snapshot } from '../../../lib/domain/application.ts';
import type { Assessment } from '../../../lib/domain/assessment.ts';
import { type Invitation, isOpen } from '../../../lib/domain/invitation.ts';
import type { ReasonCode } from '../../../lib/domain/reason.ts';
import { hasPassed, type VendorResult } from '../../../lib/domain/result.ts';
import type { Policy } from '../policy.ts';
import type { ApplicationState } from '../state.ts';
import { ask, because, change, findInvitation, type Step } from '../step.ts';
import { visitOf } from '../visit.ts';
import { asksForMove } from './act-on-result.ts';

interface ResultCase {
  invitation: Invitation;
  result: VendorResult;
  snapshot: Snapshot | null;
  policy: Policy;
  now: Date;
}

/** Doubled each time: an ATS is mostly away for a moment. What has waited for an hour is for a person to do. */
const LOOK_AGAIN_MS = 30_000;
const WAIT_MS = 60 * 60_000;

/**
 * Rule: a pass moves the candidate on. Off until an admin switches it on, for every pass or for results of a kind (see act-on-result.ts); a
 * low score or a flag never moves anybody.
 */
export function advanceOnPass(step: Step, given: ResultCase): Step {
  const { waitingMove } = step.state;
  const waits = waitingMove?.invitationId === given.invitation.id ? waitingMove : null;
  return advance(waits ? change(step, { waitingMove: null }) : step, given, waits);
}

/** The stages could not be read when the pass was decided: all of it is decided again, on what is so now. The result itself never waited. */
export function advanceAfterWait(step: Step, { now, ...given }: Pick<ResultCase, 'snapshot' | 'policy' | 'now'>): Step {
  const { waitingMove } = step.state;
  if (!waitingMove || Date.parse(waitingMove.dueAt) > now.getTime()) return step;
  const invitation = findInvitation(step.state, waitingMove.invitationId);
  if (!invitation?.result) return change(step, { waitingMove: null });
  return advanceOnPass({ ...step, invitationId: invitation.id }, { ...given, invitation, result: invitation.result, now });
}

type WaitingMove = NonNullable<ApplicationState['waitingMove']>;

function advance(step: Step, given: ResultCase, waits: WaitingMove | null): Step {
  const { snapshot, policy, invitation } = given;
  if (!policy.rules.advanceOnPass && !asksForMove(given))
    return waits ? because(step, 'not-advanced-rule-off', { assessment: invitation.assessmentName }) : step;
  const target = policy.moveTarget === 'unknown' ? null : policy.moveTarget;
  const values = { assessment: invitation.assessmentName, stage: target?.name ?? '' };
  const against = reasonAgainst(step.state, given);
  if (against === 'not-advanced-yet') return waitForStages(step, given, waits);
  if (against)
    return because(
      step,
      against,
      values,
      against === 'not-advanced-no-target' ? { kind: 'open-settings', section: 'stages' } : undefined,
    );
  const entry = snapshot && currentStageEntry(snapshot);
  if (!snapshot?.stage || !entry || !target) return because(step, 'not-advanced-left-stage', values);
  const moving = ask(step, {
    kind: 'move-to-stage',
    key: `move:${snapshot.connectionId}:${snapshot.applicationId}:${entry.key}`,
    fromStageId: snapshot.stage.id,
    fromEntryKey: visitOf(snapshot).entryKey,
    toStageId: target.stageId,
    toStageName: target.name,
    invitationId: invitation.id,
  });
  return because(moving, 'advanced-on-pass', values);
}

/** Only the move waits, and there is nothing to mend in the settings. */
function waitForStages(step: Step, { invitation, now }: ResultCase, waits: WaitingMove | null): Step {
  const values = { assessment: invitation.assessmentName };
  const since = waits ? Date.parse(waits.since) : now.getTime();
  const waited = now.getTime() - since;
  if (waited >= WAIT_MS) return because(step, 'not-advanced-stages-unread', values);
  const dueAt = Math.min(now.getTime() + Math.max(waited, LOOK_AGAIN_MS), since + WAIT_MS);
  const waitingMove = {
    invitationId: invitation.id,
    since: new Date(since).toISOString(),
    dueAt: new Date(dueAt).toISOString(),
  };
  return because(change(step, { waitingMove }), waits ? 'advance-still-waits' : 'not-advanced-yet', values);
}

function reasonAgainst(state: ApplicationState, { invitation, result, snapshot, policy }: ResultCase): ReasonCode | null {
  if (result.status === 'voided') return 'not-advanced-voided';
  if (!result.verified || result.status !== 'final') return 'not-advanced-unverified';
  if (result.score === null && result.claimedVerdict) return 'not-advanced-unverified';
  const passed = hasPassed(result, passMarkOf(policy, invitation));
  // A score comes before a recommendation, but what is enough only a pass mark tells.
  if (passed === null) return result.score ? 'not-advanced-no-mark' : 'not-advanced-no-verdict';
  if (!passed) return 'not-advanced-not-passed';
  if (result.integrity.status === 'flagged' || result.integrity.status === 'pending') return 'not-advanced-flagged';
  if (snapshot?.status !== 'active' || !isInSameEntry(invitation, snapshot)) return 'not-advanced-left-stage';
  if (othersOfEntry(state, invitation).some((other) => !hasClearedFor(other, policy))) return 'not-advanced-other-open';
  if (policy.moveTarget === 'unknown') return 'not-advanced-yet';
  return policy.moveTarget ? null : 'not-advanced-no-target';
}

function passMarkOf(policy: Policy, invitation: Invitation): Assessment['passMark'] {
  return policy.assessments.find((assessment) => assessment.id === invitation.assessmentId)?.passMark ?? null;
}

function isInSameEntry(invitation: Invitation, snapshot: Snapshot): boolean {
  return invitation.stageEntryKey !== null && currentStageEntry(snapshot)?.key === invitation.stageEntryKey;
}

function othersOfEntry(state: ApplicationState, invitation: Invitation): Invitation[] {
  return state.invitations.filter((other) => other.id !== invitation.id && other.stageEntryKey === invitation.stageEntryKey);
}

/** Another assessment of the same stage entry stands in the way while it is open, or when it was not passed. */
function hasClearedFor(other: Invitation, policy: Policy): boolean {
  if (isOpen(other.state)) return false;
  return other.result ? hasPassed(other.result, passMarkOf(policy, other)) !== false : true;
}
