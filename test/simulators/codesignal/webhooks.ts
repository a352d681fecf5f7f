import { createHmac } from 'node:crypto';
import { postCall } from '../frame/post-call.ts';
import { NotThere, Refused } from '../frame/problems.ts';
import type { CodesignalEvent } from './types.ts';
import type { CodesignalWorld } from './world.ts';

const BETWEEN_MS = 1000;
const MOST_FAILURES = 25;

/** What is sent: the envelope of every event. */
interface Envelope {
  event: CodesignalEvent;
  triggeredOn: number;
  payload: Record<string, unknown>;
}

export interface Webhook {
  id: number;
  url: string;
  events: CodesignalEvent[];
  secret: string | null;
  headers: Record<string, string>;
  state: 'active' | 'disabled';
  /** In the order in which things happened; the first one blocks the others until it got its 200. */
  queue: Envelope[];
  failures: number;
  /** Before it nothing is sent. Milliseconds since 1970. */
  nextAt: number;
}

export interface Attempt {
  webhookId: number;
  envelope: Envelope;
  status: number | null;
  error: string | null;
}

/** hex(HMAC-SHA256(secret, endpointUrl + event + triggeredOn)): the body is not covered. */
export function signEvent(secret: string, url: string, event: string, triggeredOn: number | string): string {
  return createHmac('sha256', secret).update(`${url}${event}${triggeredOn}`).digest('hex');
}

interface Sending {
  fetch: typeof globalThis.fetch;
  /** Calls `run` after the wait; without it a test calls `runDue`. */
  schedule: (delayMs: number, run: () => void) => void;
}

