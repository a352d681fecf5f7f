/**
 * Lever signs `token` and `triggeredAt`, inside the body, with the signature token of that webhook. The data is NOT covered:
 * whoever saw one delivery can attach other data to it. So it is a hint and nothing more.
 * https://hire.lever.co/developer/documentation#webhooks
 */
import { hash } from 'node:crypto';
import { type Fields, fieldsOf } from '../../fields-of.ts';
import { isHmacSha256 } from '../../webhooks/is-hmac-sha256.ts';
import type { Verdict, WebhookRequest } from '../../webhooks/verdict.ts';

/** Body of a delivery. There is no signature header; `id` is documented and often absent. */
interface LeverDelivery {
  event: string;
  /** Milliseconds. As text it is kept to the letter, because the letters are what is signed. */
  triggeredAt: number | string | null;
  token: string | null;
  signature: string | null;
  data: unknown;
}

/**
 * Lever keeps two weeks of deliveries and offers a "Rerun" for each; retries run for hours. A day more than that, and still
 * well below the 30 days that we remember delivery keys for, so that no repeat is taken for a new delivery. Generous, because
 * a replayed hint costs one read and nothing else.
 */
const MAX_AGE_MS = 15 * 24 * 3_600_000;
/** Our clock may be wrong by minutes, and a webhook that is refused for that is late by hours. */
const MAX_AHEAD_MS = 60 * 60_000;
/** No `Date` is later. https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LATEST_MS = 8.64e15;

export function verifyLeverDelivery(request: WebhookRequest, secrets: readonly string[], now: Date): Verdict {
  const body = parseJson(request.body);
  if (body === undefined) return refuse('not-json');
  const fields = fieldsOf(body);
  if (!fields) return refuse('not-an-object');
  return judge(deliveryIn(fields), { body, bytes: request.body }, secrets.filter(Boolean), now);
}

/** By hand: a schema of fields each of which may be anything took as long as the signature (`npm run bench -- --only P5`). */
function deliveryIn({ event, triggeredAt, token, signature, data }: Fields): LeverDelivery {
  return {
    event: isText(event, 100) ? event : 'unknown',
    triggeredAt: isTime(triggeredAt) ? triggeredAt : null,
    token: isText(token, 500) ? token : null,
    signature: typeof signature === 'string' ? signature : null,
    data,
  };
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length <= most;
}

function isTime(value: unknown): value is number | string {
  if (typeof value === 'string') return /^\d{1,15}$/.test(value);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= LATEST_MS;
}

function judge(
  delivery: LeverDelivery,
  { body, bytes }: { body: unknown; bytes: Uint8Array },
  secrets: readonly string[],
  now: Date,
): Verdict {
  const { token, triggeredAt, signature, event } = delivery;
  const isEmpty = hasNoData(delivery.data);
  // "Verify connection" may be pressed before the admin has pasted the signature token here: it shows that token only then.
  if (secrets.length === 0) return isEmpty ? { kind: 'test', event } : refuse('no-secret-configured');
  if (!signature || !token || triggeredAt === null) return refuse('signature-missing');
  if (!isSigned(`${token}${triggeredAt}`, signature, secrets)) return refuse('signature-wrong');
  const ageMs = now.getTime() - Number(triggeredAt);
  if (ageMs > MAX_AGE_MS || ageMs < -MAX_AHEAD_MS) return refuse('too-old');
  // The test has no `id`, empty data and whatever event Lever likes.
  if (isEmpty) return { kind: 'test', event };
  return { kind: 'authentic', deliveryKey: deliveryKeyOf(token, bytes), event, body };
}

/**
 * The token alone would let an altered copy that comes first pass the original off as a repeat: the data is not signed. Whatever has
 * other bytes is therefore another delivery, which costs a re-read and nothing more.
 */
function deliveryKeyOf(token: string, bytes: Uint8Array): string {
  return `${token}:${hash('sha256', bytes, 'hex').slice(0, 32)}`;
}

function hasNoData(data: unknown): boolean {
  return data === undefined || data === null || (typeof data === 'object' && Object.keys(data).length === 0);
}

/** Lower-case hex, as Lever writes it. Compares with every secret, so that the time tells nothing about which one is live. */
function isSigned(message: string, signature: string, secrets: readonly string[]): boolean {
  const matches = secrets.map((secret) => isHmacSha256(signature, secret, message));
  return matches.includes(true);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

function refuse(because: Extract<Verdict, { kind: 'refused' }>['because']): Verdict {
  return { kind: 'refused', because };
}
