import { eq, lte } from 'drizzle-orm';
import type { Database } from '../services.ts';
import { hashSecret } from './hash-secret.ts';
import { oauthStates } from './schema.ts';

export interface OauthState {
  connectionId: string;
  redirectUri: string;
  /** The member who asked. */
  startedBy: string;
}

/** Remembers that consent was asked for, by the hash of its state alone; forgets what is too old by now. */
export async function addOauthState(
  db: Database,
  { state, now, ...row }: OauthState & { state: string; expiresAt: Date; now: Date },
): Promise<void> {
  await db.delete(oauthStates).where(lte(oauthStates.expiresAt, now));
  await db.insert(oauthStates).values({ hash: hashSecret(state), ...row });
}

/** What was asked for with this state, once: whoever comes second, or too late, gets null. */
export async function takeOauthState(db: Database, { state, now }: { state: string; now: Date }): Promise<OauthState | null> {
  const [row] = await db
    .delete(oauthStates)
    .where(eq(oauthStates.hash, hashSecret(state)))
    .returning();
  if (!row || row.expiresAt <= now) return null;
  const { connectionId, redirectUri, startedBy } = row;
  return { connectionId, redirectUri, startedBy };
}
