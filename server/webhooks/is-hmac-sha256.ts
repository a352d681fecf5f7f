import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** Of SHA-256, in bytes. */
const BLOCK = 64;
const DIGEST = 32;
/** Beyond it what `createHmac` takes for its objects no longer counts. */
const MESSAGE = 64 * 1024;
const INNER_PAD = 0x36363636;
const OUTER_PAD = 0x5c5c5c5c;

/** What is hashed is laid out here: nothing is made anew for a webhook, and nothing else runs while one of these holds a part of one. */
const inner = Buffer.from(new ArrayBuffer(BLOCK + MESSAGE));
const outer = Buffer.from(new ArrayBuffer(BLOCK + DIGEST));
const innerKey = new Uint32Array(inner.buffer, 0, BLOCK / 4);
const outerKey = new Uint32Array(outer.buffer, 0, BLOCK / 4);
const given = Buffer.from(new ArrayBuffer(2 * DIGEST));
const expected = Buffer.from(new ArrayBuffer(2 * DIGEST));

/**
 * Whether `signature` is the HMAC-SHA256 of the message with this key, in lower-case hex. The time it takes tells nothing about where the two
 * differ. Text is taken as UTF-8, as `createHmac` takes it.
 */
export function isHmacSha256(signature: string, key: string, message: Uint8Array | string): boolean {
  if (signature.length !== given.length) return false;
  // One byte for each character, whichever it is: nothing of the last signature is left. Who knows the low bytes knows the signature.
  given.write(signature, 'latin1');
  expected.write(hmacSha256(key, message), 'latin1');
  return timingSafeEqual(given, expected);
}

/**
 * In hex. By its definition, from two hashes (https://www.rfc-editor.org/rfc/rfc2104#section-2): an `Hmac` of node is an object of OpenSSL with
 * a finaliser, and took twice the time of the hashing, for each webhook (measured by `npm run bench -- --only P5`).
 */
function hmacSha256(key: string, message: Uint8Array | string): string {
  const size = typeof message === 'string' ? Buffer.byteLength(message) : message.length;
  if (size > MESSAGE || Buffer.byteLength(key) > BLOCK) return createHmac('sha256', key).update(message).digest('hex');
  innerKey.fill(0);
  inner.write(key);
  for (let at = 0; at < innerKey.length; at += 1) {
    const word = innerKey[at] ?? 0;
    innerKey[at] = word ^ INNER_PAD;
    outerKey[at] = word ^ OUTER_PAD;
  }
  if (typeof message === 'string') inner.write(message, BLOCK);
  else inner.set(message, BLOCK);
  outer.write(hash('sha256', inner.subarray(0, BLOCK + size), 'binary'), BLOCK, 'latin1');
  return hash('sha256', outer, 'hex');
}
