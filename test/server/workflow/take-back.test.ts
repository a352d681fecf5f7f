import { describe, expect, test } from 'vitest';
import type { SendFate } from '../../../server/workflow/event.ts';
import { DEFAULT_RULES } from '../../../server/workflow/policy.ts';
import { BEN, codesOf, DATA, Story } from '../../support/workflow-story.ts';

/** A recruiter's invitation that is held. */
function held(): Story {
  const story = new Story().enter('review');
  story.look();
  story.click();
  return story;
}
/** It is on its way, and surely does not arrive. */
function fail(story: Story): void {
  const trouble = { code: 'invitation-failed', values: { detail: 'no such test.' } };
  story.happen({ type: 'invitation.failed', invitationId: story.last.id, trouble });
}
function failed(): Story {
  const story = held();
  story.pass(10).look();
  fail(story);
  return story;
}
/** A minute later. */
function correct(story: Story, email: string): void {
  story.pass(60);
  const { id: invitationId } = story.last;
  story.happen({ type: 'correction.requested', actionId: email, invitationId, by: BEN, email });
}
const states = (story: Story) => story.state.invitations.map(({ state }) => state);
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

  test('and surely reached nobody: closed, so that it is not sent again; another time nothing is left to undo', () => {
    const story = failed();
    const sent = ofLast(story);
    story.pass(60);
    expect(takeBack(story, sent)).toEqual(['send-undone']);
    expect(story.last).toMatchObject({ state: 'undone', closedAt: story.now.toISOString() });
    const again = story.happen({ type: 'retry.requested', invitationId: story.last.id, by: BEN });
    expect(codesOf([again])).toEqual(['not-sent-again']);
    expect(takeBack(story, sent)).toEqual(['undo-not-needed']);
  });

  describe('and surely reached nobody, and another took its place', () => {
    test('which is on its way, or out: too late, and it stays as it is', () => {
      const story = failed();
      const sent = ofLast(story);
      correct(story, 'ada@right.example');
      expect(takeBack(story, sent)).toEqual(['not-undone']);
      story.confirmSent();
      expect(takeBack(story, sent)).toEqual(['not-undone']);
      expect(states(story)).toEqual(['undone', 'sent']);
    });

    test('which surely reached nobody either, however often: closed', () => {
      const story = failed();
      const sent = ofLast(story);
      correct(story, 'ada@right.example');
      fail(story);
      correct(story, 'ada@home.example');
      fail(story);
      expect(takeBack(story, sent)).toEqual(['send-undone']);
      expect(states(story)).toEqual(['undone', 'undone', 'undone']);
    });
  });

  test('and was undone, and somebody sends anew, elsewhere: that is another matter', () => {
    const story = held();
    const sent = ofLast(story);
    takeBack(story, sent);
    story.click({ email: 'ada@home.example' });
    expect(takeBack(story, sent)).toEqual(['undo-not-needed']);
    expect(states(story)).toEqual(['undone', 'held']);
  });

  test('and was refused, or only added a tag: said so', () => {
    const story = held();
    expect(takeBack(story, { kind: 'nothing' })).toEqual(['undo-not-needed']);
    expect(takeBack(story, { kind: 'only-tag', tag: 'Senior SWE' })).toEqual(['not-undone-tag']);
    expect(story.last.state).toBe('held');
  });
});

describe('the invitation by which a send is found', () => {
  /** Moved on by a result that would not do any more, which the next that happens finds out. */
  function toReview(): Story {
    const story = new Story({ policy: { rules: { ...DEFAULT_RULES, advanceOnPass: true } } }).enter('test');
    story.look();
    story.confirmSent();
    story.result();
    const [{ key: effectKey } = expect.fail('nothing was moved')] = story.effects.filter(({ kind }) => kind === 'move-to-stage');
    story.happen({ type: 'effect.done', effect: 'move-to-stage', effectKey, values: { stage: 'Onsite' } });
    story.enter('onsite').result({ score: { value: 80, max: 100 } });
    story.policy = { ...story.policy, assessments: story.policy.assessments.map((one) => ({ ...one, passMark: 90 })) };
    return story;
  }

  test('is its own, also where its decision touches another one after it', () => {
    const story = toReview();
    const sent = story.click({ assessmentId: DATA.id });
    expect(codesOf([sent])).toEqual(expect.arrayContaining(['send-requested', 'review-needed']));
    expect(sent.invitationId).toBe(story.last.id);
  });

  test('is none where it was refused, whatever its decision touches', () => {
    const story = toReview();
    const sent = story.click();
    expect(codesOf([sent])).toEqual(expect.arrayContaining(['not-sent-attempted-before', 'review-needed']));
    expect(sent.invitationId).toBeNull();
  });
});
