import type { Transaction } from '../services.ts';

/** Work to be done soon, enqueued in the same transaction as the state that asks for it: both happen or neither. */
export interface WorkQueue {
  /** At most one waits per application, however often it is asked for. */
  sendLane(tx: Transaction, applicationKey: string): Promise<void>;
  sendEffect(tx: Transaction, effectId: string, startAfter?: Date): Promise<void>;
}
