import { and, eq, sql } from 'drizzle-orm';
import type { Services, Transaction } from '../services.ts';
import { failureKeys, noteFailure } from '../storage/failures.repository.ts';
import type { Case } from '../storage/load-case.ts';
import { failures } from '../storage/schema.ts';
import { unreadableInARow } from './read-trouble.ts';

/** The code under which it stands on the failures list. */
export const LANE_UNREADABLE = 'lane-unreadable';

/** An hour or more: an ATS that is being mended answers nonsense for a while, and that is not to fill the list. */
const MANY = 60;

/**
 * Nothing is decided for an application that cannot be read, and nobody would ever hear of it: after many failures in a row it stands on the
 * failures list, once. Only answers that make no sense count, because they hardly pass by themselves; who cannot be reached is another matter.
 * It is read on; what was tried again and is no better waits for somebody again, what was discarded stays that until the application has been
 * read. To be called in the transaction that commits the round, after `endFault`.
 */
export async function noteLastingTrouble(
  tx: Transaction,
  services: Services,
  { current, readTrouble }: { current: Pick<Case, 'row' | 'hasFault'>; readTrouble: string | null },
): Promise<void> {
  const { row, hasFault } = current;
  const inARow = unreadableInARow(readTrouble);
  const isLasting = inARow >= MANY;
  if (!isLasting && !(hasFault && inARow > 0)) return;
  const key = failureKeys.job('lane', row.key);
  // A fault of our own stands under the same key; whoever discarded that has not discarded this.
  const isOwnLine = and(eq(failures.key, key), sql`${failures.reason} ->> 'code' = ${LANE_UNREADABLE}`);
  const [line] = await tx.select({ state: failures.state, closedAt: failures.closedAt }).from(failures).where(isOwnLine);
  if (line?.state === 'retried')
    await tx
      .update(failures)
      .set({ state: 'open', lastAt: services.clock.now(), closedAt: null, closedBy: null })
      .where(and(isOwnLine, eq(failures.state, 'retried')));
  else if (isLasting && !stands(line, row.snapshotAt)) {
    const about = { applicationKey: row.key, connectionId: row.connectionId };
    await noteFailure(tx, services, { key, kind: 'job', ...about, reason: { code: LANE_UNREADABLE } });
  }
}

/** Somebody is waited for already, or has discarded just this trouble: one that came after a good reading is another. */
function stands(line: Pick<typeof failures.$inferSelect, 'state' | 'closedAt'> | undefined, readAt: Date | null): boolean {
  if (line?.state !== 'discarded') return line?.state === 'open';
  return !line.closedAt || !readAt || line.closedAt >= readAt;
}
