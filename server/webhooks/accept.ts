import { createHash } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { AtsHint } from '../ats/port.ts';
import { loggableError } from '../loggable-error.ts';
import type { Services } from '../services.ts';
import { toStorableJson, toStorableText } from '../storable-text.ts';
import type { OpenedWebhookSecrets } from '../storage/connection-secrets.ts';
import { isStoreDown } from '../storage/is-store-down.ts';
import { type connections, webhookEndpoints } from '../storage/schema.ts';
import { createDeliveryStore, type DeliveryStore, type NewDelivery, type Stored } from '../storage/store-deliveries.ts';
import { changeWebhookSecrets } from '../storage/webhook-endpoints.repository.ts';
import type { VendorHint } from '../vendors/port.ts';
import { commitTogether, StoreBusy, type Together } from './commit-together.ts';
import { createKnownAddresses, type KnownAddress } from './known-addresses.ts';
import { currentSecrets, hasReplaced, liveSecrets, withoutReplaced } from './live-secrets.ts';
import type { RefusalReason, Verdict, WebhookRequest } from './verdict.ts';

/**
 * What became of a webhook request. The table of outcome and status is the whole truth about what the sender sees:
 *
 * | outcome   | status | what the sender does then                                             |
 * |-----------|--------|-----------------------------------------------------------------------|
 * | stored    | 200    | nothing: it is on our disk (Greenhouse takes exactly 200 for success)  |
 * | duplicate | 200    | nothing: anything else would bring more repeats                        |
 * | test      | 200    | shows "connected"; no effect with us                                   |
 * | refused   | 401    | counts a failure and tries again; the admin sees the reason            |
 * | unknown   | 404    | no such address                                                        |
 * | too-large | 413    |                                                                       |
 * | busy      | 503    | tries again, by its own schedule or after what Retry-After says        |
 *
 * busy: the store did not answer within DEADLINE_MS, broke, is full, read-only or damaged, or too much waits for it; or a signing secret does
 * not open with this master key, so that nobody can say whether it is genuine. Also when it is unknown
 * whether the commit came to be: a repeat of what was stored is recognised by its key. Nothing that was not committed gets a 2xx.
 */
export type Acceptance =
  | { outcome: 'stored' | 'duplicate' | 'test' }
  | { outcome: 'refused'; because: RefusalReason }
  | { outcome: 'unknown' | 'too-large' | 'busy' };

/** A judge for one kind of sender, put together in build.ts from the adapters' receiving halves. */
export interface Receiver {
  verifyDelivery(request: WebhookRequest, secrets: readonly string[], now: Date, account: string | null): Verdict;
  toHints(body: unknown, receivedAt: Date): (AtsHint | VendorHint)[];
}

export interface AcceptParts {
  services: Services;
  /** Connections that nothing else uses: what keeps the others busy must not keep webhooks waiting. */
  pool: Pool;
  receiverOf(kind: string): Receiver | undefined;
  /** The secrets that count for an endpoint, opened. */
  openSecrets(endpoint: typeof webhookEndpoints.$inferSelect, connection: typeof connections.$inferSelect): OpenedWebhookSecrets;
  /** Something was stored that can be passed on: the relay need not wait for its next look. */
  wakeRelay(): void;
  /** By default DEADLINE_MS. */
  deadlineMs?: number;
}

export type Accept = (token: string, request: WebhookRequest) => Promise<Acceptance>;

/** Neither ATS says how long it waits for an answer: well below the shortest that is usual (10 s). */
const DEADLINE_MS = 5_000;
/** When one who reads Retry-After may come again. */
export const RETRY_AFTER_SECONDS = 5;
const WAITING_BYTES = 32 * 1024 * 1024;
const MOST = { items: 500, bytes: 4 * 1024 * 1024 };
const WRITERS = 2;
/** A statement costs as much as several webhooks in it; but what one group waits for (a lock, the disk) must not hold up all that come after. */
const BESIDE = { items: 96, afterMs: 25 };
/** What comes in between is passed on together. */
const WAKE_EVERY_MS = 20;
/** The time of the last webhook is for people to read. */
const SEEN_EVERY_MS = 1_000;
/** How often an address may change under a webhook that is just being stored, before it is sent away to come again. */
const TRIES = 3;

