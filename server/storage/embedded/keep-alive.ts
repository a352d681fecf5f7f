import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface KeepAliveOptions {
  isAlive(): Promise<boolean>;
  /** Whether it lives and will never serve again by itself; asked once a look. */
  isStuck(): Promise<boolean>;
  /** Ends one that is stuck; faster once `over` is aborted. */
  end(over: AbortSignal): Promise<void>;
  /** Breaks off once `over` is aborted, with its reason. */
  revive(over: AbortSignal): Promise<void>;
  everyMs: number;
  log: Logger;
}

/**
 * Looks every `everyMs` whether PostgreSQL lives, and starts it again when it does not, or when it is stuck. `end` breaks off what is under
 * way, and waits until it is; from then on nothing is started any more.
 */
export function keepAlive({ isAlive, isStuck, end, revive, everyMs, log }: KeepAliveOptions): { end(): Promise<void> } {
  const ending = new AbortController();
  const over = ending.signal;
  const look = async () => {
    const isDead = !(await isAlive());
    if (!isDead && !(await isStuck())) return;
    // Who ends us may have ended it, too.
    over.throwIfAborted();
    if (isDead) log.error('PostgreSQL ended unasked; starting it again');
    else {
      log.error('PostgreSQL says that it recovers from a crash, and has no process that does; ending it and starting it again');
      await end(over);
      over.throwIfAborted();
    }
    await revive(over);
  };
  const note = (error: unknown) => {
    if (error === over.reason) return;
    log.error({ err: error }, `PostgreSQL could not be started again${over.aborted ? '' : '; trying again'}`);
  };
  const watching = (async () => {
    for (;;) {
      // Unreferenced: it keeps no process alive that has nothing else to do.
      await wait(everyMs, undefined, { signal: over, ref: false }).catch(() => undefined);
      if (over.aborted) return;
      await look().catch(note);
    }
  })();
  return {
    end: () => {
      ending.abort();
      return watching;
    },
  };
}
