import { expect, test } from 'vitest';
import { toNames } from '../../../../server/vendors/codesignal/to-names.ts';

test.each([
  [null, {}],
  ['  ', {}],
  ['Cher', { candidateFirstName: 'Cher' }],
  ['Ada King Lovelace', { candidateFirstName: 'Ada', candidateLastName: 'King Lovelace' }],
  ['<b>Ada</b> https://evil.example/x \u202eeilaN', { candidateFirstName: 'Ada', candidateLastName: '… eilaN' }],
])('%j', (name, names) => {
  expect(toNames(name)).toEqual(names);
});

test('a name without an end is cut, between whole characters', () => {
  const { candidateFirstName = '' } = toNames('😀'.repeat(1000));
  expect(candidateFirstName.length).toBeLessThanOrEqual(100);
  expect(candidateFirstName.isWellFormed()).toBe(true);
});