/**
 * Verifies, stores once, and answers after the commit; nothing else happens in the request. Webhooks that arrive while a commit is under way
 * share the next one. Throws only for what is wrong with this very delivery.
 */
export function createAccept(parts: AcceptParts): Accept {
  const { services, deadlineMs = DEADLINE_MS } = parts;
  const addresses = createKnownAddresses({ db: services.db, openSecrets: parts.openSecrets });
  const wakeRelay = atMostEvery(WAKE_EVERY_MS, parts.wakeRelay);
  const deliveries = createDeliveryStore(parts.pool);
  const together = commitTogether<Item, Stored>({
    write: (items) => write({ services, deliveries, wakeRelay }, items),
    mayBeOneOfThem: (error) => !isStoreDown(error) && !(error instanceof StoreBusy),
    sizeOf: ({ body }) => body.length + 1_000,
    ...{ most: MOST, waitingBytes: WAITING_BYTES, withinMs: deadlineMs, writers: WRITERS, beside: BESIDE },
  });
  const complain = createComplaint(services);
  const inTime: Desk['inTime'] = (work) => within(deadlineMs, work);
  const desk: Desk = { parts, addresses, together, inTime };
  return async (token, request) => {
    const seen: Seen = { kind: null };
    try {
      const known = addresses.recall(token);
      seen.kind = known?.connection.kind ?? null;
      const stored = known && (await storeIfAuthentic(desk, known, request));
      const isSettled = stored !== null && stored !== 'changed';
      const acceptance = isSettled ? ACCEPTED[stored] : await receive(desk, token, request, { seen, isKnown: known !== null });
      services.meter.webhook(seen.kind, acceptance.outcome);
      return acceptance;
    } catch (error) {
      const isBusy = error instanceof Error && (error instanceof StoreBusy || isStoreDown(error));
      services.meter.webhook(seen.kind, isBusy ? 'busy' : 'fault');
      if (!isBusy) throw error;
      complain(error);
      return { outcome: 'busy' };
    }
  };
}

const ACCEPTED = { stored: { outcome: 'stored' }, duplicate: { outcome: 'duplicate' } } as const;

/** To what kind of connection the address belongs, as far as it has come. */
interface Seen {
  kind: KnownAddress['connection']['kind'] | null;
}

type Item = NewDelivery & { address: KnownAddress };

interface Desk {
  parts: AcceptParts;
  addresses: ReturnType<typeof createKnownAddresses>;
  together: Together<Item, Stored>;
  /** Rejects with StoreBusy when the store takes too long; what is under way then ends by itself, and nobody hears how. */
  inTime<T>(work: Promise<T>): Promise<T>;
}

/**
 * The way of nearly all; null for what is not authentic by what is known. While it waits for the disk, nothing holds what was only read to
 * verify it: V8 copies again and again what hundreds of waiting webhooks hold (measured by `npm run bench -- --only P5`).
 */
function storeIfAuthentic(desk: Desk, address: KnownAddress, request: WebhookRequest): Promise<Stored> | null {
  const judged = judge(desk.parts, address, request);
  return judged?.verdict.kind === 'authentic' ? store(desk, judged, judged.verdict, request) : null;
}

