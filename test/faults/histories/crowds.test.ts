import { expect, test } from 'vitest';
import { crowdsOf, replayOf, tellReplay } from './crowds.ts';
import type { Wanted } from './play-many.ts';

const WANTED: Wanted = {
  ...{ runSeed: 42, size: 'full', seed: 1_000_042, histories: 1_900, budgetMs: 1 },
  ...{ crowd: 200, crowdsPerOffice: 3, shorterMax: 0, shown: 1 },
};

test('crowds have seeds of their own, and some of them an office together', () => {
  const crowds = [...crowdsOf(WANTED)];
  expect(crowds.map(({ seed }) => seed)).toEqual(Array.from({ length: 10 }, (_, number) => 1_000_042 + number));
  expect(crowds.filter(({ opensOffice }) => opensOffice).map(({ number }) => number)).toEqual([0, 3, 6, 9]);
  expect(crowds.map(({ size }) => size)).toEqual([...Array<number>(9).fill(200), 100]);
});

test.each([0, 2, 4, 8, 9])('crowd %i is played again as it was, with those before it in its office and no others', (number) => {
  const crowds = [...crowdsOf(WANTED)];
  const crowd = crowds[number];
  if (!crowd) throw new Error('no such crowd');
  const again = [...crowdsOf(replayOf(WANTED, crowd))];
  expect(again).toEqual(crowds.slice(number - (number % 3), number + 1));
  expect(again[0]?.opensOffice).toBe(true);
});

test('what is told has the seed of the run, and what plays the crowd alone', () => {
  const [whole, alone] = tellReplay(WANTED, { number: 4, size: 200 });
  expect(whole).toBe(
    'crowd 4 of the player that begins at 1000042; again with the whole run: npm run faults -- --only R18 --size full --seed 42',
  );
  const [, given = ''] = /^ {2}or alone: npx node test\/faults\/histories\/play-process\.ts '(.*)'$/.exec(alone ?? '') ?? [];
  expect(JSON.parse(given)).toEqual(replayOf(WANTED, { number: 4, size: 200 }));
});
