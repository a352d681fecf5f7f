import { signToken } from './sign-token.ts';
import type { CoderbyteOperation } from './types.ts';
import { type CoderbyteWorld, NotThere } from './world.ts';

/** Coderbyte's retries are not public: three, each made by hand, keep a test in charge. */
const MOST_ATTEMPTS = 4;
const ANSWER_WITHIN_MS = 10_000;

/** One webhook on its way. `waiting`: failed, goes again with `retryDue`. `dropped`: never sent, as on a lost network. */
export interface CoderbyteDelivery {
  id: number;
  operation: CoderbyteOperation;
  url: string;
  body: Record<string, unknown>;
  state: 'sending' | 'delivered' | 'waiting' | 'given-up' | 'held' | 'dropped';
  attempts: { at: string; status: number | null; error: string | null }[];
}

interface Forgery {
  deliveryId: number;
  /** Signs with this instead of the API key. */
  apiKey?: string;
  organizationId?: string;
  body?: Record<string, unknown>;
}

/** Sends webhooks as documented (POST, JSON, a bearer token that names the organisation), and lets a test decide when and how often. */
export function createOutbox(world: CoderbyteWorld, fetch: typeof globalThis.fetch) {
  const deliveries: CoderbyteDelivery[] = [];
  const underway = new Set<Promise<void>>();

  const tokenOf = (forged: Partial<Forgery> = {}) => {
    const iat = world.settings.tokenIat ? { iat: Math.floor(world.now().getTime() / 1000) } : {};
    const claims = { iss: forged.organizationId ?? world.organizationId, ...iat };
    return signToken({ apiKey: forged.apiKey ?? world.apiKey, claims });
  };

  const post = async (url: string, body: unknown, token: string) => {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await answer.body?.cancel();
      return { status: answer.status, error: null };
    } catch (error) {
      return { status: null, error: String(error) };
    }
  };

  const attempt = async (delivery: CoderbyteDelivery): Promise<void> => {
    delivery.state = 'sending';
    const { url, body } = delivery;
    const { status, error } = await post(url, body, tokenOf());
    delivery.attempts.push({ at: world.now().toISOString(), status, error });
    const isDelivered = status !== null && status >= 200 && status < 300;
    delivery.state = isDelivered ? 'delivered' : delivery.attempts.length < MOST_ATTEMPTS ? 'waiting' : 'given-up';
    note(delivery, { status, error });
  };

  const note = (delivery: CoderbyteDelivery, { status, error }: { status: number | null; error: string | null }) => {
    const { id: deliveryId, operation, state, body, attempts } = delivery;
    const detail = { deliveryId, state, attempt: attempts.length, body, error };
    world.journal.add({ simulator: 'coderbyte', kind: 'webhook', what: operation, status, detail });
  };

  const start = (delivery: CoderbyteDelivery): Promise<void> => {
    const run = attempt(delivery).finally(() => underway.delete(run));
    underway.add(run);
    return run;
  };

  const enqueue = (operation: CoderbyteOperation, url: string, body: Record<string, unknown>): CoderbyteDelivery => {
    const delivery: CoderbyteDelivery = { id: deliveries.length + 1, operation, url, body, state: 'held', attempts: [] };
    deliveries.push(delivery);
    return delivery;
  };

  return {
    deliveries: (): readonly CoderbyteDelivery[] => deliveries,

    tell(operation: CoderbyteOperation, fields: Record<string, unknown>): void {
      const url = world.webhookUrls.get(operation);
      if (url === undefined) return;
      const delivery = enqueue(operation, url, { operation, organization_id: world.organizationId, ...fields });
      const mode = world.settings.webhooks;
      if (mode === 'hold') return;
      if (mode === 'drop') {
        delivery.state = 'dropped';
        note(delivery, { status: null, error: null });
        return;
      }
      void start(delivery);
      if (mode === 'duplicate') void start(enqueue(operation, url, delivery.body));
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

    /** The same bytes once more. @throws NotThere */
    async resend(deliveryId: number): Promise<void> {
      const found = deliveries.find(({ id }) => id === deliveryId);
      if (!found) throw new NotThere(`No delivery ${deliveryId}`);
      await start(enqueue(found.operation, found.url, found.body));
    },

    /** What somebody without the key, or with an old token and a body of their own, can do. Answers the receiver's status. */
    async sendForged({ deliveryId, ...forged }: Forgery): Promise<number | null> {
      const found = deliveries.find(({ id }) => id === deliveryId);
      if (!found) throw new NotThere(`No delivery ${deliveryId}`);
      return (await post(found.url, forged.body ?? found.body, tokenOf(forged))).status;
    },

    /** All attempts under way have been answered. */
    async settle(): Promise<void> {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

export type CoderbyteOutbox = ReturnType<typeof createOutbox>;
