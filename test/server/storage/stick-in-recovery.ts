import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Child, childrenOf } from '../../../server/storage/embedded/children-of.ts';
import { readPostmasterFile, whoIs } from '../../../server/storage/embedded/postmaster-file.ts';

const TRIES_WITHIN_MS = 60_000;
const STUCK_AFTER_MS = 400;

const named = (children: readonly Child[], name: string) => children.find(({ title }) => title.startsWith(`postgres: ${name}`));

/**
 * Kills a process of a real PostgreSQL, and the one that would recover from it as soon as it is there: then PostgreSQL 18 mostly waits for
 * ever. Where it ends instead, whoever watches it starts it again, and it is tried again. Resolves with the process that is stuck. Linux.
 */
export async function stickInRecovery(data: string): Promise<number> {
  const until = performance.now() + TRIES_WITHIN_MS;
  while (performance.now() < until) {
    const pid = await crash(data);
    strikeNext(pid, 'SIGKILL');
    if (await staysWithoutRecovery(pid, data)) return pid;
  }
  throw new Error(`PostgreSQL was not stuck once within ${TRIES_WITHIN_MS} ms`);
}

/** The same, but the one that recovers is only stopped: it is there, and takes its time. */
export async function stopInRecovery(data: string): Promise<{ pid: number; startup: number }> {
  const pid = await crash(data);
  return { pid, startup: strikeNext(pid, 'SIGSTOP') };
}

/** Ends the background writer of one that serves; PostgreSQL then ends all its processes and recovers. */
async function crash(data: string): Promise<number> {
  const until = performance.now() + TRIES_WITHIN_MS;
  while (performance.now() < until) {
    const pid = (await readPostmasterFile(data))?.pid ?? 0;
    const children = (await childrenOf(pid)) ?? [];
    const writer = named(children, 'background writer');
    if (writer && named(children, 'walwriter')) {
      process.kill(writer.pid, 'SIGKILL');
      return pid;
    }
    await pause(10);
  }
  throw new Error('PostgreSQL does not serve');
}

/** In one breath, because it is a matter of microseconds. */
function strikeNext(pid: number, signal: NodeJS.Signals): number {
  const list = () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
  const before = new Set(list());
  const until = performance.now() + TRIES_WITHIN_MS;
  while (performance.now() < until) {
    const next = list().find((child) => !before.has(child));
    if (next === undefined) continue;
    process.kill(Number(next), signal);
    return Number(next);
  }
  throw new Error('PostgreSQL did not begin to recover');
}

/** False as soon as it serves again or has ended. The one that was killed may be seen for a moment yet. */
async function staysWithoutRecovery(pid: number, data: string): Promise<boolean> {
  let from = performance.now();
  for (;;) {
    const children = (await childrenOf(pid)) ?? [];
    if (named(children, 'walwriter') || (await whoIs(pid, data)) !== 'postmaster') return false;
    if (named(children, 'startup') || !named(children, 'checkpointer')) from = performance.now();
    if (performance.now() - from > STUCK_AFTER_MS) return true;
    await pause(10);
  }
}
