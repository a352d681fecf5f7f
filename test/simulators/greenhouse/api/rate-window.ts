/** Counts the calls of each client in fixed windows, and says what the rate headers say. */
export class RateWindow {
  private readonly counts = new Map<string, { start: number; used: number }>();
  private readonly now: () => Date;
  constructor(now: () => Date) {
    this.now = now;
  }

  /** Takes one unit. `retryAfterSeconds` is null while there was one left. */
  take({ client, limit, windowSeconds }: { client: string; limit: number; windowSeconds: number }) {
    const seconds = this.now().getTime() / 1000;
    const start = Math.floor(seconds / windowSeconds) * windowSeconds;
    const before = this.counts.get(client);
    const used = (before?.start === start ? before.used : 0) + 1;
    this.counts.set(client, { start, used });
    const reset = start + windowSeconds;
    const headers = {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(Math.max(0, limit - used)),
      'X-RateLimit-Reset': String(reset),
    };
    return { headers, retryAfterSeconds: used > limit ? Math.max(1, Math.ceil(reset - seconds)) : null };
  }
}
