import type { Invitation } from '../../../lib/domain/invitation.ts';
import { outcomeNameOf } from '../../../lib/domain/outcome.ts';
import type { Policy } from '../policy.ts';
import type { ApplicationState } from '../state.ts';
import { ask, type Step } from '../step.ts';
import { sameOutcome } from './record-outcome.ts';

/**
 * Rule: what became of the candidate is told to the vendors whose assessments they took, where an admin has chosen a word for it. Which word
 * is found when it is told, so that the last one to run is right.
 */
export function tellOutcome(step: Step, { before, policy }: { before: ApplicationState; policy: Policy }): Step {
  const { outcome } = step.state;
  const name = outcomeNameOf(outcome);
  if (name === null || sameOutcome(before.outcome, outcome)) return step;
  return step.state.invitations
    .filter((invitation) => wasTaken(invitation) && policy.outcomeWords?.[invitation.vendorConnectionId]?.[name])
    .reduce((soFar, { id }) => {
      // Somebody may be rejected, brought back and rejected again.
      const earlier = soFar.state.effectKeys.filter((key) => key.startsWith(`outcome:${id}:`)).length;
      return ask(soFar, { kind: 'tell-outcome', key: `outcome:${id}:${earlier + 1}`, invitationId: id });
    }, step);
}

/** The vendor knows the person by it. */
function wasTaken({ state, sentAt }: Invitation): boolean {
  return sentAt !== null && state !== 'cancelled' && state !== 'undone' && state !== 'failed';
}
