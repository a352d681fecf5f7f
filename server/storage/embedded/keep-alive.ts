import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface KeepAliveOptions {
  isAlive(): Promise<boolean>;
  revive(): Promise<void>;
  everyMs: number;
  log: Logger;
}

/** Looks every `everyMs` whether PostgreSQL lives, and starts it again when it does not. `end` waits for a look under way. */
export function keepAlive({ isAlive, revive, everyMs, log }: KeepAliveOptions): { end(): Promise<void> } {
  const ending = new AbortController();
  const look = async () => {
    if (await isAlive()) return;
    log.error('PostgreSQL ended unasked; starting it again');
    await revive();
  };
  const watching = (async () => {
    for (;;) {
      // Unreferenced: it keeps no process alive that has nothing else to do.
      await wait(everyMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
      if (ending.signal.aborted) return;
      await look().catch((error: unknown) => log.error({ err: error }, 'PostgreSQL could not be started again; trying again'));
    }
  })();
  return {
    end: () => {
      ending.abort();
      return watching;
    },
  };
}
