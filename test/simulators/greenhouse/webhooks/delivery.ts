/** One event on its way to one webhook. */
export interface Delivery {
  id: number;
  /** The header `Greenhouse-Event-ID`. */
  eventId: string;
  webhookId: number;
  action: string;
  /** The exact text that was signed. */
  text: string;
  /** `held`: waits for a person. `waiting`: failed, to be tried again at `dueAt`. `dropped`: never sent, as on a lost network. */
  state: 'sending' | 'delivered' | 'waiting' | 'given-up' | 'held' | 'dropped';
  attempts: { at: string; status: number | null; problem: string | null }[];
  dueAt: string | null;
}

/** Minutes between the attempts: at 0, +1 min, +16 min, 1 h 16, 3 h 16, 7 h 16, 15 h 16, and the jitter. */
const WAITS_MINUTES = [1, 15, 60, 120, 240, 480];
const JITTER_PER_ATTEMPT_MS = 30_000;

/** When to try again after `made` attempts; null when that was the last one. `jitter` is the share (0 to 1) of the longest. */
export function findNextAttempt(made: number, maxAttempts: number, now: Date, jitter: number): Date | null {
  const minutes = WAITS_MINUTES[made - 1];
  if (made >= maxAttempts || minutes === undefined) return null;
  return new Date(now.getTime() + minutes * 60_000 + Math.round(jitter * made * JITTER_PER_ATTEMPT_MS));
}
