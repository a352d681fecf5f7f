/**
 * Standard Webhooks, signed by our secret: `webhook-signature` holds `v1,<base64 HMAC-SHA256>` (several, separated by blanks, while
 * the sender rotates) over `<webhook-id>.<webhook-timestamp>.<raw body>`. The body is covered, so it may be believed.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * Written on node:crypto: the reference library (it signs in our tests) reads the global clock and hashes in plain JavaScript,
 * which a stranger with large bodies could make expensive.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RefusalReason, Verdict, WebhookRequest } from '../../webhooks/verdict.ts';
import { readJsonObject } from '../read-json-object.ts';

/** The reference libraries' tolerance, both ways. */
const TOLERANCE_SECONDS = 5 * 60;
/** No sender's id is longer; it becomes our delivery key. */
const MAX_ID_LENGTH = 200;
const EVENT = 'result';

export function verifyByteboardDelivery(request: WebhookRequest, secrets: readonly string[], now: Date): Verdict {
  const keys = secrets.filter(Boolean).flatMap(keysOf);
  if (keys.length === 0) return isEmpty(request.body) ? { kind: 'test', event: EVENT } : refuse('no-secret-configured');
  const signed = readSignature(request.headers);
  if (!signed) return refuse('signature-missing');
  if (!isSigned(signed, request.body, keys)) return refuse('signature-wrong');
  if (Math.abs(now.getTime() / 1000 - signed.timestamp) > TOLERANCE_SECONDS) return refuse('too-old');
  const read = readJsonObject(request.body);
  if ('because' in read) return refuse(read.because);
  if (Object.keys(read.object).length === 0) return { kind: 'test', event: EVENT };
  return { kind: 'authentic', deliveryKey: signed.id, event: EVENT, body: read.object };
}

interface Signed {
  id: string;
  timestamp: number;
  /** What stands before the body in the signed text: id and time exactly as they were sent. */
  prefix: string;
  signatures: Buffer[];
}

function readSignature(headers: WebhookRequest['headers']): Signed | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = headers;
  if (!id || id.length > MAX_ID_LENGTH || !time || !/^\d{1,12}$/.test(time) || !signature) return undefined;
  const signatures = signature
    .split(' ')
    .filter((one) => /^v1,[A-Za-z0-9+/]{43}=$/.test(one))
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  return { id, timestamp: Number(time), prefix: `${id}.${time}.`, signatures };
}

/** Compares everything with everything, so that the time tells nothing about which key is live. */
function isSigned({ prefix, signatures }: Signed, body: Uint8Array, keys: readonly Buffer[]): boolean {
  const matches = keys.flatMap((key) => {
    const expected = createHmac('sha256', key).update(prefix).update(body).digest();
    return signatures.map((given) => timingSafeEqual(given, expected));
  });
  return matches.includes(true);
}

/**
 * The specification's secrets are base64, with or without `whsec_` before it. A text of the admin's own choice that is not base64
 * is taken as it is; where it might be either, both are tried, because senders differ in it.
 */
function keysOf(secret: string): Buffer[] {
  if (secret.startsWith('whsec_')) return [Buffer.from(secret.slice('whsec_'.length), 'base64')].filter(isLongEnough);
  const decoded = Buffer.from(secret, 'base64');
  const isBase64 = decoded.toString('base64').replace(/=+$/, '') === secret.replace(/=+$/, '');
  return [Buffer.from(secret), ...(isBase64 ? [decoded] : [])].filter(isLongEnough);
}

/** An empty key would make everybody a sender. */
function isLongEnough(key: Buffer): boolean {
  return key.length > 0;
}

/** A set-up test before the secret is there: nothing, or an empty object. */
function isEmpty(body: Uint8Array): boolean {
  const text = Buffer.from(body.subarray(0, 8)).toString('utf8').trim();
  return body.length <= 8 && (text === '' || text === '{}');
}

function refuse(because: RefusalReason): Verdict {
  return { kind: 'refused', because };
}
