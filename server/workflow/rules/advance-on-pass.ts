import { currentStageEntry, type Snapshot } from '../../../lib/domain/application.ts';
import type { Assessment } from '../../../lib/domain/assessment.ts';
import { type Invitation, isOpen } from '../../../lib/domain/invitation.ts';
import type { ReasonCode } from '../../../lib/domain/reason.ts';
import { hasPassed, type VendorResult } from '../../../lib/domain/result.ts';
import type { Policy } from '../policy.ts';
import type { ApplicationState } from '../state.ts';
import { ask, because, type Step } from '../step.ts';
import { visitOf } from '../visit.ts';
import { asksForMove } from './act-on-result.ts';

interface ResultCase {
  invitation: Invitation;
  result: VendorResult;
  snapshot: Snapshot | null;
  policy: Policy;
}

/**
 * Rule: a pass moves the candidate on. Off until an admin switches it on, for every pass or for results of a kind (see act-on-result.ts); a
 * low score or a flag never moves anybody.
 */
export function advanceOnPass(step: Step, given: ResultCase): Step {
  if (!given.policy.rules.advanceOnPass && !asksForMove(given)) return step;
  const { snapshot, policy, invitation } = given;
  const values = { assessment: invitation.assessmentName, stage: policy.moveTarget?.name ?? '' };
  const against = reasonAgainst(step.state, given);
  if (against)
    return because(
      step,
      against,
      values,
      against === 'not-advanced-no-target' ? { kind: 'open-settings', section: 'stages' } : undefined,
    );
  const entry = snapshot && currentStageEntry(snapshot);
  if (!snapshot?.stage || !entry || !policy.moveTarget) return because(step, 'not-advanced-left-stage', values);
  const moving = ask(step, {
    kind: 'move-to-stage',
    key: `move:${snapshot.connectionId}:${snapshot.applicationId}:${entry.key}`,
    fromStageId: snapshot.stage.id,
    fromEntryKey: visitOf(snapshot).entryKey,
    toStageId: policy.moveTarget.stageId,
    toStageName: policy.moveTarget.name,
    invitationId: invitation.id,
  });
  return because(moving, 'advanced-on-pass', values);
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
