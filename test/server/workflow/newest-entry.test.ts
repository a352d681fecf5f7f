import { expect, test } from 'vitest';
import { codesOf, STAGES, Story } from '../../support/workflow-story.ts';

/** A reading into whose middle the move fell: the stage from before it, the history from after it. */
function tornAfter(story: Story, status: 'active' | 'archived' = 'active') {
  story.enter('review').look();
  const { stage } = story.pass(60).world;
  return { ...story.enter('test').world, stage, status };
}

test('the newest entry is not taken for left again by a reading that does not say where the candidate is', () => {
  const story = new Story();
  expect(story.look(tornAfter(story))).toEqual([]);
  expect(codesOf(story.look())).toEqual(['sent-on-stage-entry']);
  expect(story.look()).toEqual([]);
});

test('those before it are, and it is itself once another follows', () => {
  const story = new Story();
  const torn = tornAfter(story);
  const [entry] = torn.stageEntries.slice(-1);
  const nowhere = story.pass(60).enter('live').world;
  expect(codesOf(story.look({ ...nowhere, stage: { id: 'review', name: STAGES.review } }))).toEqual(['not-sent-left-stage']);
  expect(story.state.decidedEntries.at(-1)).toBe(entry?.key);
});

test('of whom the ATS has closed nothing newer is to be waited for: Greenhouse may tell no stage of them', () => {
  const story = new Story();
  expect(codesOf(story.look(tornAfter(story, 'archived')))).toContain('not-sent-not-active');
});
