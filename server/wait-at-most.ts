import { setTimeout as pause } from 'node:timers/promises';

/** What the work answers, or nothing when that takes longer; the work itself goes on. Rejects when the work fails in time. */
export async function waitAtMost<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([work, pause(ms, undefined, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}
