import { expect, test } from 'vitest';
import { suggestDispositionMeaning } from '../../../lib/domain/suggest-disposition-meaning.ts';

test.each([
  ['Withdrew', 'withdrew'],
  ['Candidate withdrew', 'withdrew'],
  ['Accepted another offer', 'withdrew'],
  ['Took another job', 'withdrew'],
  ['Hired elsewhere', 'withdrew'],
  ['No longer interested', 'withdrew'],
  ['Unresponsive', 'withdrew'],
  ['Hired', 'accepted'],
  ['Hire', 'accepted'],
  ['Offer accepted', 'accepted'],
  ['Offer declined', 'declined'],
  ['Declined our offer', 'declined'],
  ['Underqualified', 'rejected'],
  ['Overqualified', 'rejected'],
  ['Failed coding test', 'rejected'],
  ['Not a fit for the role', 'rejected'],
  ['Lacking skill(s)/qualification(s)', 'rejected'],
  ['Hired another candidate', 'rejected'],
  ['Position closed', 'not applicable'],
  ['Role on hold', 'not applicable'],
  ['Duplicate', 'not applicable'],
  ['Test', 'not applicable'],
])('"%s" suggests %s', (reason, meaning) => {
  expect(suggestDispositionMeaning(reason)).toBe(meaning);
});

test('words that say nothing suggest nothing', () => {
  for (const reason of ['', 'Other', 'Position', 'Future consideration'])
    expect(suggestDispositionMeaning(reason)).toBeUndefined();
});
