import { and, eq } from 'drizzle-orm';
import type { Services, Transaction } from '../services.ts';
import { failureKeys, noteFailure } from '../storage/failures.repository.ts';
import type { Case } from '../storage/load-case.ts';
import { failures } from '../storage/schema.ts';
import { failuresInARow } from './read-trouble.ts';

/** The code under which it stands on the failures list. */
export const LANE_UNREADABLE = 'lane-unreadable';

/** An hour or more: an ATS that is being mended answers nonsense for a while, and that is not to fill the list. */
const MANY = 60;

/** What the ATS says of this application has made no sense for long, so it hardly passes by itself. Who cannot be reached is another matter. */
function isLasting(readTrouble: string | null): boolean {
  return readTrouble?.split(' ')[0] === 'unreadable' && failuresInARow(readTrouble) >= MANY;
}

/**
 * Nothing is decided for an application that cannot be read, and nobody would ever hear of it: after many failures in a row it stands on the
 * failures list, once. It is read on; what was tried again and is no better waits for somebody again, what was discarded stays that. To be
 * called in the transaction that commits the round, after `endFault`.
 */
export async function noteLastingTrouble(
  tx: Transaction,
  services: Services,
  { current, readTrouble }: { current: Pick<Case, 'row' | 'hasFault'>; readTrouble: string | null },
): Promise<void> {
  if (!isLasting(readTrouble)) return;
  const { row, hasFault } = current;
  const key = failureKeys.job('lane', row.key);
  if (!isLasting(row.readTrouble)) {
    const about = { applicationKey: row.key, connectionId: row.connectionId };
    await noteFailure(tx, services, { key, kind: 'job', ...about, reason: { code: LANE_UNREADABLE } });
  } else if (hasFault) {
    await tx
      .update(failures)
      .set({ state: 'open', lastAt: services.clock.now(), closedAt: null, closedBy: null })
      .where(and(eq(failures.key, key), eq(failures.state, 'retried')));
  }
}
