import { and, eq, sql } from 'drizzle-orm';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { CallPriority } from '../outbound/call-priority.ts';
import { raiserOf } from '../people/acting-user.ts';
import type { Database } from '../services.ts';
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
  // A vendor may look into the ATS too before it invites.
  if (effect.kind === 'send-invitation') return invitation?.raisedBy.kind === 'member' ? 'person' : 'automatic';
  const [decision] = await db
    .select({ event: decisions.event, raisedBy: decisions.raisedBy })
    .from(decisions)
    .where(
      and(eq(decisions.applicationKey, applicationKey), sql`${decisions.effectKeys} @> ${JSON.stringify([effect.key])}::jsonb`),
    )
    .limit(1);
  return raiserOf(effect, { decision: decision ?? null, invitation }) === null ? 'automatic' : 'person';
}
