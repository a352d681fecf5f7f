import { setTimeout as wait } from 'node:timers/promises';
import { childrenOf } from './children-of.ts';
import { whoIs } from './postmaster-file.ts';

const PATIENCE = { fastMs: 30_000, immediateMs: 30_000 };
/** Its immediate shutdown kills after five seconds what does not end; after SIGKILL the system alone decides. */
const AT_ONCE = { immediateMs: 10_000, killedMs: 10_000 };
/** Where the server itself is to end, and whoever ends it waits about 10 s for all of it. */
export const AT_THE_END = { immediateMs: 2_000, killedMs: 10_000 };
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

/**
 * For one that serves nobody and does not heed its fast shutdown: its immediate one, then SIGKILL of it and of all it has started, so that
 * nobody is left on the data. Nothing that was confirmed is lost. Resolves once it is gone; throws when the system does not end it. Once
 * `hurry` is aborted, the immediate one is given no more than AT_THE_END.
 */
export async function endPostmaster(pid: number, data: string, patience = AT_ONCE, hurry?: AbortSignal): Promise<void> {
  if ((await whoIs(pid, data)) !== 'postmaster') return;
  process.kill(pid, 'SIGQUIT');
  if (await isGoneWithin(patience.immediateMs, pid, data, hurry)) return;
  if (hurry?.aborted && (await isGoneWithin(AT_THE_END.immediateMs, pid, data))) return;
  const children = (await childrenOf(pid)) ?? [];
  for (const one of [pid, ...children.map((child) => child.pid)]) kill(one);
  if (await isGoneWithin(patience.killedMs, pid, data)) return;
  throw new Error(`PostgreSQL (process ${pid}) could not be ended.`);
}

/** A child may end by itself, of its parent's end, before it is its turn. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function isGoneWithin(ms: number, pid: number, data: string, hurry?: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + ms;
  while ((await whoIs(pid, data)) === 'postmaster') {
    if (performance.now() > deadline || hurry?.aborted) return false;
    await wait(GLANCE_MS);
  }
  return true;
}
