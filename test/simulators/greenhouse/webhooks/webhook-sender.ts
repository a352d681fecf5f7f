import type { Journal } from '../../frame/journal.ts';
import { Refused } from '../refused.ts';
import type { Webhook } from '../world/records.ts';
import type { World } from '../world/world.ts';
import type { WebhookAction } from './actions.ts';
import { type Delivery, findNextAttempt } from './delivery.ts';
import { signBody, toBodyText } from './sign-body.ts';

export interface NewWebhook {
  action: WebhookAction;
  url: string;
  secret: string;
  name?: string;
  active?: boolean;
  maxAttempts?: number;
  basicAuth?: { username: string; password: string };
  headers?: Record<string, string>;
}

export interface WebhookSenderParts {
  world: World;
  journal: Journal;
  fetch: typeof fetch;
  newId: () => string;
  /** Called with the wait before a retry; the default does nothing, and `retryDue()` is called by hand. */
  schedule: (delayMs: number, run: () => void) => void;
  timeoutMs: number;
}

/** Headers that a webhook's own extra headers may not override. */
const RESERVED = ['content-type', 'content-length', 'greenhouse-event-id', 'authorization', 'user-agent', 'signature'];

/** Sends what happened to the webhooks that were set up for it, as often as it takes, and never waits by itself. */
export class WebhookSender {
  readonly deliveries: Delivery[] = [];
  private readonly parts: WebhookSenderParts;
  private readonly underWay = new Set<Promise<void>>();

  constructor(parts: WebhookSenderParts) {
    this.parts = parts;
    parts.world.send = (action, payload) => this.send(action, payload);
  }

  /** Saves the webhook and pings its address; a ping that fails leaves it saved and disabled. Throws Refused. */
  async createWebhook(wanted: NewWebhook): Promise<Webhook> {
    refuseBadWebhook(wanted);
    const plain = { name: wanted.action, active: true, maxAttempts: 7, basicAuth: null, headers: {} };
    const webhook = this.parts.world.webhooks.add({ ...plain, ...wanted });
    return this.ping(webhook);
  }

  /** As `createWebhook`: every save pings. */
  async updateWebhook(id: number, fields: Partial<NewWebhook>): Promise<Webhook> {
    const webhook = this.parts.world.webhooks.get(id);
    refuseBadWebhook({ ...webhook, ...fields });
    return this.ping(this.parts.world.webhooks.change(webhook, { active: true, ...fields }));
  }

  private async ping(webhook: Webhook): Promise<Webhook> {
    if (!webhook.active) return webhook;
    const { world, newId } = this.parts;
    const { id, name, url, active, createdAt: created_at, updatedAt: updated_at } = webhook;
    const about = { active, created_at, updated_at, web_hook_id: id, name, endpoint_url: url };
    const payload = { ...about, 'content-type': 'application/json', event: webhook.action };
    const status = await this.post(webhook, { eventId: newId(), action: 'ping', text: toBodyText({ payload, action: 'ping' }) });
    return world.webhooks.change(webhook, { active: status.status === 200 });
  }

  private send(action: string, payload: Record<string, unknown>): void {
    // The bytes are made now: what a retry sends is what was true when it happened.
    const text = toBodyText({ action, payload });
    for (const webhook of this.parts.world.webhooks.list((row) => row.active && row.action === action)) {
      this.take({ ...this.newDelivery(webhook, action), text });
    }
  }

  private newDelivery(webhook: Webhook, action: string): Omit<Delivery, 'text'> {
    const id = this.deliveries.length + 1;
    return { id, eventId: this.parts.newId(), webhookId: webhook.id, action, state: 'sending', attempts: [], dueAt: null };
  }

  private take(delivery: Delivery): void {
    this.deliveries.push(delivery);
    const mode = this.parts.world.settings.webhooks;
    if (mode === 'deliver') {
      this.start(delivery);
      return;
    }
    delivery.state = mode === 'hold' ? 'held' : 'dropped';
    const detail = { deliveryId: delivery.id, eventId: delivery.eventId, state: delivery.state };
    this.parts.journal.add({ simulator: 'greenhouse', kind: 'webhook', what: delivery.action, status: null, detail });
  }

  private start(delivery: Delivery): void {
    const running = this.attempt(delivery).finally(() => this.underWay.delete(running));
    this.underWay.add(running);
  }

