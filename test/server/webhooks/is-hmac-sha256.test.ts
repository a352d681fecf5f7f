import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isHmacSha256 } from '../../../server/webhooks/is-hmac-sha256.ts';

const signatureOf = (key: string, message: Uint8Array | string) => createHmac('sha256', key).update(message).digest('hex');

/** Around the block of the hash, and around what is laid out for a message. */
const sizes = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 65_400, max: 65_700 }));
const bytes = sizes.chain((size) =>
  fc.infiniteStream(fc.integer({ min: 0, max: 255 })).map((stream) => Uint8Array.from(stream.take(size))),
);
const keys = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.integer({ min: 60, max: 68 }).map((size) => 'k'.repeat(size)),
);
const text = fc.string({ unit: 'binary', maxLength: 300 });

test('takes what createHmac signs, with any key and of any message, one after another', () => {
  fc.assert(
    fc.property(keys, fc.oneof(bytes, text), (key, message) => {
      expect(isHmacSha256(signatureOf(key, message), key, message)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

const ROOM = 64 * 1024;
test.each([
  ['one byte less than there is room for', 'key', Buffer.alloc(ROOM - 1, 7)],
  ['as much as there is room for', 'key', Buffer.alloc(ROOM, 7)],
  ['one byte more', 'key', Buffer.alloc(ROOM + 1, 7)],
  ['a text of as many bytes', 'key', 'x'.repeat(ROOM)],
  ['a text of one byte more', 'key', 'x'.repeat(ROOM + 1)],
  ['a text with fewer characters than bytes', 'key', 'é'.repeat(ROOM / 2 + 1)],
  ['half a character', 'key', '\ud800'],
  ['half a character as the key', '\ud800', 'message'],
  ['a key as long as a block', 'k'.repeat(64), 'message'],
  ['a key with fewer characters than bytes', 'é'.repeat(33), 'message'],
  ['no key and no message', '', ''],
])('takes it of %s', (_name, key, message) => {
  expect(isHmacSha256(signatureOf(key, message), key, message)).toBe(true);
});

test('does not take the signature of another message, or with another key', () => {
  fc.assert(
    fc.property(keys, keys, text, text, (key, otherKey, message, otherMessage) => {
      expect(isHmacSha256(signatureOf(key, otherMessage), key, message)).toBe(message === otherMessage);
      expect(isHmacSha256(signatureOf(otherKey, message), key, message)).toBe(
        signatureOf(otherKey, message) === signatureOf(key, message),
      );
    }),
    { numRuns: 300 },
  );
});

test('does not take it with one character changed, wherever that is', () => {
  const signature = signatureOf('key', 'message');
  for (let at = 0; at < signature.length; at += 1) {
    const changed = `${signature.slice(0, at)}${signature[at] === '0' ? '1' : '0'}${signature.slice(at + 1)}`;
    expect(isHmacSha256(changed, 'key', 'message')).toBe(false);
  }
});

test.each([
  ['nothing', ''],
  ['capitals', signatureOf('key', 'message').toUpperCase()],
  ['a part of it', signatureOf('key', 'message').slice(0, 63)],
  ['more than it', `${signatureOf('key', 'message')}0`],
  ['as many other characters', '\u{1f600}'.repeat(32)],
  ['as many of two bytes', 'é'.repeat(64)],
])('takes no other: not %s', (_name, signature) => {
  expect(isHmacSha256(signatureOf('key', 'message'), 'key', 'message')).toBe(true);
  expect(isHmacSha256(signature, 'key', 'message')).toBe(false);
});
