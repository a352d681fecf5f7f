import type { CallResult } from './outcome.ts';

/** The part of an answer that tells about the allowance. Header names in lower case. */
export interface AnswerHead {
  status: number;
  headers: Readonly<Record<string, string>>;
}

/** Leave for one call. `done` must be called when it has ended; null: no answer came, so nobody knows whether it was counted. */
export interface CallLeave {
  done(head: AnswerHead | null): void;
}

/** What is left of an allowance, for people to read. */
export type AllowanceLeft =
  | { kind: 'window'; limit: number; remaining: number; resetsInMs: number; pausedForMs: number }
  | { kind: 'bucket'; perSecond: number; burst: number; remaining: number; pausedForMs: number };

/** Shares one allowance among all calls made with a credential. */
export interface RateLimiter {
  /**
   * Leave for one call in the priority of `currentPriority()`. Waits a few seconds at most for it; where that would be too short the
   * answer is `rate-limited`, with a time to come back that differs from one asker to the next, so that not all come at once.
   * Rejects only when the store fails.
   */
  ask(): Promise<CallResult<CallLeave>>;
  /** What is left by what is known now; null before the first answer told. Costs no call. */
  left(): Promise<AllowanceLeft | null>;
}

/** For tests and for systems without a limit. */
export const UNLIMITED: RateLimiter = {
  ask: async () => ({ ok: true, value: { done: () => undefined } }),
  left: async () => null,
};
