import { describe, expect, test } from 'vitest';
import { reasonWords } from '../../../../server/http/reason-words.ts';
import { codesOf, Story } from '../../../support/workflow-story.ts';

/** A candidate whose invitation from the assessment stage is out. */
function invited(given: ConstructorParameters<typeof Story>[0] = {}): Story {
  const story = new Story(given).enter('test');
  story.look();
  story.confirmSent();
  return story.pass(60);
}

const cancels = (story: Story) => story.effects.filter((effect) => effect.kind === 'cancel-invitation').length;

describe('a candidate with an open invitation leaves the assessment stage', () => {
  test.each<[string, (story: Story) => Story, string]>([
    ['moved on', (story) => story.enter('onsite'), 'moved'],
    ['rejected', (story) => story.end('archived'), 'archived'],
    ['hired', (story) => story.end('hired'), 'hired'],
  ])('%s: the invitation is cancelled after five minutes, not before', (_what, leave, how) => {
    const story = leave(invited());
    const decisions = story.look();
    expect(codesOf(decisions)).toContain('leaving-grace');
    expect(decisions.at(-1)?.reasons[0]).toMatchObject({ values: { how, minutes: '5' } });
    expect(codesOf(story.pass(299).look())).toEqual([]);
    expect(codesOf(story.pass(1).look())).toEqual(['left-cancelled']);
    expect(cancels(story)).toBe(1);
    expect(story.pass(3600).look()).toEqual([]);
  });

  test('without a grace it is said to be cancelled at once, not in 0 minutes', () => {
    const story = invited({ policy: { leavingGraceMinutes: 0 } });
    const reasons = story
      .enter('onsite')
      .look()
      .flatMap((decision) => decision.reasons);
    expect(reasons.map(({ code }) => code)).toContain('leaving-at-once');
    expect(reasons.map(reasonWords)).toContain('Left the assessment stage. An open invitation is cancelled at once.');
    story.look();
    expect(cancels(story)).toBe(1);
  });

  test('and comes back within the grace: nothing is cancelled', () => {
    const story = invited();
    story.enter('onsite').look();
    story.pass(200).enter('test');
    expect(codesOf(story.look())).toEqual(['not-sent-already-open', 'came-back']);
    expect(story.pass(600).look()).toEqual([]);
    expect(cancels(story)).toBe(0);
  });

  test('and is back when the grace ends, though nobody told us: the re-read decides', () => {
    const story = invited();
    story.end('archived').look();
    story.pass(200).reopen().pass(200);
    expect(codesOf(story.look())).toContain('came-back');
    expect(cancels(story)).toBe(0);
  });

  test.each(['started', 'submitted'] as const)('and has %s it: it is left to a person', (state) => {
    const story = invited();
    story.report(state);
    story.end('archived').look();
    expect(codesOf(story.pass(300).look())).toEqual(['left-started-ask']);
    expect(story.last.state).toBe(state);
    expect(cancels(story)).toBe(0);
  });

  test('and comes back and leaves again after a cancelling that failed: it is cancelled again', () => {
    const story = invited();
    story.enter('onsite').look();
    story.pass(300).look();
    story.happen({ type: 'cancel.failed', invitationId: story.last.id, trouble: { code: 'cancel-failed', values: {} } });
    story.enter('test').look();
    story.pass(60).enter('onsite').look();
    story.pass(300).look();
    expect(cancels(story)).toBe(2);
    expect(new Set(story.effects.map((effect) => effect.key)).size).toBe(story.effects.length);
  });

  test('and its invitation is just being handed over: it is looked at again a minute later', () => {
    const story = new Story().enter('test');
    story.look();
    story.enter('onsite').look();
    expect(codesOf(story.pass(300).look())).toEqual(['left-nothing-open']);
    story.confirmSent();
    expect(codesOf(story.pass(60).look())).toEqual(['left-cancelled']);
  });

  test('and is then rejected: the grace begins again, because that concerns more', () => {
    const story = invited();
    story.enter('onsite').look();
    story.pass(200).end('archived');
    expect(codesOf(story.look())).toEqual(['application-archived', 'leaving-grace']);
    expect(codesOf(story.pass(150).look())).toEqual([]);
    expect(codesOf(story.pass(150).look())).toEqual(['left-cancelled']);
  });

  test('and the rule is off: nothing is cancelled, not even what was waiting', () => {
    const rules = { sendOnStageEntry: true, cancelOnLeaving: false, advanceOnPass: false };
    const off = invited({ policy: { rules } });
    expect(codesOf(off.enter('onsite').look())).not.toContain('leaving-grace');
    const switched = invited();
    switched.enter('onsite').look();
    switched.policy = { ...switched.policy, rules };
    switched.pass(300).look();
    expect(cancels(switched)).toBe(0);
    expect(switched.pass(300).look()).toEqual([]);
  });

  test('into another assessment stage: that is not leaving', () => {
    const story = invited();
    story.enter('live').look();
    expect(codesOf(story.pass(600).look())).toEqual([]);
  });
});