/** Sends events one per second and webhook, in order, and stops at the first that fails, as CodeSignal does. */
export function createWebhooks(world: CodesignalWorld, { fetch, schedule }: Sending) {
  const hooks: Webhook[] = [];
  const attempts: Attempt[] = [];
  const underway = new Map<Webhook, Promise<void>>();
  /** From the first event under `hold` until `releaseHeld`: the order is kept, so what comes after waits as well. */
  let isHolding = false;

  const headersOf = ({ url, secret, headers }: Webhook, event: string, triggeredOn: number | string, key = secret) =>
    key === null ? headers : { ...headers, 'X-CodeSignal-Signature': signEvent(key, url, event, triggeredOn) };

  const probe = async (hook: Webhook): Promise<void> => {
    const body = world.settings.probeBody === 'object' ? {} : undefined;
    const { status, error } = await postCall(fetch, { method: 'POST', url: hook.url, headers: headersOf(hook, '', ''), body });
    const detail = { webhookId: hook.id, url: hook.url, error };
    world.journal.add({ simulator: 'codesignal', kind: 'webhook', what: 'probe', status, detail });
    if (status !== 200) throw new Refused(`The endpoint answered ${status ?? error}, it must answer 200`);
  };

  const fail = (hook: Webhook) => {
    hook.failures += 1;
    const n = hook.failures;
    if (n >= MOST_FAILURES) {
      Object.assign(hook, { state: 'disabled', queue: [] });
      world.journal.add({
        simulator: 'codesignal',
        kind: 'act',
        what: 'webhook disabled',
        status: null,
        detail: { webhookId: hook.id },
      });
      return;
    }
    const seconds = (n - 1) ** 4 + 15 + Math.floor(world.random() * 30) * n;
    hook.nextAt = world.now() + seconds * 1000;
  };

  const attempt = async (hook: Webhook, envelope: Envelope): Promise<void> => {
    const headers = headersOf(hook, envelope.event, envelope.triggeredOn);
    const { status, error } = await postCall(fetch, { method: 'POST', url: hook.url, headers, body: envelope });
    attempts.push({ webhookId: hook.id, envelope, status, error });
    const detail = { webhookId: hook.id, url: hook.url, body: envelope, failures: hook.failures, error };
    world.journal.add({ simulator: 'codesignal', kind: 'webhook', what: envelope.event, status, detail });
    if (status !== 200) {
      fail(hook);
      return;
    }
    hook.queue.shift();
    Object.assign(hook, { failures: 0, nextAt: world.now() + BETWEEN_MS });
  };

  const drain = async (hook: Webhook, ignoreClock: boolean): Promise<void> => {
    for (;;) {
      const [first] = hook.queue;
      if (!first || hook.state === 'disabled' || isHolding) return;
      if (!ignoreClock && hook.nextAt > world.now()) break;
      const failuresBefore = hook.failures;
      await attempt(hook, first);
      // By hand each webhook has one failing attempt at a time.
      if (ignoreClock && hook.failures > failuresBefore) break;
    }
    schedule(Math.max(0, hook.nextAt - world.now()), () => void kick(hook));
  };

  /** One at a time per webhook. */
  const kick = (hook: Webhook, ignoreClock = false): Promise<void> => {
    const before = underway.get(hook);
    if (before) return before;
    const run = drain(hook, ignoreClock).finally(() => underway.delete(hook));
    underway.set(hook, run);
    return run;
  };

  const hookOf = (id: number): Webhook => {
    const found = hooks.find((one) => one.id === id);
    if (!found) throw new NotThere(`No webhook ${id}`);
    return found;
  };

  const settle = async (): Promise<void> => {
    while (underway.size > 0) await Promise.all(underway.values());
  };

  return {
    list: (): readonly Webhook[] => hooks,
    attempts: (): readonly Attempt[] => attempts,
    settle,

    /** In the dashboard: the address must answer an empty POST with 200 within ten seconds. @throws Refused */
    async register(wanted: Pick<Webhook, 'url' | 'events' | 'secret' | 'headers'>): Promise<Webhook> {
      const hook: Webhook = { ...wanted, id: hooks.length + 1, state: 'active', queue: [], failures: 0, nextAt: 0 };
      await probe(hook);
      hooks.push(hook);
      return hook;
    },

    /** Probed again; what is in the queue goes out at once. @throws NotThere, Refused */
    async update(id: number, change: Partial<Pick<Webhook, 'url' | 'events' | 'secret'>>): Promise<Webhook> {
      const hook = hookOf(id);
      await probe({ ...hook, ...change });
      Object.assign(hook, change, { state: 'active', failures: 0, nextAt: 0 });
      await kick(hook);
      return hook;
    },

    tell(event: CodesignalEvent, payload: Record<string, unknown>): void {
      const { webhooks: mode } = world.settings;
      const envelope: Envelope = { event, triggeredOn: world.now(), payload };
      if (mode === 'drop') return;
      if (mode === 'hold') isHolding = true;
      for (const hook of hooks.filter(({ state, events }) => state === 'active' && events.includes(event))) {
        hook.queue.push(structuredClone(envelope));
        if (mode === 'duplicate') hook.queue.push(structuredClone(envelope));
        void kick(hook);
      }
    },

    /** Sends what is due by the clock, or with `all` whatever waits. Resolves with how many were sent. */
    async runDue({ all }: { all: boolean }): Promise<number> {
      await settle();
      const before = attempts.length;
      await Promise.all(hooks.map((hook) => kick(hook, all)));
      return attempts.length - before;
    },

    /** Lets go what `hold` kept back; `reversed`: the last first, as the real one never would. */
    async releaseHeld({ reversed }: { reversed: boolean }): Promise<number> {
      isHolding = false;
      if (reversed) for (const hook of hooks) hook.queue.reverse();
      const before = attempts.length;
      await Promise.all(hooks.map((hook) => kick(hook, true)));
      return attempts.length - before;
    },

    /** One attempt once more, outside the queue. @throws NotThere */
    async resend(index: number): Promise<number | null> {
      const found = attempts[index];
      if (!found) throw new NotThere(`No attempt ${index}`);
      const hook = hookOf(found.webhookId);
      const headers = headersOf(hook, found.envelope.event, found.envelope.triggeredOn);
      return (await postCall(fetch, { method: 'POST', url: hook.url, headers, body: found.envelope })).status;
    },

    /** What somebody without the secret can send. Answers the receiver's status. @throws NotThere */
    async sendForged(
      id: number,
      { secret, body }: { secret: string | null; body: Record<string, unknown> },
    ): Promise<number | null> {
      const hook = hookOf(id);
      const headers = headersOf(hook, String(body.event ?? ''), String(body.triggeredOn ?? ''), secret);
      return (await postCall(fetch, { method: 'POST', url: hook.url, headers, body })).status;
    },
  };
}

export type CodesignalWebhooks = ReturnType<typeof createWebhooks>;
