import { describe, expect, test } from 'vitest';
import { codesOf, START, Story } from '../../support/workflow-story.ts';

const at = (seconds: number) => new Date(START.getTime() + seconds * 1000).toISOString();

describe('the data are those of an older backup', () => {
  test('whoever entered before it was restored is not invited by itself, and has a button', () => {
    const story = new Story({ policy: { restoredAt: at(60) } }).enter('test').pass(120);
    const [decision] = story.look();
    expect(decision?.reasons).toEqual([
      expect.objectContaining({ code: 'not-sent-before-restore', values: { stage: 'Test' }, mend: { kind: 'send-now' } }),
    ]);
    expect(story.effects).toEqual([]);
  });

  test('whoever has left the stage again has none', () => {
    const story = new Story({ policy: { restoredAt: at(60) } }).enter('test').pass(30).enter('onsite').pass(60);
    expect(story.look().flatMap(({ reasons }) => reasons)).toContainEqual({
      code: 'not-sent-before-restore',
      values: { stage: 'Test' },
    });
  });

  test('whoever enters afterwards is invited', () => {
    const story = new Story({ policy: { restoredAt: at(60) } }).pass(61).enter('test');
    expect(codesOf(story.look())).toEqual(['sent-on-stage-entry']);
  });

  test('a click is done all the same', () => {
    const story = new Story({ policy: { restoredAt: at(60) } }).enter('test').pass(120);
    story.look();
    expect(codesOf([story.click()])).toEqual(['send-requested']);
  });

  test('a second look for a tag that comes after the restore does not send either', () => {
    const story = new Story({ world: { tags: [] } }).enter('test');
    expect(codesOf(story.look())).toEqual(['looking-again-for-tag']);
    story.policy = { ...story.policy, restoredAt: at(20) };
    story.tag('Senior SWE').pass(31);
    expect(codesOf(story.look())).toEqual(['not-sent-before-restore']);
    expect(story.effects).toEqual([]);
    expect(story.state.tagRecheck).toBeNull();
  });
});
