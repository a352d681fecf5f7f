import { and, eq, sql } from 'drizzle-orm';
import type { Invitation, RaisedBy } from '../../lib/domain/invitation.ts';
import type { CallPriority } from '../outbound/call-priority.ts';
import { raiserOf } from '../people/acting-user.ts';
import type { Database } from '../services.ts';
import type { Round } from '../storage/commit-round.ts';
import type { Case } from '../storage/load-case.ts';
import { decisions } from '../storage/schema.ts';
import type { Effect } from '../workflow/effect.ts';

/** A re-read for which a recruiter waits counts as that recruiter's, wherever it is made: of a click, and of one whose hold is over. */
export function priorityOfCase({ inputs, state }: Pick<Case, 'inputs' | 'state'>, otherwise: CallPriority): CallPriority {
  const isClick = inputs.some(({ input }) => 'by' in input && input.by.kind === 'member');
  const isHeld = state.invitations.some((invitation) => invitation.state === 'held' && invitation.raisedBy.kind === 'member');
  return isClick || isHeld ? 'person' : otherwise;
}

/** An effect that follows from a recruiter's click counts as the recruiter's; what a result or a rule led to is automatic. */
export async function priorityOfEffect(
  db: Database,
  { effect, applicationKey, invitation }: { effect: Effect; applicationKey: string; invitation: Invitation | null },
): Promise<CallPriority> {
  const [decision] = await db
    .select({ event: decisions.event, raisedBy: decisions.raisedBy })
    .from(decisions)
    .where(
      and(eq(decisions.applicationKey, applicationKey), sql`${decisions.effectKeys} @> ${JSON.stringify([effect.key])}::jsonb`),
    )
    .limit(1);
  return isRaisedByPerson(effect, { decision: decision ?? null, invitation }) ? 'person' : 'automatic';
}

/** The same of an effect that was just decided: such a job goes before those that nobody waits for. */
export function isForPerson(effect: Effect, { decisions: made, after }: Pick<Round, 'decisions' | 'after'>): boolean {
  const decision = made.find((one) => one.decision.effectKeys.includes(effect.key))?.decision ?? null;
  const invitationId = 'invitationId' in effect ? effect.invitationId : null;
  const invitation = after.invitations.find(({ id }) => id === invitationId) ?? null;
  return isRaisedByPerson(effect, { decision, invitation });
}

function isRaisedByPerson(
  effect: Effect,
  raised: { decision: { event: string; raisedBy: RaisedBy | null } | null; invitation: Pick<Invitation, 'raisedBy'> | null },
): boolean {
  if (effect.kind === 'send-invitation') return raised.invitation?.raisedBy.kind === 'member';
  return raiserOf(effect, raised) !== null;
}
