/**
 * So long after a crossing its webhook may still come. Greenhouse tries seven times in some 15 hours: at once and after 1, 15, 60, 120, 240 and
 * 480 minutes more, each with up to 30 seconds of chance for each attempt so far. https://developers.greenhouse.io/webhooks.html
 * The last one is made within 15 hours and 30 minutes, and each lasts a while. Lever tries "five times, waiting longer and longer" and does not
 * say how long; assumed is no longer than Greenhouse. https://hire.lever.co/developer/documentation#webhooks
 * A Greenhouse webhook may be set to try more often than that, which nobody tells us: what comes so late counts as missed.
 */
export const TRIED_FOR_MS = 16 * 3_600_000;

/** Clocks that differ by less than a minute are not told apart (server/ats/clock-ahead.ts), and a clock may be read some seconds late. */
export const CLOCKS_MS = 2 * 60_000;

/** What an application's history tells as one entry into a stage. */
export interface Crossing {
  key: string;
  stageId: string;
  /** By our clock. */
  atMs: number;
}

/**
 * The keys of those of an application's crossings that no webhook told; `toldMs`: when a webhook for stage changes came, by our clock. Each of
 * them tells one crossing at most. The latest crossing is served first: what came after two of them was caused by the one that it follows more
 * closely, unless that has another. Pure.
 */
export function findUntold(crossings: readonly Crossing[], toldMs: readonly number[]): Set<string> {
  const left = toldMs.toSorted((a, b) => b - a);
  const untold = withoutRetold(crossings)
    .toReversed()
    .filter(({ atMs }) => {
      const place = left.findIndex((time) => time >= atMs - CLOCKS_MS && time <= atMs + TRIED_FOR_MS);
      if (place >= 0) left.splice(place, 1);
      return place < 0;
    });
  return new Set(untold.map(({ key }) => key));
}

/**
 * Oldest first. Nobody enters the stage in which they stand: what says so is the crossing before it, told with another time (after a change of
 * Greenhouse's API, or in place of a derived one).
 */
function withoutRetold(crossings: readonly Crossing[]): Crossing[] {
  return crossings
    .toSorted((a, b) => a.atMs - b.atMs)
    .filter(({ stageId }, place, sorted) => stageId !== sorted[place - 1]?.stageId);
}
