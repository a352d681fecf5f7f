import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSealer } from '../../../server/storage/seal.ts';

const sealer = createSealer(randomBytes(32));

test('a sealed secret opens again for the thing it belongs to', () => {
  const sealed = sealer.seal('lever-key-ä✓', 'connection 1 apiKey');
  expect(sealed).not.toContain('lever-key');
  expect(sealer.open(sealed, 'connection 1 apiKey')).toBe('lever-key-ä✓');
  expect(sealer.open(sealer.seal('', 'x'), 'x')).toBe('');
});

test('the same secret never looks the same twice', () => {
  expect(sealer.seal('a', 'x')).not.toBe(sealer.seal('a', 'x'));
});

test('a sealed secret moved to another row does not open', () => {
  const sealed = sealer.seal('a', 'connection 1 apiKey');
  expect(() => sealer.open(sealed, 'connection 2 apiKey')).toThrow('belongs to something else');
});

test('a sealed secret does not open after any change to it', () => {
  const sealed = sealer.seal('secret', 'x');
  const parts = sealed.split('.');
  for (const index of [2, 3]) {
    const bytes = Buffer.from(parts[index] ?? '', 'base64url');
    for (let position = 0; position < bytes.length; position++) {
      const altered = Buffer.from(bytes);
      altered[position] = (altered[position] ?? 0) ^ 1;
      const text = parts.with(index, altered.toString('base64url')).join('.');
      expect(() => sealer.open(text, 'x')).toThrow('altered');
    }
  }
});

test('the data key of one secret cannot be put before the text of another', () => {
  const one = sealer.seal('one', 'x').split('.');
  const two = sealer.seal('two', 'x').split('.');
  expect(() => sealer.open([one[0], one[1], one[2], two[3]].join('.'), 'x')).toThrow('altered');
});

test('another master key is named as the reason', () => {
  const sealed = createSealer(randomBytes(32)).seal('a', 'x');
  expect(() => sealer.open(sealed, 'x')).toThrow('another master key');
});

test('text that was never sealed is refused', () => {
  for (const text of ['', 'plain', 'v1.a.b', 'v2.a.b.c', `${sealer.seal('a', 'x')}.more`]) {
    expect(() => sealer.open(text, 'x')).toThrow('not a sealed text');
  }
});

test('a master key of the wrong length is refused', () => {
  expect(() => createSealer(randomBytes(16))).toThrow('16 bytes');
});
