import { and, eq, ne } from 'drizzle-orm';
import type { Database } from '../services.ts';
import type { Effect } from '../workflow/effect.ts';
import { isFromBackup } from './restored-at.ts';
import { effects, type invitations } from './schema.ts';

/**
 * Whether an invitation may have gone out before this sending of it: one before ended in doubt, or the data are those of a backup that
 * has it, and nobody here has asked for it since.
 */
export async function mayHaveGoneOut(
  db: Database,
  sending: { id: string; effect: Effect },
  {
    invitation,
    restoredAt,
  }: { invitation: Pick<typeof invitations.$inferSelect, 'id' | 'createdAt'>; restoredAt: string | null },
): Promise<boolean> {
  if (restoredAt === null && isFirst(sending.effect)) return false;
  const others = await db
    .select({ state: effects.state, createdAt: effects.createdAt })
    .from(effects)
    .where(and(eq(effects.invitationId, invitation.id), eq(effects.kind, 'send-invitation'), ne(effects.id, sending.id)));
  if (others.some(({ state }) => state === 'unconfirmed' || state === 'calling')) return true;
  const isAskedSince = others.some(({ createdAt }) => !isFromBackup(restoredAt, createdAt));
  return !isAskedSince && isFromBackup(restoredAt, invitation.createdAt);
}

/** Spares the look to almost all. See sendKey in workflow/send.ts. */
function isFirst(effect: Effect): boolean {
  return effect.kind === 'send-invitation' && effect.key === `send:${effect.invitationId}:1`;
}
