import { eq } from 'drizzle-orm';
import type { KeptNames } from '../ats/kept-names.ts';
import type { AtsDispositionReason, AtsStage } from '../ats/port.ts';
import type { Database } from '../services.ts';
import { keptNames } from './schema.ts';

/** Keeps what is given and leaves the rest as it was. */
export async function keepNames(
  db: Database,
  { connectionId, now, ...seen }: { connectionId: string; now: Date; stages?: AtsStage[]; reasons?: AtsDispositionReason[] },
): Promise<void> {
  await db
    .insert(keptNames)
    .values({ connectionId, stages: [], reasons: [], ...seen, updatedAt: now })
    .onConflictDoUpdate({ target: keptNames.connectionId, set: { ...seen, updatedAt: now } });
}

export function createKeptNames(db: Database): KeptNames {
  return {
    async read(connectionId) {
      const [row] = await db.select().from(keptNames).where(eq(keptNames.connectionId, connectionId));
      return { stages: row?.stages ?? [], reasons: row?.reasons ?? [] };
    },
  };
}
