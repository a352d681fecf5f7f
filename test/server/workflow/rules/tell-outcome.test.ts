import { describe, expect, test } from 'vitest';
import { type Outcome, outcomeNameOf } from '../../../../lib/domain/outcome.ts';
import { Story } from '../../../support/workflow-story.ts';

const WORDS = { 'vendor-1': { rejected: '22', 'offer accepted': '9' } };

function taken(outcomeWords: NonNullable<Story['policy']['outcomeWords']> = WORDS): Story {
  const story = new Story({ policy: { outcomeWords } }).enter('test');
  story.look();
  story.confirmSent();
  story.result();
  return story;
}
const told = (story: Story) => story.effects.filter(({ kind }) => kind === 'tell-outcome').map(({ key }) => key);

describe('what became of a candidate', () => {
  test('is told the vendor, once for each change of it', () => {
    const story = taken();
    story.end('archived', 'underqualified').look();
    story.look();
    expect(told(story)).toEqual([`outcome:${story.last.id}:1`]);
    story.reopen().look();
    expect(told(story)).toHaveLength(1);
    story.end('archived', 'underqualified').look();
    expect(told(story)).toEqual([`outcome:${story.last.id}:1`, `outcome:${story.last.id}:2`]);
  });

  test('is told nobody without a word for it, and not of other vendors', () => {
    const story = taken();
    story.end('archived', 'withdrew').look();
    expect(told(story)).toEqual([]);
    const other = taken({ 'vendor-2': { rejected: '22' } });
    other.end('archived', 'underqualified').look();
    expect(told(other)).toEqual([]);
  });

  test('is not told where the candidate was never invited', () => {
    const story = new Story({ policy: { outcomeWords: WORDS } }).enter('test');
    story.click({ assessmentId: 'assessment-data' });
    story.end('archived', 'underqualified').look();
    expect(told(story)).toEqual([]);
  });
});

test.each<[Outcome, ReturnType<typeof outcomeNameOf>]>([
  [{ nextStep: 'pending', offerStatus: 'none' }, 'pending'],
  [{ nextStep: 'advanced', offerStatus: 'none' }, 'advanced'],
  [{ nextStep: 'advanced', offerStatus: 'extended' }, 'offer extended'],
  [{ nextStep: 'advanced', offerStatus: 'accepted' }, 'offer accepted'],
  [{ nextStep: 'advanced', offerStatus: 'declined' }, 'offer declined'],
  [{ nextStep: 'rejected', offerStatus: 'extended' }, 'rejected'],
  [{ nextStep: 'withdrew', offerStatus: 'extended' }, 'withdrew'],
  [{ nextStep: 'not applicable', offerStatus: 'not applicable' }, null],
])('%o is called %s', (outcome, name) => {
  expect(outcomeNameOf(outcome)).toBe(name);
});
