import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface KeepAliveOptions {
  isAlive(): Promise<boolean>;
  /** Whether it lives and will never serve again by itself; asked once a look. */
  isStuck(): Promise<boolean>;
  /** Ends one that is stuck. */
  end(): Promise<void>;
  revive(): Promise<void>;
  everyMs: number;
  log: Logger;
}

/**
 * Looks every `everyMs` whether PostgreSQL lives, and starts it again when it does not, or when it is stuck. `end` waits for a look under
 * way.
 */
export function keepAlive({ isAlive, isStuck, end, revive, everyMs, log }: KeepAliveOptions): { end(): Promise<void> } {
  const ending = new AbortController();
  const look = async () => {
    if (!(await isAlive())) log.error('PostgreSQL ended unasked; starting it again');
    else if (await isStuck()) {
      log.error('PostgreSQL says that it recovers from a crash, and has no process that does; ending it and starting it again');
      await end();
    } else return;
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
