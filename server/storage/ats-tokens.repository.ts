import { eq } from 'drizzle-orm';
import type { Database, Transaction } from '../services.ts';
import { atsTokens } from './schema.ts';

/** The connections for which tokens are stored: where tokens come from consent, those that somebody consented to. */
export async function listConnectionsWithTokens(db: Database): Promise<Set<string>> {
  const rows = await db.select({ connectionId: atsTokens.connectionId }).from(atsTokens);
  return new Set(rows.map(({ connectionId }) => connectionId));
}

/** For credentials that are gone or replaced: nothing of the old ones is left. */
export async function forgetTokens(tx: Transaction, connectionId: string): Promise<void> {
  await tx.delete(atsTokens).where(eq(atsTokens.connectionId, connectionId));
}
