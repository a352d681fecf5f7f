import type { SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Transaction } from '../services.ts';

/** Work to be done soon, enqueued in the same transaction as the state that asks for it: both happen or neither. */
export interface WorkQueue {
  /** At most one waits per application, however often it is asked for. */
  sendLane(tx: Transaction, applicationKey: string): Promise<void>;
  /** `urgent`: somebody waits for it, so it goes before those that nobody waits for. */
  sendEffect(tx: Transaction, effectId: string, startAfter?: Date, urgent?: boolean): Promise<void>;
  /** True for the rows whose job is due and waits already: one that lies in the future comes too late for what is due. A queue that cannot tell leaves it out, and then none does. */
  hasJob?(name: 'lane' | 'effect', key: AnyPgColumn): SQL;
}

/** Several at once, in a fixed order: two transactions that send the same lanes must never wait for each other in a circle. */
export async function sendLanes(queue: WorkQueue, tx: Transaction, applicationKeys: readonly string[]): Promise<void> {
  for (const key of [...new Set(applicationKeys)].toSorted()) await queue.sendLane(tx, key);
}
