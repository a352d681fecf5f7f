import type { Database, Transaction } from '../services.ts';

const waiting = new WeakMap<Transaction | Database, (() => void)[]>();

/** What of a transaction's work is to follow its commit. Made by the layer of queries, which alone knows when that was. */
export function expectCommit(tx: Transaction): void {
  waiting.set(tx, []);
}

/** To be called once, when the transaction has been committed. */
export function tellCommitted(tx: Transaction): void {
  const runs = waiting.get(tx) ?? [];
  waiting.delete(tx);
  for (const run of runs) run();
}

/**
 * Runs `run` in this process when `tx` has been committed, and never when it was rolled back. A process that dies right after its commit runs
 * it not either: what has to happen needs to stand in the tables. False where that cannot be known, in a savepoint say; then nothing will be run.
 */
export function afterCommit(tx: Transaction | Database, run: () => void): boolean {
  const runs = waiting.get(tx);
  runs?.push(run);
  return runs !== undefined;
}
