import type { Snapshot } from '../../../lib/domain/application.ts';
import { NO_OUTCOME, type Outcome } from '../../../lib/domain/outcome.ts';
import { type Policy, stageRoleOf } from '../policy.ts';
import { because, change, type Step } from '../step.ts';

/**
 * The hiring result as the ATS's own record tells it: the stages that were entered, then why the application ended. A pure
 * function of the snapshot, so that a repeat or another order comes to the same.
 */
export function deriveOutcome(snapshot: Snapshot, policy: Policy): Outcome {
  const roles = snapshot.stageEntries.map((entry) => stageRoleOf(policy, { id: entry.stageId, name: entry.stageName }));
  const onTheWay: Outcome = {
    nextStep: roles.includes('onsite') || roles.includes('offer') ? 'advanced' : NO_OUTCOME.nextStep,
    offerStatus: roles.includes('offer') ? 'extended' : NO_OUTCOME.offerStatus,
  };
  if (snapshot.status === 'hired') return { nextStep: 'advanced', offerStatus: 'accepted' };
  if (snapshot.status !== 'archived') return onTheWay;
  return { ...onTheWay, ...meaningOf(snapshot, policy) };
}

function meaningOf(snapshot: Snapshot, policy: Policy): Partial<Outcome> {
  const reasonId = snapshot.disposition?.reasonId;
  const meaning = policy.dispositionMeanings.find((m) => m.reasonId === reasonId)?.meaning;
  switch (meaning) {
    case 'rejected':
      return { nextStep: 'rejected' };
    case 'withdrew':
      return { nextStep: 'withdrew' };
    case 'accepted':
      return { nextStep: 'advanced', offerStatus: 'accepted' };
    case 'declined':
      return { nextStep: 'advanced', offerStatus: 'declined' };
    case 'not applicable':
      return { nextStep: 'not applicable', offerStatus: 'not applicable' };
    case undefined:
      return {};
  }
}

export function sameOutcome(a: Outcome, b: Outcome): boolean {
  return a.nextStep === b.nextStep && a.offerStatus === b.offerStatus;
}

export function recordOutcome(step: Step, snapshot: Snapshot | null, policy: Policy): Step {
  if (!snapshot) return step;
  const outcome = deriveOutcome(snapshot, policy);
  if (sameOutcome(outcome, step.state.outcome)) return step;
  return because(change(step, { outcome }), 'outcome-changed', { nextStep: outcome.nextStep, offerStatus: outcome.offerStatus });
}
