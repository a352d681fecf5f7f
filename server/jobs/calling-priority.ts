import type { Invitation, RaisedBy } from '../../lib/domain/invitation.ts';
import type { CallPriority } from '../outbound/call-priority.ts';
import { raiserOf } from '../people/acting-user.ts';
import type { Round } from '../storage/commit-round.ts';
import type { Case } from '../storage/load-case.ts';
import type { Effect } from '../workflow/effect.ts';

/** A re-read for which a recruiter waits counts as that recruiter's, wherever it is made: of a click, and of one whose hold is over. */
export function priorityOfCase({ inputs, state }: Pick<Case, 'inputs' | 'state'>, otherwise: CallPriority): CallPriority {
  const isClick = inputs.some(({ input }) => 'by' in input && input.by.kind === 'member');
  const isHeld = state.invitations.some((invitation) => invitation.state === 'held' && invitation.raisedBy.kind === 'member');
  return isClick || isHeld ? 'person' : otherwise;
}

/** An effect that follows from a recruiter's click counts as the recruiter's; what a result or a rule led to is automatic. */
export function priorityOfEffect(effect: Effect, raised: Raised): CallPriority {
  return isRaisedByPerson(effect, raised) ? 'person' : 'automatic';
}

/** The same of an effect that was just decided: such a job goes before those that nobody waits for. */
export function isForPerson(effect: Effect, { decisions: made, after }: Pick<Round, 'decisions' | 'after'>): boolean {
  const decision = made.find((one) => one.decision.effectKeys.includes(effect.key))?.decision ?? null;
  const invitationId = 'invitationId' in effect ? effect.invitationId : null;
  const invitation = after.invitations.find(({ id }) => id === invitationId) ?? null;
  return isRaisedByPerson(effect, { decision, invitation });
}

/** By which decision it was asked for, and about which invitation. */
interface Raised {
  decision: { event: string; raisedBy: RaisedBy | null } | null;
  invitation: Pick<Invitation, 'raisedBy'> | null;
}

function isRaisedByPerson(effect: Effect, raised: Raised): boolean {
  if (effect.kind === 'send-invitation') return raised.invitation?.raisedBy.kind === 'member';
  return raiserOf(effect, raised) !== null;
}
