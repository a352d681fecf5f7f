import type { Journal } from './journal.ts';
import { type PostOptions, postCall } from './post-call.ts';
import { NotThere } from './problems.ts';

/** One call to somebody's receiver. `waiting`: failed, goes again with `retryDue`. `dropped`: never sent, as on a lost network. */
export interface Delivery {
  id: number;
  what: string;
  call: PostOptions;
  state: 'sending' | 'delivered' | 'waiting' | 'given-up' | 'held' | 'dropped';
  attempts: { at: string; status: number | null; error: string | null }[];
}

export interface OutboxOptions {
  simulator: string;
  journal: Journal;
  now: () => Date;
  fetch: typeof globalThis.fetch;
  /** Asked at every delivery. */
  mode: () => 'deliver' | 'hold' | 'drop' | 'duplicate';
  /** How often it is tried in all; every attempt after the first is ordered by `retryDue`, so that a test is in charge. */
  mostAttempts: number;
}

/** Sends calls of which the vendor documents no order and no schedule, and lets a test decide when and how often. */
export function createOutbox({ simulator, journal, now, fetch, mode, mostAttempts }: OutboxOptions) {
  const deliveries: Delivery[] = [];
  const underway = new Set<Promise<void>>();

  const note = ({ id: deliveryId, what, state, attempts, call }: Delivery, status: number | null, error: string | null) => {
    const detail = { deliveryId, url: call.url, state, attempt: attempts.length, body: call.body ?? null, error };
    journal.add({ simulator, kind: 'webhook', what, status, detail });
  };

  const attempt = async (delivery: Delivery): Promise<void> => {
    delivery.state = 'sending';
    const { status, error } = await postCall(fetch, delivery.call);
    delivery.attempts.push({ at: now().toISOString(), status, error });
    const isDelivered = status !== null && status >= 200 && status < 300;
    delivery.state = isDelivered ? 'delivered' : delivery.attempts.length < mostAttempts ? 'waiting' : 'given-up';
    note(delivery, status, error);
  };

  const start = (delivery: Delivery): Promise<void> => {
    const run = attempt(delivery).finally(() => underway.delete(run));
    underway.add(run);
    return run;
  };

  const enqueue = (what: string, call: PostOptions): Delivery => {
    const delivery: Delivery = { id: deliveries.length + 1, what, call, state: 'held', attempts: [] };
    deliveries.push(delivery);
    return delivery;
  };

  const deliveryOf = (deliveryId: number): Delivery => {
    const found = deliveries.find(({ id }) => id === deliveryId);
    if (!found) throw new NotThere(`No delivery ${deliveryId}`);
    return found;
  };

  return {
    list: (): readonly Delivery[] => deliveries,

    tell(what: string, call: PostOptions): void {
      const delivery = enqueue(what, call);
      if (mode() === 'hold') return;
      if (mode() === 'drop') {
        delivery.state = 'dropped';
        note(delivery, null, null);
        return;
      }
      void start(delivery);
      if (mode() === 'duplicate') void start(enqueue(what, call));
    },

    /** Repeats what failed and is not given up. Answers how many. */
    async retryDue(): Promise<number> {
      const due = deliveries.filter(({ state }) => state === 'waiting');
      await Promise.all(due.map(start));
      return due.length;
    },

    /** Sends what `hold` kept back; `reversed`: the last first, one after the other. */
    async releaseHeld({ reversed }: { reversed: boolean }): Promise<number> {
      const held = deliveries.filter(({ state }) => state === 'held');
      for (const delivery of reversed ? held.reverse() : held) await start(delivery);
      return held.length;
    },

    /** The same once more. @throws NotThere */
    async resend(deliveryId: number): Promise<void> {
      const { what, call } = deliveryOf(deliveryId);
      await start(enqueue(what, call));
    },

    /** What somebody without the secret can send. Answers the receiver's status. @throws NotThere */
    async sendForged(deliveryId: number, forged: Partial<PostOptions>): Promise<number | null> {
      return (await postCall(fetch, { ...deliveryOf(deliveryId).call, ...forged })).status;
    },

    /** All attempts under way have been answered. */
    async settle(): Promise<void> {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

export type Outbox = ReturnType<typeof createOutbox>;
