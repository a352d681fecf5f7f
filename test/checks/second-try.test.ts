import { expect, test } from 'vitest';
import { addMet, onlyMissed, readRows } from './second-try.ts';

const row = (id: string, met: boolean, what = 'of it') => ({ id, what, met });
const MIXED = [row('R1', true), row('R9', true, 'calls'), row('R9', false, 'database'), row('SO', false)];

test('only the checks that missed a target are run again', () => {
  expect(onlyMissed(MIXED)).toEqual(['--only', 'R9,SO']);
});

test('all are run again where the first run did not come to its end, or nothing was missed and it failed all the same', () => {
  expect(onlyMissed([...MIXED, row('RUN', false)])).toEqual([]);
  expect(onlyMissed([row('R1', true)])).toEqual([]);
});

test('what was met before stays beside what the second try brought, and of a check that was run again nothing is kept', () => {
  const second = [row('R9', false, 'calls'), row('R9', true, 'database'), row('SO', true)];
  expect(addMet(MIXED, second)).toEqual([row('R1', true), ...second]);
});

test('a second try of all stands alone', () => {
  expect(addMet([row('R1', true), row('RUN', false)], [row('R1', true), row('SO', true)])).toEqual([
    row('R1', true),
    row('SO', true),
  ]);
  expect(addMet([row('R1', true)], [row('R1', true)])).toEqual([row('R1', true)]);
});

test('rows keep all that they say', () => {
  expect(readRows([{ ...row('R1', false), wrong: 0, said: ['why'] }])).toEqual([
    { ...row('R1', false), wrong: 0, said: ['why'] },
  ]);
});
