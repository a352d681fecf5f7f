import { Client } from 'pg';
import { childrenOf } from './children-of.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { isAtWork, isStuck, type Suspicion, suspect } from './stuck-recovery.ts';

export interface RecoveryWatchOptions {
  data: string;
  user: string;
  /** How long it must have been seen. */
  forMs?: number | undefined;
}

const CONNECT_MS = 2_000;

/**
 * Looks at the postmaster of `data`; true when it has for some time been in a recovery that nobody carries out (see stuck-recovery.ts).
 * While it serves, a look costs no connection. Where the system does not tell children (Windows), it is never true.
 */
export function watchRecovery({ data, user, forMs }: RecoveryWatchOptions): (pid: number) => Promise<boolean> {
  let suspicion: Suspicion | null = null;
  return async (pid) => {
    const children = await childrenOf(pid);
    if (children === null || isAtWork(children)) {
      suspicion = null;
      return false;
    }
    const isRefusing = await isInRecovery(pid, { data, user });
    const atMs = performance.now();
    suspicion = suspect(suspicion, { pid, atMs, isRefusing, children });
    return suspicion !== null && isStuck(suspicion, atMs, forMs);
  };
}

/**
 * Whether it was ready once and recovers from a crash now, or says so. 57P03 is said while it starts, stops and recovers; the file says
 * `ready` in the last case alone, for it is not written again at a crash.
 * https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
export async function isInRecovery(pid: number, { data, user }: { data: string; user: string }): Promise<boolean> {
  const file = await readPostmasterFile(data);
  if (file?.pid !== pid || !file.ready) return false;
  const address = { host: file.socketDir, port: file.port, user, database: 'postgres' };
  const client = new Client({ ...address, connectionTimeoutMillis: CONNECT_MS });
  // It may also break after it has refused, which nobody waits for any more.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === '57P03';
  }
  await client.end();
  return false;
}
