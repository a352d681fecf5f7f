/** Who failed is tried again after so long, then after twice that, and so on. */
const FIRST_MS = 5000;
const LONGEST_MS = 10 * 60_000;
/** Beyond any number that fails at the same time; the one that failed first is forgotten, and is then tried as if it had not. */
const KEPT = 10_000;

/** What this process knows of erasures that failed; another one tries them by itself. */
export interface Pauses {
  fail(id: string): void;
  /** It went well once more. */
  forget(id: string): void;
  hasFailed(id: string): boolean;
  /** Never failed, or has waited for long enough since. */
  isDue(id: string): boolean;
}

/** `steadyMs`: milliseconds that only ever grow. */
export function createPauses(steadyMs: () => number): Pauses {
  const failed = new Map<string, { pauseMs: number; until: number }>();
  return {
    fail(id) {
      const before = failed.get(id);
      const pauseMs = before ? Math.min(2 * before.pauseMs, LONGEST_MS) : FIRST_MS;
      failed.delete(id);
      failed.set(id, { pauseMs, until: steadyMs() + pauseMs });
      const [oldest] = failed.keys();
      if (failed.size > KEPT && oldest !== undefined) failed.delete(oldest);
    },
    forget: (id) => void failed.delete(id),
    hasFailed: (id) => failed.has(id),
    isDue: (id) => steadyMs() >= (failed.get(id)?.until ?? Number.NEGATIVE_INFINITY),
  };
}