test('what a person sent from another stage ends only with the application', () => {
  const story = new Story().enter('review');
  story.look();
  story.click();
  story.pass(10).look();
  story.confirmSent();
  expect(codesOf(story.enter('onsite').look())).not.toContain('leaving-grace');
  story.end('archived').look();
  expect(codesOf(story.pass(300).look())).toEqual(['left-cancelled']);
});

test('a held invitation is not sent after the grace, nor before', () => {
  const story = new Story({ policy: { holdSeconds: 3600 } }).enter('test').tag();
  story.look();
  story.click();
  story.end('archived').look();
  expect(codesOf(story.pass(300).look())).toEqual(['not-sent-left-stage']);
  expect(story.last.state).toBe('undone');
});

/**
 * "Leaving" of DESIGN section 2 says: moving out of the stage. Of two assessment stages each has its own test, so who is moved on from
 * "Test" to "Live coding" without having begun is not to be kept waiting by the first. But where the tag that is on the candidate
 * asks for the very same test in the new stage, cancelling it there to leave nothing here would be what nobody wants: it goes on.
 */
describe('a candidate is moved from one assessment stage into another', () => {
  test('with the same tag: the open invitation goes on as the new stage’s, and moving on with a pass counts from there', () => {
    const story = invited({ policy: { rules: { sendOnStageEntry: true, cancelOnLeaving: true, advanceOnPass: true } } });
    story.enter('live');
    expect(codesOf(story.look())).toEqual(['not-sent-already-open']);
    expect(story.pass(600).look()).toEqual([]);
    expect(cancels(story)).toBe(0);
    expect(story.state.invitations).toHaveLength(1);
    expect(codesOf([story.result()])).toContain('advanced-on-pass');
  });

  test('with the tag of another test: that one is sent, and the earlier one is cancelled after the grace, it alone', () => {
    const story = invited();
    story.tag('Data take-home').enter('live').look();
    story.confirmSent();
    expect(story.state.invitations.map(({ assessmentName }) => assessmentName)).toEqual(['Senior SWE', 'Data Scientist']);
    expect(codesOf(story.pass(300).look())).toEqual(['left-cancelled']);
    expect(story.effects.filter((effect) => effect.kind === 'cancel-invitation')).toMatchObject([
      { invitationId: story.state.invitations[0]?.id },
    ]);
  });

  test('with both tags: which to send is asked, and the earlier one belongs to the stage that was left', () => {
    const story = invited();
    story.tag('Senior SWE', 'Data take-home').enter('live');
    expect(codesOf(story.look())).toEqual(['not-sent-several-tags', 'leaving-grace']);
  });

  test('and begun in the first: it is left to a person', () => {
    const story = invited();
    story.report('started');
    story.tag('Data take-home').enter('live').look();
    expect(codesOf(story.pass(300).look())).toEqual(['left-started-ask']);
  });
});

test('what a person sends from the next stage is no coming back to the one that was left', () => {
  const story = new Story({ policy: { holdSeconds: 0, automaticHoldSeconds: 20 } });
  story.enter('test');
  story.look();
  story.enter('review');
  story.look();
  story.click({ email: 'x@y.example' });
  story.look();
  story.pass(700_000);
  expect(codesOf(story.look())).toContain('not-sent-left-stage');
  expect(story.look()).toEqual([]);
});

test('who is brought back into another stage has left the one of the invitation, and that is seen at once', () => {
  const story = invited();
  story.end('archived').look();
  story.enter('review').reopen();
  expect(codesOf(story.look())).toEqual(expect.arrayContaining(['came-back', 'leaving-grace']));
  expect(story.look()).toEqual([]);
  expect(codesOf(story.pass(300).look())).toEqual(['left-cancelled']);
});
