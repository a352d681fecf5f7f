import { setTimeout as wait } from 'node:timers/promises';
import { whoIs } from './postmaster-file.ts';

const PATIENCE = { fastMs: 30_000, immediateMs: 30_000 };
const GLANCE_MS = 10;

/**
 * PostgreSQL's fast shutdown (SIGINT): running transactions are rolled back, connections closed, everything written. Where that does not
 * end (a process of it hangs, a disk is slow), its immediate one (SIGQUIT): nothing that was confirmed is lost, the next start reads the
 * log. Resolves once the process is gone; throws when neither ended it. https://www.postgresql.org/docs/18/server-shutdown.html
 */
export async function stopPostmaster(pid: number, data: string, patience = PATIENCE): Promise<void> {
  const ways = [
    ['SIGINT', patience.fastMs],
    ['SIGQUIT', patience.immediateMs],
  ] as const;
  for (const [signal, ms] of ways) {
    if ((await whoIs(pid, data)) !== 'postmaster') return;
    process.kill(pid, signal);
    if (await isGoneWithin(ms, pid, data)) return;
  }
  throw new Error(`PostgreSQL (process ${pid}) did not stop within ${(patience.fastMs + patience.immediateMs) / 1000} s.`);
}

async function isGoneWithin(ms: number, pid: number, data: string): Promise<boolean> {
  const deadline = performance.now() + ms;
  while ((await whoIs(pid, data)) === 'postmaster') {
    if (performance.now() > deadline) return false;
    await wait(GLANCE_MS);
  }
  return true;
}
