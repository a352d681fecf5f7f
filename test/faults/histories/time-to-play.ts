/** However much is left. */
export const MOST_MS = 360_000;
/** Also where the others have taken all the time there was. */
const LEAST_MS = 90_000;
/** For the histories on the decisions alone, and until the crowds that were begun before have come to their end. */
const TAIL_MS = 40_000;

/** How long histories are played for at size full, where so much is left for the run as a whole; null: nobody asks how long it takes. */
export function timeToPlay(leftMs: number | null): number {
  if (leftMs === null) return MOST_MS;
  return Math.min(MOST_MS, Math.max(LEAST_MS, leftMs - TAIL_MS));
}
