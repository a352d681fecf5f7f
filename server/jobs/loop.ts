import type { Logger } from 'pino';

/** Runs a chore again and again, one run at a time. */
export interface Loop {
  /** Now rather than at the next turn; a run that is under way is followed by another. */
  wake(): void;
  /** No more runs; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/**
 * `chore` answers how much it did: while that is more than nothing it is run again at once, otherwise after `everyMs`. A failure is
 * logged and tried again after a pause; it never ends the loop.
 */
export function startLoop({
  name,
  everyMs,
  chore,
  log,
}: {
  name: string;
  everyMs: number;
  chore: () => Promise<number>;
  log: Logger;
}): Loop {
  let stopped = false;
  let running: Promise<void> | null = null;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  const turn = async () => {
    do {
      again = false;
      try {
        while (!stopped && (await chore()) > 0);
      } catch (error) {
        log.error({ err: error, chore: name }, 'a chore failed and is tried again');
      }
    } while (again && !stopped);
  };
  const start = () => {
    clearTimeout(timer);
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    running = turn().finally(() => {
      running = null;
      if (!stopped) timer = setTimeout(start, everyMs);
    });
  };
  start();
  return {
    wake: start,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
