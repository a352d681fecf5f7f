import { setTimeout as wait } from 'node:timers/promises';
import { whoIs } from './postmaster-file.ts';

const PATIENCE_MS = 60_000;
const GLANCE_MS = 10;

/**
 * PostgreSQL's fast shutdown (SIGINT): running transactions are rolled back, connections closed, everything written.
 * Resolves once the process is gone; throws when that takes over a minute. https://www.postgresql.org/docs/18/server-shutdown.html
 */
export async function stopPostmaster(pid: number, data: string): Promise<void> {
  if ((await whoIs(pid, data)) !== 'postmaster') return;
  process.kill(pid, 'SIGINT');
  const deadline = performance.now() + PATIENCE_MS;
  while ((await whoIs(pid, data)) === 'postmaster') {
    if (performance.now() > deadline) throw new Error(`PostgreSQL (process ${pid}) did not stop within ${PATIENCE_MS / 1000} s.`);
    await wait(GLANCE_MS);
  }
}
