import { eq } from 'drizzle-orm';
import type { DispositionMeaning } from '../../lib/domain/outcome.ts';
import type { Database, Transaction } from '../services.ts';
import { reasonMeanings } from './schema.ts';

export interface ReasonMeaningSetting {
  reasonId: string;
  reasonName: string;
  meaning: DispositionMeaning;
}

export async function listReasonMeanings(db: Database | Transaction, connectionId: string): Promise<ReasonMeaningSetting[]> {
  return db
    .select({ reasonId: reasonMeanings.reasonId, reasonName: reasonMeanings.reasonName, meaning: reasonMeanings.meaning })
    .from(reasonMeanings)
    .where(eq(reasonMeanings.connectionId, connectionId));
}

/** Puts the given list in the place of the old one, whole. */
export async function replaceReasonMeanings(
  db: Database,
  { connectionId, meanings }: { connectionId: string; meanings: readonly ReasonMeaningSetting[] },
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(reasonMeanings).where(eq(reasonMeanings.connectionId, connectionId));
    if (meanings.length === 0) return;
    await tx.insert(reasonMeanings).values(meanings.map((meaning) => ({ ...meaning, connectionId })));
  });
}