  private async attempt(delivery: Delivery): Promise<void> {
    const { world, newId, schedule, now } = { ...this.parts, now: this.parts.world.now };
    const webhook = world.webhooks.get(delivery.webhookId);
    if (delivery.attempts.length > 0 && world.settings.eventIdOnRetry === 'new') delivery.eventId = newId();
    Object.assign(delivery, { state: 'sending', dueAt: null });
    const answer = await this.post(webhook, delivery, { deliveryId: delivery.id, attempt: delivery.attempts.length + 1 });
    delivery.attempts.push({ at: now().toISOString(), ...answer });
    // The documents count every other status as a failure, 202 among them.
    if (answer.status === 200) {
      delivery.state = 'delivered';
      return;
    }
    const next = findNextAttempt(delivery.attempts.length, webhook.maxAttempts, now(), world.settings.retryJitter);
    Object.assign(delivery, { state: next ? 'waiting' : 'given-up', dueAt: next?.toISOString() ?? null });
    if (next) schedule(next.getTime() - now().getTime(), () => void this.retryDue());
  }

  private async post(
    webhook: Webhook,
    { eventId, action, text }: Pick<Delivery, 'eventId' | 'action' | 'text'>,
    detail: Record<string, unknown> = {},
  ): Promise<{ status: number | null; problem: string | null }> {
    const headers = { ...webhook.headers, ...toHeaders(webhook, { eventId, text }) };
    const answer = await this.request(webhook.url, headers, text);
    const told = { ...detail, eventId, url: webhook.url, body: text, problem: answer.problem };
    this.parts.journal.add({ simulator: 'greenhouse', kind: 'webhook', what: action, status: answer.status, detail: told });
    return answer;
  }

  private async request(url: string, headers: Record<string, string>, body: string) {
    const signal = AbortSignal.timeout(this.parts.timeoutMs);
    try {
      const response = await this.parts.fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await response.arrayBuffer();
      return { status: response.status, problem: null };
    } catch (error) {
      return { status: null, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Tries again what has failed and is due by the clock, or everything with `all`. Resolves when it is done, with how many. */
  async retryDue({ all = false }: { all?: boolean } = {}): Promise<number> {
    const now = this.parts.world.now().toISOString();
    const due = this.deliveries.filter((one) => one.state === 'waiting' && (all || (one.dueAt !== null && one.dueAt <= now)));
    for (const delivery of due) this.start(delivery);
    await this.settle();
    return due.length;
  }

  /** Sends what was held, oldest first unless `newestFirst`. Resolves when it is done, with how many. */
  async releaseHeld({ newestFirst = false }: { newestFirst?: boolean } = {}): Promise<number> {
    const held = this.deliveries.filter((one) => one.state === 'held');
    // One after the other, so that the order is really the one asked for.
    for (const delivery of newestFirst ? held.reverse() : held) await this.attempt(delivery);
    return held.length;
  }

  /** The same bytes with the same event id once more. Throws Refused when there is no such delivery. */
  async resend(deliveryId: number): Promise<void> {
    const delivery = this.deliveries.find((one) => one.id === deliveryId);
    if (!delivery) throw new Refused(`Delivery ${deliveryId} does not exist`);
    const webhook = this.parts.world.webhooks.get(delivery.webhookId);
    const answer = await this.post(webhook, delivery, { deliveryId, again: true });
    if (delivery.state !== 'given-up') return;
    delivery.attempts.push({ at: this.parts.world.now().toISOString(), ...answer });
    if (answer.status === 200) delivery.state = 'delivered';
  }

  /** Resolves when nothing is on the wire any more. */
  async settle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }
}

function toHeaders(webhook: Webhook, { eventId, text }: { eventId: string; text: string }): Record<string, string> {
  const { username, password } = webhook.basicAuth ?? {};
  const basic = webhook.basicAuth && `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Greenhouse Simulator',
    'Greenhouse-Event-ID': eventId,
    Signature: signBody(webhook.secret, text),
    ...(basic ? { Authorization: basic } : {}),
  };
}

function refuseBadWebhook({ url, headers }: Pick<NewWebhook, 'url' | 'headers'>): void {
  if (!URL.canParse(url)) throw new Refused('The address of a webhook is not a url', 'url');
  const { protocol, hostname } = new URL(url);
  const onThisMachine = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !onThisMachine) throw new Refused('The address of a webhook is https', 'url');
  const bad = Object.keys(headers ?? {}).find((name) => RESERVED.includes(name.toLowerCase()));
  if (bad) throw new Refused(`The header ${bad} cannot be overridden`, 'headers');
}
