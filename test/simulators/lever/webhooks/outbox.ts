import type { LeverOpportunity, LeverWebhook } from '../types.ts';
import type { Happening, LeverWorld } from '../world.ts';
import type { LeverDelivery, LeverEnvelope } from './delivery.ts';
import { signWebhook } from './sign-webhook.ts';

/** Lever tries five more times, "waiting longer and longer". The waits themselves are not published: these are ours. */
const RETRY_WAITS_MS = [30_000, 120_000, 600_000, 3_600_000, 21_600_000];

/** An upper limit only; Lever's own is not published. */
const ANSWER_WITHIN_MS = 10_000;

/** Sends webhooks as Lever does, and lets a test decide when and how often. */
export function createOutbox(world: Omit<LeverWorld, 'tell'>, fetch: typeof globalThis.fetch) {
  const { account, settings, random, nowMs, journal } = world;
  const deliveries: LeverDelivery[] = [];
  const underway = new Set<Promise<void>>();

  const seal = (webhook: LeverWebhook, event: LeverEnvelope['event'], data: Record<string, unknown>): LeverEnvelope => {
    const token = random.hex(24);
    const triggeredAt = nowMs();
    const { signatureToken } = webhook;
    const signature = signatureToken === null ? {} : { signature: signWebhook({ signatureToken, token, triggeredAt }) };
    return { triggeredAt, event, token, ...signature, data };
  };

  const post = async (
    delivery: LeverDelivery,
    envelope: LeverEnvelope,
  ): Promise<{ status: number | null; error: string | null }> => {
    try {
      const answer = await fetch(delivery.url, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json', 'user-agent': 'Lever-Webhooks' },
        body: JSON.stringify(envelope),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await answer.body?.cancel();
      return { status: answer.status, error: null };
    } catch (error) {
      return { status: null, error: String(error) };
    }
  };

  const attempt = async (delivery: LeverDelivery, envelope = delivery.envelope): Promise<void> => {
    delivery.state = 'sending';
    const { status, error } = await post(delivery, envelope);
    delivery.attempts.push({ atMs: nowMs(), status, error });
    journal.add({
      simulator: 'lever',
      kind: 'webhook',
      what: delivery.event,
      status,
      detail: {
        deliveryId: delivery.id,
        webhookId: delivery.webhookId,
        attempt: delivery.attempts.length,
        data: envelope.data,
        error,
      },
    });
    // Any 2xx is a success; a redirect is a failure like all the rest.
    const received = status !== null && status >= 200 && status < 300;
    const wait = RETRY_WAITS_MS[delivery.attempts.length - 1];
    delivery.state = received ? 'delivered' : wait === undefined ? 'given-up' : 'waiting';
    delivery.nextAttemptAtMs = delivery.state === 'waiting' && wait !== undefined ? nowMs() + wait : null;
  };

  const start = (delivery: LeverDelivery, envelope?: LeverEnvelope): Promise<void> => {
    const run = attempt(delivery, envelope).finally(() => underway.delete(run));
    underway.add(run);
    return run;
  };

  const enqueue = (webhook: LeverWebhook, event: LeverEnvelope['event'], data: Record<string, unknown>): LeverDelivery => {
    const envelope = seal(webhook, event, data);
    if (settings.envelopeId) envelope.id = random.uuid();
    const delivery: LeverDelivery = {
      id: random.uuid(),
      webhookId: webhook.id,
      event,
      url: webhook.url,
      envelope,
      state: 'held',
      attempts: [],
      nextAttemptAtMs: null,
    };
    deliveries.push(delivery);
    return delivery;
  };

  const get = (deliveryId: string): LeverDelivery => {
    const delivery = deliveries.find(({ id }) => id === deliveryId);
    if (!delivery) throw new Error(`No delivery ${deliveryId}`);
    return delivery;
  };

  const getWebhook = (webhookId: string): LeverWebhook => {
    const webhook = account.webhooks.get(webhookId);
    if (!webhook) throw new Error(`No webhook ${webhookId}`);
    return webhook;
  };

  /** The same again, or sealed anew if this account's Lever does not reuse tokens. */
  const again = (delivery: LeverDelivery): Promise<void> => {
    const webhook = account.webhooks.get(delivery.webhookId);
    if (!settings.retryReusesToken && webhook) {
      delivery.envelope = { ...delivery.envelope, ...seal(webhook, delivery.event, delivery.envelope.data) };
    }
    return start(delivery);
  };

  return {
    deliveries: (): readonly LeverDelivery[] => deliveries,

    /** Sends to every webhook that listens, if the event's toggle is on and the origin fits. */
    tell(happening: Happening): void {
      if (!account.eventsOn.has(happening.event)) return;
      const { opportunity, event } = happening;
      const data = { ...(opportunity ? idsOf(opportunity) : {}), ...happening.data };
      for (const webhook of account.webhooks.values()) {
        if (webhook.event !== event) continue;
        if (opportunity && webhook.origins && !webhook.origins.includes(opportunity.origin)) continue;
        const delivery = enqueue(webhook, event, data);
        if (settings.deliver === 'deliver') void start(delivery);
        if (settings.deliver === 'drop') delivery.state = 'dropped';
      }
    },

    /** Repeats what failed and whose wait is over; with `ignoreWaits`, everything that failed and is not given up. */
    async retryDue({ ignoreWaits = false }: { ignoreWaits?: boolean } = {}): Promise<number> {
      const due = deliveries.filter(({ state, nextAttemptAtMs }) => {
        return state === 'waiting' && nextAttemptAtMs !== null && (ignoreWaits || nextAttemptAtMs <= nowMs());
      });
      await Promise.all(due.map(again));
      return due.length;
    },

    /** Sends what `hold` kept back; `reversed`: the last first, one after the other. */
    async releaseHeld({ reversed = false }: { reversed?: boolean } = {}): Promise<number> {
      const held = deliveries.filter(({ state }) => state === 'held');
      for (const delivery of reversed ? held.reverse() : held) await start(delivery);
      return held.length;
    },

    /** The Rerun button of Lever's delivery history. */
    async rerun(deliveryId: string): Promise<LeverDelivery> {
      await again(get(deliveryId));
      return get(deliveryId);
    },

    /** The Verify connection button: `candidateHired` with empty data and no id, whatever the webhook listens to. */
    async verifyConnection(webhookId: string): Promise<LeverDelivery> {
      const webhook = getWebhook(webhookId);
      const envelope = seal(webhook, 'candidateHired', {});
      const delivery: LeverDelivery = {
        id: random.uuid(),
        webhookId,
        event: 'candidateHired',
        url: webhook.url,
        envelope,
        state: 'sending',
        attempts: [],
        nextAttemptAtMs: null,
      };
      await start(delivery);
      // A failed test is shown as failed; it is not tried again.
      if (delivery.state === 'waiting') Object.assign(delivery, { state: 'given-up', nextAttemptAtMs: null });
      deliveries.push(delivery);
      return delivery;
    },

    /** What an eavesdropper can do: a true token, time and signature with data of their own. Answers the receiver's status. */
    async sendTampered(input: { deliveryId: string; data: Record<string, unknown>; event?: LeverEnvelope['event'] }) {
      const { envelope, webhookId, url } = get(input.deliveryId);
      const event = input.event ?? envelope.event;
      const forged = { ...envelope, event, data: input.data };
      const copy: LeverDelivery = {
        id: random.uuid(),
        webhookId,
        event,
        url,
        envelope: forged,
        state: 'sending',
        attempts: [],
        nextAttemptAtMs: null,
      };
      await start(copy);
      return { status: copy.attempts[0]?.status ?? null };
    },

    /** All attempts under way have been answered. Retries that wait are not. */
    async settle(): Promise<void> {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

export type LeverOutbox = ReturnType<typeof createOutbox>;

/** `candidateId` is deprecated and equals the opportunity's id, as in recorded applications. Ids only: never a name or an address. */
function idsOf(opportunity: LeverOpportunity): Record<string, unknown> {
  return { opportunityId: opportunity.id, candidateId: opportunity.id, contactId: opportunity.contact };
}
