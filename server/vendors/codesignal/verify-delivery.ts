/**
 * `X-CodeSignal-Signature` is hex(HMAC-SHA256(secret, endpoint URL + event + triggeredOn)): the body is NOT covered, so that a delivery is a
 * hint and nothing more. https://github.com/CodeSignal/developer-docs, docs/webhooks/index.html, "Authentication"
 *
 * The address is the one that was entered there, to the letter. Deliveries that fail come again for three weeks and in order, so none is
 * too old. When a webhook is made or changed, an empty POST has to be answered with 200 within ten seconds, also while the secret is not
 * known here yet; inferred: "empty" is either nothing or {}.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RefusalReason, Verdict, WebhookRequest } from '../../webhooks/verdict.ts';
import { readJsonObject } from '../read-json-object.ts';
import { type Envelope, envelopeSchema } from './schemas.ts';

/** All events go to one address, because CodeSignal has one list of events for each. */
export const CODESIGNAL_HOOK = 'all events';

export function verifyCodesignalDelivery(request: WebhookRequest, secrets: readonly string[]): Verdict {
  // It can do nothing, so that nobody has to prove who sends it.
  if (isEmpty(request.body)) return { kind: 'test', event: CODESIGNAL_HOOK };
  const keys = secrets.filter(Boolean);
  if (keys.length === 0) return refuse('no-secret-configured');
  const signature = readSignature(request.headers['x-codesignal-signature']);
  if (!signature) return refuse('signature-missing');
  const read = readJsonObject(request.body);
  if ('because' in read) return refuse(read.because);
  const envelope = envelopeSchema.safeParse(read.object).data;
  if (!envelope) return refuse('signature-wrong');
  if (!isSigned(signature, envelope, { addresses: request.addresses ?? [], keys })) return refuse('signature-wrong');
  return { kind: 'authentic', deliveryKey: keyOf(envelope), event: CODESIGNAL_HOOK, body: read.object };
}

/** Compares everything with everything, so that the time tells nothing about which key is live. */
function isSigned(
  signature: Buffer,
  { event, triggeredOn }: Envelope,
  { addresses, keys }: { addresses: readonly string[]; keys: readonly string[] },
): boolean {
  const matches = keys.flatMap((key) =>
    addresses.map((address) => {
      const expected = createHmac('sha256', key).update(`${address}${event}${triggeredOn}`).digest();
      return timingSafeEqual(signature, expected);
    }),
  );
  return matches.includes(true);
}

function readSignature(header: string | undefined): Buffer | undefined {
  return header && /^[0-9a-f]{64}$/i.test(header) ? Buffer.from(header, 'hex') : undefined;
}

/** What was told of whom and when. A body that differs in anything else is the same message once more. */
function keyOf({ event, triggeredOn, payload }: Envelope): string {
  const { testSessionId, interviewId, assessmentId } = payload;
  const told = JSON.stringify([event, triggeredOn, testSessionId ?? null, interviewId ?? null, assessmentId ?? null]);
  return createHash('sha256').update(told).digest('base64url');
}

function isEmpty(body: Uint8Array): boolean {
  const text = Buffer.from(body.subarray(0, 8)).toString('utf8').trim();
  return body.length <= 8 && (text === '' || text === '{}');
}

function refuse(because: RefusalReason): Verdict {
  return { kind: 'refused', because };
}