/** By what is read now; `isKnown`: by what was known before, it is not authentic or has changed. */
async function receive(
  desk: Desk,
  token: string,
  request: WebhookRequest,
  { seen, isKnown }: { seen: Seen; isKnown: boolean },
): Promise<Acceptance> {
  const { addresses, inTime } = desk;
  for (let tries = isKnown ? 1 : 0; tries < TRIES; tries += 1) {
    const learnt = tries === 0 ? await inTime(addresses.learn(token)) : null;
    seen.kind = learnt?.connection.kind ?? seen.kind;
    const first = learnt && judge(desk.parts, learnt, request);
    // Whoever would be turned away is judged by what counts now.
    const address = first?.verdict.kind === 'authentic' ? learnt : await inTime(addresses.read(token));
    seen.kind = address?.connection.kind ?? seen.kind;
    const judged = address === learnt && first ? first : address && judge(desk.parts, address, request);
    if (!address || !judged) return { outcome: 'unknown' };
    const acceptance = await settle(desk, judged, request);
    if (acceptance) return acceptance;
  }
  throw new StoreBusy('the address changed again and again');
}

interface Judged {
  address: KnownAddress;
  receiver: Receiver;
  verdict: Verdict;
  /** Some of the secrets do not open: a refusal then proves nothing. */
  isLocked: boolean;
  now: Date;
}

/** Null for a kind that this version does not know. */
function judge({ services, receiverOf }: AcceptParts, address: KnownAddress, request: WebhookRequest): Judged | null {
  const receiver = receiverOf(address.connection.kind);
  if (!receiver) return null;
  const now = services.clock.now();
  const { secrets, isLocked } = address.open(liveSecrets(address.endpoint.secrets, now));
  return { address, receiver, verdict: receiver.verifyDelivery(request, secrets, now, accountOf(address)), isLocked, now };
}

function accountOf({ connection: { settings } }: KnownAddress): string | null {
  return settings.kind === 'coderbyte' ? settings.organizationId : null;
}

/** Null when the address changed meanwhile. */
async function settle(desk: Desk, judged: Judged, request: WebhookRequest): Promise<Acceptance | null> {
  const { services } = desk.parts;
  const { address, verdict, now } = judged;
  const { endpoint } = address;
  if (verdict.kind === 'refused') {
    // Turned away it would be lost; so it comes again until the server has its key back, or somebody has entered the secret again.
    if (judged.isLocked) throw new StoreBusy('a signing secret does not open with this master key');
    await desk.inTime(noteRefusal(services, endpoint.id, verdict.because, now));
    // The next good one is to be seen as later than this.
    address.seenAt = null;
    return { outcome: 'refused', because: verdict.because };
  }
  if (verdict.kind === 'test') {
    await desk.inTime(noteTest(services, endpoint.id, now));
    return { outcome: 'test' };
  }
  const stored = await store(desk, judged, verdict, request);
  return stored === 'changed' ? null : ACCEPTED[stored];
}

/** Resolves after the commit. Also while the connection is switched off: the relay leaves it until the switch is on again, so nothing is lost. */
function store(desk: Desk, judged: Judged, verdict: Authentic, request: WebhookRequest): Promise<Stored> {
  const isInPlace = hasReplaced(judged.address.endpoint.secrets) && isOfCurrent(judged, request);
  const storing = desk.together.add(toDelivery(judged, verdict, request));
  return isInPlace ? forgetReplaced(desk, judged.address, storing) : storing;
}

/** Also without those that have been replaced, of which there are some, it would be authentic. */
function isOfCurrent({ address, receiver, now }: Judged, request: WebhookRequest): boolean {
  const all = address.endpoint.secrets;
  if (withoutReplaced(all).length === all.length) return false;
  const { secrets } = address.open(currentSecrets(all));
  return receiver.verifyDelivery(request, secrets, now, accountOf(address)).kind === 'authentic';
}

/** What is signed with the new token shows that it is in use: the replaced one has done its service. */
async function forgetReplaced({ parts, inTime }: Desk, { endpoint }: KnownAddress, storing: Promise<Stored>): Promise<Stored> {
  const stored = await storing;
  if (stored !== 'changed') await inTime(changeWebhookSecrets(parts.services.db, endpoint.id, withoutReplaced));
  return stored;
}

