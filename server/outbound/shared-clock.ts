export interface SharedClock {
  /** Milliseconds of the shared clock, as far as known. */
  now(): number;
  /** The shared clock showed this a moment ago. */
  set(now: number): void;
}

/** A clock that was set back by more than this is believed at once. */
const SET_BACK_MS = 2_000;
/** Two clocks do not drift apart faster between two looks. */
const DRIFT_MS = 1;

/**
 * The database's clock between two looks at it, by this process's steady clock. What is told arrives late, never early, so the largest
 * difference seen is the truest.
 */
export function createSharedClock(steadyMs: () => number): SharedClock {
  let ahead: number | null = null;
  return {
    now: () => steadyMs() + (ahead ?? 0),
    set(now) {
      const told = now - steadyMs();
      ahead = ahead === null || told < ahead - SET_BACK_MS ? told : Math.max(told, ahead - DRIFT_MS);
    },
  };
}
