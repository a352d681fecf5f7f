/** Milliseconds since 1970, as CodeSignal writes times, as ISO 8601 in UTC. Null for what is no moment. */
export function toTime(milliseconds: number | null | undefined): string | null {
  if (milliseconds === null || milliseconds === undefined || Math.abs(milliseconds) > MOST_MS || milliseconds <= 0) return null;
  return new Date(milliseconds).toISOString();
}

/** https://tc39.es/ecma262/#sec-time-values-and-time-range */
const MOST_MS = 8.64e15;
