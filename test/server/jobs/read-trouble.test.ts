import { expect, test } from 'vitest';
import { failuresInARow, standingTrouble, toReadTrouble, unreadableInARow } from '../../../server/jobs/read-trouble.ts';

test('a missing right is kept with the application, and named on the panel until it is there', () => {
  const kept = toReadTrouble(
    {
      kind: 'forbidden',
      status: 403,
      detail: 'Forbidden',
      right: 'Opportunities: Read (Retrieve a single opportunity)',
    },
    null,
  );
  expect(standingTrouble(kept, 'Lever')).toContain('“Opportunities: Read (Retrieve a single opportunity)”');
});

test('a refusal that names no right is told without one, and what passes by itself not at all', () => {
  expect(standingTrouble(toReadTrouble({ kind: 'forbidden', status: 403, detail: '' }, null), 'Lever')).toContain(
    'lacks the right',
  );
  expect(standingTrouble(toReadTrouble({ kind: 'unauthorised', status: 401, detail: '' }, null), 'Lever')).toContain('renew it');
  expect(standingTrouble(toReadTrouble({ kind: 'unreachable', detail: '' }, null), 'Lever')).toBeNull();
});

test('the pauses grow with whatever fails, while what makes no sense is counted by itself', () => {
  const kinds = ['unreadable', 'unreadable', 'unreachable', 'unreadable', 'unreadable', 'unreadable'] as const;
  const kept: string[] = [];
  for (const kind of kinds) kept.push(toReadTrouble({ kind, detail: '' }, kept.at(-1) ?? null));
  expect(kept.map(failuresInARow)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(kept.map(unreadableInARow)).toEqual([1, 2, 0, 1, 2, 3]);
  expect(unreadableInARow('unreadable 70')).toBe(1);
  expect(unreadableInARow(null)).toBe(0);
});
