import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Database, Transaction } from '../services.ts';
import { erasures } from '../storage/schema.ts';
import type { FoundApplication } from './find-applications.ts';

export type ErasureRow = typeof erasures.$inferSelect;

/** Unless it is finished, or another process is just at it. */
export async function holdUnfinished(tx: Transaction, id: string): Promise<ErasureRow | undefined> {
  const [mine] = await tx
    .select()
    .from(erasures)
    .where(and(eq(erasures.id, id), isNull(erasures.finishedAt)))
    .for('update', { skipLocked: true });
  return mine;
}

/** Those of them that are not finished. */
export async function findUnfinished(db: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ id: erasures.id })
    .from(erasures)
    .where(and(inArray(erasures.id, [...ids]), isNull(erasures.finishedAt)));
  return new Set(rows.map(({ id }) => id));
}

/** Whether some of theirs are here that do not stand with the erasure. */
export function isMore({ applicationKeys }: Pick<ErasureRow, 'applicationKeys'>, found: readonly FoundApplication[]): boolean {
  return found.some(({ key }) => !applicationKeys.includes(key));
}
