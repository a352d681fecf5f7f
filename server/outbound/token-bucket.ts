/** Who waits in front: a person who looks at the panel, then events, then the sweep that nobody waits for. */
export const CALL_PRIORITIES = ['person', 'event', 'sweep'] as const;
export type CallPriority = (typeof CALL_PRIORITIES)[number];

/** Shares one allowance among all calls of a connection. */
export interface RateLimiter {
  /** Resolves when one call may go out. */
  take(priority: CallPriority): Promise<void>;
  /** The other side said 429: nothing goes out before that long from now. */
  pause(ms: number): void;
  /** How long the pause still lasts; 0 without one. */
  pausedForMs(): number;
}

export interface TokenBucketOptions {
  perSecond: number;
  /** How many may go out at once after a rest. */
  burst: number;
  /** Milliseconds that only ever grow. Not the wall clock: that may jump, and then nothing would go out, or everything. */
  nowMs?: () => number;
  schedule?: (ms: number, run: () => void) => void;
}

/** A limiter within this process. Several processes each have their own, so a 429 is always obeyed as well. */
export function createTokenBucket({ perSecond, burst, ...time }: TokenBucketOptions): RateLimiter {
  const nowMs = time.nowMs ?? (() => performance.now());
  const schedule = time.schedule ?? ((ms, run) => void setTimeout(run, ms));
  const waiting: Record<CallPriority, (() => void)[]> = { person: [], event: [], sweep: [] };
  let tokens = burst;
  let filledAt = nowMs();
  let pausedUntil = 0;
  let isScheduled = false;

  function refill(): void {
    const now = nowMs();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1_000) * perSecond);
    filledAt = now;
  }

  function next(): (() => void) | undefined {
    return CALL_PRIORITIES.map((priority) => waiting[priority])
      .find((queue) => queue.length > 0)
      ?.shift();
  }

  function letGo(): void {
    refill();
    while (pausedForMs() === 0 && tokens >= 1) {
      const go = next();
      if (!go) return;
      tokens -= 1;
      go();
    }
    if (!isScheduled && CALL_PRIORITIES.some((priority) => waiting[priority].length > 0)) wakeLater();
  }

  function wakeLater(): void {
    isScheduled = true;
    // Rounded up, so that the token is there when the timer fires.
    schedule(Math.ceil(Math.max(pausedForMs(), ((1 - tokens) / perSecond) * 1_000, 1)), () => {
      isScheduled = false;
      letGo();
    });
  }

  function pausedForMs(): number {
    return Math.max(pausedUntil - nowMs(), 0);
  }

  return {
    take(priority) {
      return new Promise((go) => {
        waiting[priority].push(go);
        letGo();
      });
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, nowMs() + ms);
    },
    pausedForMs,
  };
}
