import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../services.ts';
import type { Effect } from '../workflow/effect.ts';
import { effects } from './schema.ts';

/** Whether a sending before this one, of the same invitation, ended without anybody knowing whether it went out. */
export async function endedInDoubt(db: Database, effect: Effect): Promise<boolean> {
  if (effect.kind !== 'send-invitation' || isFirst(effect)) return false;
  const inDoubt = and(
    eq(effects.invitationId, effect.invitationId),
    eq(effects.kind, 'send-invitation'),
    eq(effects.state, 'unconfirmed'),
  );
  const found = await db.select({ one: sql`1` }).from(effects).where(inDoubt).limit(1);
  return found.length > 0;
}

/** Spares the look to almost all. See sendKey in workflow/send.ts. */
function isFirst({ key, invitationId }: Extract<Effect, { kind: 'send-invitation' }>): boolean {
  return key === `send:${invitationId}:1`;
}
