import { AsyncLocalStorage } from 'node:async_hooks';

const context = new AsyncLocalStorage<() => Promise<boolean>>();

/**
 * Every write to the outside that `run` makes, and what it starts, is made only if `holds` says so at that moment: that whatever gives the
 * right to do it is still held. A process that was cut off, or stood still, may have lost it to another without knowing. The time of the write
 * does not run meanwhile (http.ts), so that `holds` has to end by itself.
 */
export function withWriteGuard<T>(holds: () => Promise<boolean>, run: () => T): T {
  return context.run(holds, run);
}

/** True outside of any guard. */
export async function mayWrite(): Promise<boolean> {
  return (await context.getStore()?.()) ?? true;
}

/** Surely not done: nobody was asked. */
export const NOT_OURS_ANY_MORE = { ok: false, kind: 'unreachable', detail: 'the lock for this write was lost' } as const;
