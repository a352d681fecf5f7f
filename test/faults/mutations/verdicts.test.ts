import { expect, test } from 'vitest';
import { countEnds, keepCaught, reportOf, verdictOfMisplaced } from './verdicts.ts';

test('only a run of all guards writes the report of all; others have theirs apart from it and from each other', () => {
  expect(reportOf({})).toBe('.output/mutations.json');
  expect(reportOf({ only: 'R1,R4' })).toBe('.output/mutations-r1-r4.json');
  expect(reportOf({ named: 'marked as "passed" ../on' })).toBe('.output/mutations-marked-as-passed-on.json');
  expect(reportOf({ only: 'R20', named: 'lock' })).toBe('.output/mutations-r20-lock.json');
});

test('a guard that is not there counts as one that survived', () => {
  const verdicts = [
    { mutation: 'seen', caughtBy: ['R1'], brokenBy: ['R2 late'] },
    { mutation: 'only broke', caughtBy: [], brokenBy: ['R1 late'] },
    verdictOfMisplaced('moved'),
  ];
  expect(countEnds(verdicts)).toEqual({ caught: 1, broken: 1, survived: 1 });
});

test('going on, only what was caught and is still asked for is taken over', () => {
  const [seen, moved] = ['seen', 'moved'].map((mutation) => ({ mutation, caughtBy: ['R1'], brokenBy: [] }));
  const earlier = [seen, moved, verdictOfMisplaced('survived')].filter((verdict) => verdict !== undefined);
  expect(keepCaught(earlier, [{ name: 'seen' }, { name: 'survived' }])).toEqual([seen]);
});
