import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again; resolves with the milliseconds that it took, rejects with `describe()` when the time is up. */
export async function waitUntil(
  isThere: () => Promise<boolean> | boolean,
  { withinMs, everyMs = 50, describe }: { withinMs: number; everyMs?: number; describe: () => string },
): Promise<number> {
  const from = performance.now();
  while (!(await isThere())) {
    if (performance.now() - from > withinMs) throw new Error(`waited ${withinMs} ms in vain: ${describe()}`);
    await pause(everyMs);
  }
  return performance.now() - from;
}
