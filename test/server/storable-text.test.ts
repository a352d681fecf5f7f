import { expect, test } from 'vitest';
import { toStorableJson } from '../../server/storable-text.ts';

const HALF = '\u{1f600}'.slice(0, 1);

test.each([
  ['the character 0', { said: ['no\u0000thing'] }, { said: ['no\ufffdthing'] }],
  ['half a character', { said: { deep: `no${HALF}thing` } }, { said: { deep: 'no\ufffdthing' } }],
  ['a whole one', { said: '\u{1f600}', n: 1, none: null }, { said: '\u{1f600}', n: 1, none: null }],
  ['a backslash before what looks like either', { said: '\\u0000 \\ud83d' }, { said: '\\u0000 \\ud83d' }],
  ['a time', { at: new Date(0), said: HALF }, { at: '1970-01-01T00:00:00.000Z', said: '\ufffd' }],
])('as JSON that PostgreSQL takes: %s', (_what, given, kept) => {
  expect(JSON.parse(toStorableJson(given))).toEqual(kept);
});
