import { describe, expect, test } from 'vitest';
import type { SendFate } from '../../../server/workflow/event.ts';
import { BEN, codesOf, Story } from '../../support/workflow-story.ts';

/** A recruiter's invitation that is held. */
function held(): Story {
  const story = new Story().enter('review');
  story.look();
  story.click();
  return story;
}
const takeBack = (story: Story, fate: SendFate) =>
  codesOf([story.happen({ type: 'invitation.taken-back', actionId: 'taken', by: BEN, fate })]);
const ofLast = (story: Story, undid = false): SendFate => ({ kind: 'invitation', invitationId: story.last.id, undid });

describe('a send is taken back by its click', () => {
  test('that was called off: nothing happens to it, and it is said on the send', () => {
    const story = new Story().enter('review');
    story.look();
    expect(codesOf([story.happen({ type: 'invitation.called-off', actionId: 'sent', by: BEN })])).toEqual(['send-called-off']);
    expect(takeBack(story, { kind: 'called-off' })).toEqual(['already-called-off']);
    expect(story.state.invitations).toEqual([]);
  });

  test('and is held: undone, and it never goes out', () => {
    const story = held();
    expect(takeBack(story, ofLast(story))).toEqual(['send-undone']);
    expect(story.last.state).toBe('undone');
    story.pass(10).look();
    expect(story.effects).toEqual([]);
  });

  test('and was undone with the click: said so', () => {
    const story = held();
    takeBack(story, ofLast(story));
    expect(takeBack(story, ofLast(story, true))).toEqual(['send-undone']);
  });

  test('and was undone by somebody else before: nothing was left to undo', () => {
    const story = held();
    story.happen({ type: 'invitation.undone', invitationId: story.last.id, by: BEN });
    expect(takeBack(story, ofLast(story))).toEqual(['undo-not-needed']);
  });

  test('and is on its way, or out: too late, and it stays as it is', () => {
    const story = held();
    story.pass(10).look();
    expect(takeBack(story, ofLast(story))).toEqual(['not-undone']);
    expect(story.last.state).toBe('sending');
    story.confirmSent();
    expect(takeBack(story, ofLast(story))).toEqual(['not-undone']);
    expect(story.last.state).toBe('sent');
  });

  test('and surely reached nobody: nothing was left to undo', () => {
    const story = held();
    story.pass(10).look();
    const trouble = { code: 'invitation-failed', values: { detail: 'no such test.' } };
    story.happen({ type: 'invitation.failed', invitationId: story.last.id, trouble });
    expect(takeBack(story, ofLast(story))).toEqual(['undo-not-needed']);
    expect(story.last.state).toBe('failed');
  });

  test('and was refused, or only added a tag: said so', () => {
    const story = held();
    expect(takeBack(story, { kind: 'nothing' })).toEqual(['undo-not-needed']);
    expect(takeBack(story, { kind: 'only-tag', tag: 'Senior SWE' })).toEqual(['not-undone-tag']);
    expect(story.last.state).toBe('held');
  });
});
