/** Counts calls by name in windows of fixed length. */
export class CallWindow {
  private readonly counts = new Map<string, { start: number; used: number }>();
  private readonly now: () => Date;
  constructor(now: () => Date) {
    this.now = now;
  }

  /** Takes one call. `isOver`: there was none left in this window. `resetAt`: seconds since 1970. */
  take(name: string, { limit, windowSeconds }: { limit: number; windowSeconds: number }) {
    const start = Math.floor(this.now().getTime() / 1000 / windowSeconds) * windowSeconds;
    const before = this.counts.get(name);
    const used = (before?.start === start ? before.used : 0) + 1;
    this.counts.set(name, { start, used });
    return { limit, left: Math.max(0, limit - used), resetAt: start + windowSeconds, isOver: used > limit };
  }
}
