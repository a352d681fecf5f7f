import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPath } from '../../../../server/vendors/coderbyte/read-path.ts';
import { toIsoTime } from '../../../../server/vendors/to-iso-time.ts';

describe('a field path', () => {
  const answer = { data: { items: [{ id: 7 }], 'a b': 0 }, empty: null };

  it.each([
    ['data.items', [{ id: 7 }]],
    ['data.items.0.id', 7],
    ['data.a b', 0],
    ['empty', null],
    ['', answer],
    ['data.missing', undefined],
    ['empty.more', undefined],
    ['data.items.0.id.more', undefined],
    ['constructor', undefined],
    ['__proto__.polluted', undefined],
    ['data.items.length', 1],
  ])('%j leads to %j', (path, expected) => {
    expect(readPath(answer, path)).toEqual(expected);
  });

  it('of any text into any answer is followed without an error', () => {
    fc.assert(fc.property(fc.anything(), fc.string(), (value, path) => void readPath(value, path)));
  });
});

describe('a time of Coderbyte', () => {
  it.each([
    ['2022-12-11T13:16:00-0500', '2022-12-11T18:16:00.000Z'],
    ['2022-12-11T13:16:00+05:30', '2022-12-11T07:46:00.000Z'],
    ['2022-12-11T13:16:00.250Z', '2022-12-11T13:16:00.250Z'],
    ['2022-12-11t13:16z', '2022-12-11T13:16:00.000Z'],
    ['2022-12-11T13:16:00', null],
    ['12/10/22', null],
    ['N/A', null],
    ['2022-13-41T99:00:00Z', null],
    [-1, null],
    [null, null],
    [undefined, null],
  ])('%j is %j', (text, expected) => {
    expect(toIsoTime(text)).toBe(expected);
  });
});
