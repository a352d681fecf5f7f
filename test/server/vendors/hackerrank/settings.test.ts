import { expect, it } from 'vitest';
import { HACKERRANK_STATES, hackerrankSettingsSchema, toAtsState } from '../../../../lib/contract/hackerrank-settings.ts';

it('the words of HackerRank have its numbers', () => {
  expect(HACKERRANK_STATES).toHaveLength(23);
  const known = {
    'Not set': 0,
    Qualified: 2,
    'offer SENT': 7,
    ' Offer accepted ': 9,
    'Offer declined': 10,
    Hired: 21,
    Rejected: 22,
    7: 7,
  };
  for (const [word, state] of Object.entries(known)) expect(toAtsState(word)).toBe(state);
  for (const word of ['', '23', '-1', 'Promoted', '7.5']) expect(toAtsState(word)).toBeNull();
});

it('only its own words can be chosen for an outcome', () => {
  const parse = (outcomeWords: object) => hackerrankSettingsSchema.safeParse({ kind: 'hackerrank', outcomeWords }).success;
  expect(parse({ rejected: 'Rejected', pending: '' })).toBe(true);
  expect(parse({ rejected: 'No thanks' })).toBe(false);
  expect(hackerrankSettingsSchema.parse({ kind: 'hackerrank' })).toEqual({
    kind: 'hackerrank',
    apiUrl: 'https://www.hackerrank.com/x/api/v3',
  });
});
