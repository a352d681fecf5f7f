import type { AllowanceRule } from './allowance-rule.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { createSharedLimiter, type SharedLimiter, type SharedLimiterOptions } from './shared-limiter.ts';

/** Whose allowance it is: one for each credential, whatever connection uses it. */
export interface AllowanceOf {
  key: string;
  rule: AllowanceRule;
  /** The connection that asks. */
  connectionId: string;
}

export interface RateGovernor {
  /** The same one for the same key. */
  limiterFor(of: AllowanceOf): RateLimiter;
  /** Connections whose work was told to come back, though there is room for some of it by now: about so many calls. */
  roomForDeferred(): Promise<{ connectionId: string; calls: number }[]>;
  /** An allowance was used up, so that somebody was told to come back, not longer ago than this. */
  wasShortWithin(ms: number): boolean;
  stop(): void;
  /** From then on calls are refused because this process ends, which says nothing about those who would be called. */
  hasStopped(): boolean;
}

/** All the limiters of this process. */
export function createRateGovernor(options: Omit<SharedLimiterOptions, 'key' | 'rule'>): RateGovernor {
  const limiters = new Map<string, SharedLimiter>();
  let stopped = false;
  const keysOf = new Map<string, Set<string>>();
  return {
    limiterFor({ key, rule, connectionId }) {
      const limiter = limiters.get(key) ?? createSharedLimiter({ ...options, key, rule });
      limiters.set(key, limiter);
      // More than one while a set-up key is in use beside the permanent one.
      keysOf.set(connectionId, new Set(keysOf.get(connectionId)).add(key));
      return limiter;
    },
    async roomForDeferred() {
      const found = [];
      for (const [connectionId, keys] of keysOf) {
        let calls = 0;
        for (const key of keys) calls += (await limiters.get(key)?.roomForDeferred()) ?? 0;
        if (calls > 0) found.push({ connectionId, calls });
      }
      return found;
    },
    wasShortWithin: (ms) => [...limiters.values()].some((limiter) => options.steadyMs() - limiter.shortAt() <= ms),
    stop() {
      stopped = true;
      for (const limiter of limiters.values()) limiter.stop();
    },
    hasStopped: () => stopped,
  };
}
