import type { Logger } from 'pino';

/** How a loop fares, in milliseconds of a clock that only grows. */
export interface LoopState {
  name: string;
  /** For how long the run under way has not come back; 0 between two runs. */
  runningForMs: number;
  /** Since a run last ended without a failure, or since the start. */
  quietForMs: number;
}

/** Runs a chore again and again, one run at a time. */
export interface Loop {
  /** Now rather than at the next turn; a run that is under way is followed by another. */
  wake(): void;
  state(): LoopState;
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
  steadyMs = () => performance.now(),
}: {
  name: string;
  everyMs: number;
  chore: () => Promise<number>;
  log: Logger;
  /** Milliseconds that only ever grow. */
  steadyMs?: () => number;
}): Loop {
  let stopped = false;
  let running: Promise<void> | null = null;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let begunAt: number | null = null;
  let endedWellAt = steadyMs();

  const run = async () => {
    begunAt = steadyMs();
    try {
      const done = await chore();
      endedWellAt = steadyMs();
      return done;
    } finally {
      begunAt = null;
    }
  };
  const turn = async () => {
    do {
      again = false;
      try {
        while (!stopped && (await run()) > 0);
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
    state: () => ({
      name,
      runningForMs: begunAt === null ? 0 : steadyMs() - begunAt,
      quietForMs: steadyMs() - endedWellAt,
    }),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
