import { setTimeout as pause } from 'node:timers/promises';

/** Waits for the work, but no longer than that; the work itself goes on. Rejects when the work fails in time. */
export async function waitAtMost(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([work, pause(ms, undefined, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}
