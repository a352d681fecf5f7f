import '../install-catalogue.ts';
import { describe, expect, it } from 'vitest';
import { checkAssessment, newAssessment, toAssessmentInput } from '../../../components/admin/assessment-values.ts';

const typed = (remindDays: string) => ({
  ...newAssessment(undefined),
  vendorConnectionId: 'bb',
  externalId: 'swe',
  name: 'SWE',
  tag: 'SWE',
  linkTemplate: 'https://byteboard.dev/1',
  remindDays,
});

describe('the days of the reminders', () => {
  it.each([
    ['', []],
    ['2', [2]],
    ['5, 2', [5, 2]],
    [' 7 3;1 ', [7, 3, 1]],
  ])('typed as "%s"', (text, days) => {
    expect(checkAssessment(typed(text), undefined).remindDays).toBeUndefined();
    expect(toAssessmentInput(typed(text), undefined).remindDays).toEqual(days);
  });

  it.each(['0', '61', 'two', '1.5', '4, 3, 2, 1'])('not "%s"', (text) => {
    expect(checkAssessment(typed(text), undefined).remindDays).toBe('Enter up to three whole numbers from 1 to 60.');
  });
});
