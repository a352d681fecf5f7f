import type { AtsAdapter } from '../ats/port.ts';

/** Each look overlaps the one before, because an ATS may show a change late and clocks differ by minutes. */
const OVERLAP_MS = 30 * 60_000;

/** When a look began by our clock, and how far ahead of the ATS's that was, as far as one knew then. */
export interface Beginning {
  startedAt: Date;
  aheadMs: number;
}

/**
 * From when on a look asks, in the ATS's time. `mark`: up to when somebody looked, `isOfAts` by the ATS's clock (`lookedUpTo`) and else by ours.
 * One that lies in the time to come was written by a clock that was ahead, and what it says of the time until now is not true.
 */
export function lookFrom(mark: Date, { startedAt, aheadMs, isOfAts }: Beginning & { isOfAts: boolean }): Date {
  const now = startedAt.getTime() - aheadMs;
  return new Date(Math.min(mark.getTime() - (isOfAts ? 0 : aheadMs), now) - OVERLAP_MS);
}

/**
 * Up to when a look has read that has just come to its end: never later than the ATS's own time at its beginning. So nothing is hidden by a
 * clock that was ahead, once it is right again; also when that happened during the look. Null: it asked for what the ATS calls the time to
 * come, which only the answers told, so that it counts for nothing.
 */
export function lookedUpTo(
  { startedAt, since }: { startedAt: Date; since: Date },
  { now, adapter }: { now: Date; adapter: AtsAdapter },
): Date | null {
  const upTo = new Date(Math.min(startedAt.getTime(), now.getTime()) - aheadOf(adapter));
  return since < upTo ? upTo : null;
}

/** How far our clock is ahead of the ATS's, as its answers tell. */
export function aheadOf(adapter: Pick<AtsAdapter, 'ownClockAheadMs'>): number {
  return adapter.ownClockAheadMs?.() ?? 0;
}
