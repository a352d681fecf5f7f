/**
 * How far the server's clock is ahead of the browser's, in ms, from one answer: its own time and when it came. Countdowns use
 * this, since a recruiter's clock may be minutes off. The way back (some ms) is taken as zero.
 */
export function serverLeadMs(serverTime: string, receivedAt: string | null): number {
  const lead = Date.parse(serverTime) - Date.parse(receivedAt ?? serverTime);
  return Number.isNaN(lead) ? 0 : lead;
}

/** Whole seconds until `dueAt`, never below zero; rounded up, so that it says 1 until the moment has come. */
export function secondsUntil(dueAt: string, nowMs: number): number {
  return Math.max(0, Math.ceil((Date.parse(dueAt) - nowMs) / 1000));
}