type Authentic = Extract<Verdict, { kind: 'authentic' }>;

function toDelivery({ address, receiver, now }: Judged, verdict: Authentic, { body }: WebhookRequest): Item {
  return {
    address,
    endpointId: address.endpoint.id,
    connectionId: address.connection.id,
    mark: address.mark,
    key: storableKey(verdict.deliveryKey),
    event: toStorableText(verdict.event),
    receivedAt: now,
    hints: storableHints(receiver.toHints(verdict.body, now)),
    body,
  };
}

/** Longer than any sender's; an index cannot hold keys of thousands of characters. */
const KEY_LENGTH = 500;

function storableKey(key: string): string {
  const storable = toStorableText(key);
  return storable.length <= KEY_LENGTH ? storable : `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

/** As JSON. What names somebody by characters that no system can have stored names nobody; in what is said beside that they are replaced. */
function storableHints(hints: readonly object[]): string {
  return toStorableJson(hints.filter(namesStorably));
}

function namesStorably(hint: object): boolean {
  return Object.values(hint).every((value) => typeof value !== 'string' || toStorableText(value) === value);
}

interface WriteParts extends Pick<AcceptParts, 'services' | 'wakeRelay'> {
  deliveries: DeliveryStore;
}

async function write({ services, deliveries, wakeRelay }: WriteParts, items: readonly Item[]): Promise<Stored[]> {
  const now = services.clock.now();
  const isDue = ({ seenAt }: KnownAddress) => seenAt === null || Math.abs(now.getTime() - seenAt.getTime()) >= SEEN_EVERY_MS;
  const due = [...new Set(items.map(({ address }) => address))].filter(isDue);
  const { outcomes, isAwaited } = await deliveries.store(items, { seen: due.map(({ endpoint }) => endpoint.id), now });
  for (const address of due) address.seenAt = now;
  // While a connection is switched off the relay leaves what comes in; it looks by itself once it is on again.
  if (isAwaited) wakeRelay();
  return outcomes;
}

async function noteRefusal(services: Services, endpointId: string, because: RefusalReason, now: Date): Promise<void> {
  await services.db
    .update(webhookEndpoints)
    .set({ lastRefusedAt: now, lastRefusedBecause: because, refusals: sql`${webhookEndpoints.refusals} + 1` })
    .where(eq(webhookEndpoints.id, endpointId));
}

async function noteTest(services: Services, endpointId: string, now: Date): Promise<void> {
  await services.db.update(webhookEndpoints).set({ lastTestAt: now }).where(eq(webhookEndpoints.id, endpointId));
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const up = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StoreBusy('the store did not answer in time')), ms);
  });
  try {
    return await Promise.race([work, up]);
  } finally {
    clearTimeout(timer);
  }
}

/** At once when the last time is long ago, else when it is; so that a flood of webhooks does not keep the relay running in circles. */
function atMostEvery(ms: number, act: () => void): () => void {
  let isResting = false;
  let isWanted = false;
  const rest = () => {
    isResting = true;
    setTimeout(() => {
      isResting = false;
      if (isWanted) run();
    }, ms).unref();
  };
  const run = () => {
    isWanted = false;
    act();
    rest();
  };
  return () => {
    if (isResting) isWanted = true;
    else run();
  };
}

/** Once a second at most: a store that is away is the trouble of every request. */
function createComplaint({ log, clock }: Services): (error: Error) => void {
  let lastAt = 0;
  let untold = 0;
  return (error) => {
    untold += 1;
    const at = clock.now().getTime();
    if (Math.abs(at - lastAt) < 1_000) return;
    log.error(
      { error: loggableError(error), webhooks: untold },
      'webhooks were not stored and are answered with 503: they come again',
    );
    lastAt = at;
    untold = 0;
  };
}
