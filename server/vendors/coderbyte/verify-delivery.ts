/**
 * Coderbyte sends `Authorization: Bearer <JWT>`: HS256, the key is the organisation's API key, `iss` its organization_id. The body is
 * NOT covered: whoever saw one token can put any body beside it. So a delivery is a hint and nothing more.
 * https://docs.coderbyte.com/reference/completed-assessment
 *
 * Inferred: no `exp`, `nbf` or `iat` is documented, the token may be the same for years. They are honoured when present, not required.
 * Inferred: a new API key changes the signature at the same moment, so the previous one stays among the secrets for a while.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { RefusalReason, Verdict, WebhookRequest } from '../../webhooks/verdict.ts';
import { readJsonObject } from '../read-json-object.ts';
import { coderbyteDeliverySchema } from './schemas.ts';

/**
 * Neither an id nor a time stands in the bodies, and the same body may truly come again: a thumb up, down and up once more, or
 * the same assessment taken a second time. So a repeat says the same within the same minute. Kept short on purpose: a repeat
 * that is taken for new costs one read and changes nothing, but news taken for a repeat is lost.
 */
const REPEAT_WINDOW_MS = 60_000;
/** Clocks differ. */
const LEEWAY_SECONDS = 60;

export function verifyCoderbyteDelivery(
  request: WebhookRequest,
  secrets: readonly string[],
  now: Date,
  account: string | null,
): Verdict {
  const keys = secrets.filter(Boolean);
  // The address may be tried before the admin has entered the API key.
  if (keys.length === 0) return isProbe(request.body) ? { kind: 'test', event: 'test' } : refuse('no-secret-configured');
  const token = readToken(request.headers.authorization);
  if (!token) return refuse('signature-missing');
  const claims = readClaims(token, keys);
  if (!claims) return refuse('signature-wrong');
  if (!isCurrent(claims, now)) return refuse('too-old');
  const body = readJsonObject(request.body);
  if ('because' in body) return refuse(body.because);
  if (!isOurs(claims.iss, body.object, account)) return refuse('wrong-account');
  return {
    kind: 'authentic',
    deliveryKey: keyOf(request.body, body.object, now),
    event: eventOf(body.object),
    body: body.object,
  };
}

interface Token {
  /** Header and payload as they were signed. */
  signed: string;
  payload: string;
  signature: Buffer;
}

const BEARER = /^Bearer\s+([\w-]{1,2000})\.([\w-]{1,8000})\.([\w-]{43})$/i;
/** `none` and asymmetric algorithms never get as far as a key. */
const headerSchema = z.object({ alg: z.literal('HS256') });
const claimsSchema = z.object({ iss: z.string(), exp: z.number().optional(), nbf: z.number().optional() });
type Claims = z.infer<typeof claimsSchema>;

/** A JWS in compact form: https://www.rfc-editor.org/rfc/rfc7515#section-3.1 */
function readToken(authorization: string | undefined): Token | undefined {
  const [, header, payload, signature] = BEARER.exec(authorization ?? '') ?? [];
  if (!header || !payload || !signature || !headerSchema.safeParse(decode(header)).success) return undefined;
  return { signed: `${header}.${payload}`, payload, signature: Buffer.from(signature, 'base64url') };
}

/** Tries every key, so that the time tells nothing about which one is live. */
function readClaims({ signed, payload, signature }: Token, keys: readonly string[]): Claims | undefined {
  const matches = keys.map((key) => timingSafeEqual(createHmac('sha256', key).update(signed).digest(), signature));
  if (!matches.includes(true)) return undefined;
  return claimsSchema.safeParse(decode(payload)).data;
}

function decode(part: string): unknown {
  const read = readJsonObject(Buffer.from(part, 'base64url'));
  return 'object' in read ? read.object : undefined;
}

function isCurrent({ exp, nbf }: Claims, now: Date): boolean {
  const seconds = now.getTime() / 1000;
  return (exp === undefined || seconds < exp + LEEWAY_SECONDS) && (nbf === undefined || seconds > nbf - LEEWAY_SECONDS);
}

/** The token, the body and, once the admin has entered it, our own organisation id name the same organisation. */
function isOurs(issuer: string, body: Record<string, unknown>, account: string | null): boolean {
  return issuer !== '' && body.organization_id === issuer && (!account || account === issuer);
}

/** What makes one message another one; the report's address does not, and neither does how the body is written down. */
const TELLING = [
  'assessment_id',
  'interview_id',
  'trigger',
  'recommendation',
  'comment',
  'time_expired',
  'report_ready',
] as const;

/** What is told of whom, within a minute. Of an event that we do not know, the body as it came. */
function keyOf(bytes: Uint8Array, body: Record<string, unknown>, now: Date): string {
  const minute = Math.floor(now.getTime() / REPEAT_WINDOW_MS);
  const told = coderbyteDeliverySchema.safeParse(body).success
    ? JSON.stringify([body.operation, String(body.email).trim().toLowerCase(), ...TELLING.map((name) => body[name] ?? null)])
    : bytes;
  return `${createHash('sha256').update(told).digest('base64url')}.${minute}`;
}

function eventOf({ operation }: Record<string, unknown>): string {
  return typeof operation === 'string' && operation !== '' ? operation.slice(0, 100) : 'unknown';
}

function isProbe(body: Uint8Array): boolean {
  if (body.length === 0) return true;
  const read = readJsonObject(body);
  return 'object' in read && Object.keys(read.object).length === 0;
}

function refuse(because: RefusalReason): Verdict {
  return { kind: 'refused', because };
}
