import { and, eq, sql } from 'drizzle-orm';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { CallPriority } from '../outbound/call-priority.ts';
import type { Database } from '../services.ts';
import type { Case } from '../storage/load-case.ts';
import { decisions } from '../storage/schema.ts';
import type { Effect } from '../workflow/effect.ts';

/** A re-read for which a recruiter waits counts as that recruiter's, wherever it is made. */
export function priorityOfCase({ inputs }: Pick<Case, 'inputs'>, otherwise: CallPriority): CallPriority {
  return inputs.some(({ input }) => 'by' in input && input.by.kind === 'member') ? 'person' : otherwise;
}

/** An effect that follows from a recruiter's click counts as the recruiter's; what a result or a rule led to is automatic. */
export async function priorityOfEffect(
  db: Database,
  { effect, applicationKey, invitation }: { effect: Effect; applicationKey: string; invitation: Invitation | null },
): Promise<CallPriority> {
  const isSending =
    effect.kind === 'send-invitation' || (effect.kind === 'write-note' && effect.note.about === 'invitation-sent');
  if (isSending && invitation?.raisedBy.kind === 'member') return 'person';
  const [clicked] = await db
    .select({ id: decisions.id })
    .from(decisions)
    .where(
      and(
        eq(decisions.applicationKey, applicationKey),
        sql`${decisions.effectKeys} @> ${JSON.stringify([effect.key])}::jsonb`,
        sql`${decisions.raisedBy} ->> 'kind' = 'member'`,
      ),
    )
    .limit(1);
  return clicked ? 'person' : 'automatic';
}
