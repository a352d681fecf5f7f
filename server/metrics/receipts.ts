/** Of so many lanes at most it is remembered since when they wait; of more only those that were told of last. */
const KEPT = 10_000;

/** Since when lanes wait for a decision, in the memory of this process. */
export interface Receipts {
  told(key: string, receivedAt: Date): void;
  /** Milliseconds since the oldest that was told and not decided; null when none was told here. */
  decided(key: string, now: Date): number | null;
}

/**
 * A lane may be worked off by another process than the one that passed the webhook on. Then neither sees the whole way, and it is not
 * counted: with N workers what is measured is a sample of one in N.
 */
export function createReceipts(kept = KEPT): Receipts {
  const since = new Map<string, Date>();
  return {
    told(key, receivedAt) {
      const known = since.get(key);
      if (known && known <= receivedAt) return;
      since.delete(key);
      since.set(key, receivedAt);
      if (since.size > kept) for (const [oldest] of [...since].slice(0, since.size - kept)) since.delete(oldest);
    },
    decided(key, now) {
      const receivedAt = since.get(key);
      if (!receivedAt) return null;
      since.delete(key);
      return Math.max(now.getTime() - receivedAt.getTime(), 0);
    },
  };
}
