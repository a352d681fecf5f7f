import { describe, expect, test } from 'vitest';
import type { NextStep, OfferStatus } from '../../../../lib/domain/outcome.ts';
import { deriveOutcome } from '../../../../server/workflow/rules/record-outcome.ts';
import { codesOf, type StageName, Story } from '../../../support/workflow-story.ts';

type Ending = { status: 'archived' | 'hired'; reason?: string } | null;

describe('the outcome follows from the stages entered and the reason given', () => {
  test.each<[StageName[], Ending, NextStep, OfferStatus]>([
    [['review', 'test'], null, 'pending', 'none'],
    [['test', 'onsite'], null, 'advanced', 'none'],
    [['test', 'onsite', 'test'], null, 'advanced', 'none'],
    [['test', 'offer'], null, 'advanced', 'extended'],
    [['test'], { status: 'hired' }, 'advanced', 'accepted'],
    [['test'], { status: 'archived', reason: 'underqualified' }, 'rejected', 'none'],
    [['test', 'onsite'], { status: 'archived', reason: 'underqualified' }, 'rejected', 'none'],
    [['test'], { status: 'archived', reason: 'withdrew' }, 'withdrew', 'none'],
    [['test', 'offer'], { status: 'archived', reason: 'offer-accepted' }, 'advanced', 'accepted'],
    [['test', 'offer'], { status: 'archived', reason: 'offer-declined' }, 'advanced', 'declined'],
    [['test', 'offer'], { status: 'archived', reason: 'closed' }, 'not applicable', 'not applicable'],
    [['test', 'onsite'], { status: 'archived', reason: 'nobody mapped this' }, 'advanced', 'none'],
    [['test'], { status: 'archived' }, 'pending', 'none'],
  ])('through %j, then %j: next step %s, offer %s', (stages, ending, nextStep, offerStatus) => {
    const story = new Story();
    for (const stage of stages) story.pass(60).enter(stage);
    if (ending) story.end(ending.status, ending.reason);
    expect(deriveOutcome(story.world, story.policy)).toEqual({ nextStep, offerStatus });
  });
});

test('a change of the outcome is told once', () => {
  const story = new Story().enter('test').pass(60).enter('onsite');
  expect(codesOf(story.look())).toContain('outcome-changed');
  expect(codesOf(story.look())).toEqual([]);
});

test('another reason given later changes the outcome, though nothing else happened', () => {
  const story = new Story().enter('test').end('archived', 'underqualified');
  story.look();
  expect(codesOf(story.end('archived', 'withdrew').look())).toEqual(['outcome-changed']);
  expect(story.state.outcome.nextStep).toBe('withdrew');
});

test('an admin says what a reason means: it counts at the next look', () => {
  const story = new Story({ policy: { dispositionMeanings: [] } }).enter('test').end('archived', 'withdrew');
  story.look();
  story.policy = { ...story.policy, dispositionMeanings: [{ reasonId: 'withdrew', meaning: 'withdrew' }] };
  expect(codesOf(story.look())).toEqual(['outcome-changed']);
});

test('what cannot be seen any more keeps its outcome', () => {
  const story = new Story().enter('test').end('hired');
  story.look();
  story.lookInVain();
  expect(story.state.outcome).toEqual({ nextStep: 'advanced', offerStatus: 'accepted' });
});
