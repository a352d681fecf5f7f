/**
 * Greenhouse recruiting webhooks: `Signature: sha256 <hex>`, one space, lower-case HMAC-SHA256 of the raw body.
 * https://developers.greenhouse.io/webhooks.html#authentication
 *
 * The signature carries no time, so that a repeat can be told only by `Greenhouse-Event-ID`. That header is not signed: somebody who
 * holds a recorded delivery could send it again under another id and would cause one more re-read, nothing else.
 */
import { createHash } from 'node:crypto';
import { fieldsOf } from '../../fields-of.ts';
import { parseJson } from '../../outbound/parse-json.ts';
import { isHmacSha256 } from '../../webhooks/is-hmac-sha256.ts';
import type { Verdict, WebhookRequest } from '../../webhooks/verdict.ts';
import { toGreenhouseHints } from './to-hints.ts';

/**
 * A ping is a test when its signature is right, and also before any secret is known: Greenhouse pings when a webhook is saved and
 * switches it off when that fails. Everything else needs a signature made with one of the secrets.
 */
export function verifyGreenhouseDelivery(request: WebhookRequest, secrets: readonly string[]): Verdict {
  if (secrets.length === 0) return isPing(request.body) ? test() : refuse('no-secret-configured');
  const signature = request.headers.signature;
  if (!signature) return refuse('signature-missing');
  if (!isSignedWithOneOf(secrets, signature, request.body)) return refuse('signature-wrong');
  const body = readJson(request.body);
  if (body === undefined) return refuse('not-json');
  const envelope = fieldsOf(body);
  if (!envelope) return refuse('not-an-object');
  if (envelope.action === 'ping') return test();
  const event = typeof envelope.action === 'string' ? envelope.action : 'unknown';
  return { kind: 'authentic', deliveryKey: deliveryKeyOf(request, event, body), event, body };
}

const test = (): Verdict => ({ kind: 'test', event: 'ping' });
const refuse = (because: Extract<Verdict, { kind: 'refused' }>['because']): Verdict => ({ kind: 'refused', because });

const SCHEME = 'sha256 ';

/** Every secret is tried, whichever fits, so that the time says nothing about them. */
function isSignedWithOneOf(secrets: readonly string[], signature: string, body: Uint8Array): boolean {
  if (!signature.startsWith(SCHEME)) return false;
  const hex = signature.slice(SCHEME.length);
  return secrets.filter((secret) => isHmacSha256(hex, secret, body)).length > 0;
}

function isPing(bytes: Uint8Array): boolean {
  return fieldsOf(readJson(bytes))?.action === 'ping';
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readJson(bytes: Uint8Array): unknown {
  try {
    return parseJson(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

/**
 * Inferred: the event id stays the same when Greenhouse repeats a delivery; the documentation only calls it the delivery's id.
 * Without one the body itself is the key: it holds last_activity_at and rejected_at, which differ when something happened again.
 */
function deliveryKeyOf(request: WebhookRequest, event: string, body: unknown): string {
  const eventId = request.headers['greenhouse-event-id']?.trim();
  if (eventId) return eventId;
  const about = toGreenhouseHints(body)[0]?.applicationId ?? 'nobody';
  return `${event}:${about}:${createHash('sha256').update(request.body).digest('hex')}`;
}
