import { describe, expect, test } from 'vitest';
import type { ReasonCode } from '../../../../lib/domain/reason.ts';
import type { VendorResult } from '../../../../lib/domain/result.ts';
import { reasonWords } from '../../../../server/http/reason-words.ts';
import type { Policy } from '../../../../server/workflow/policy.ts';
import { codesOf, Story } from '../../../support/workflow-story.ts';

const ON: Policy['rules'] = { sendOnStageEntry: true, cancelOnLeaving: true, advanceOnPass: true };

function invited(policy: Partial<Policy> = {}): Story {
  const story = new Story({ policy: { rules: ON, ...policy } }).enter('test');
  story.look();
  story.confirmSent();
  return story;
}

const moves = (story: Story) => story.effects.filter((effect) => effect.kind === 'move-to-stage');

describe('a result comes in while "move on after a pass" is on', () => {
  test('a pass moves the candidate to the next stage, once', () => {
    const story = invited();
    expect(codesOf([story.result()])).toEqual(['result-reported', 'advanced-on-pass']);
    expect(moves(story)).toMatchObject([{ fromStageId: 'test', toStageId: 'onsite' }]);
    story.result({ score: { value: 90, max: 100 } });
    expect(moves(story)).toHaveLength(1);
  });

  test('exactly the mark is a pass', () => {
    expect(codesOf([invited().result({ score: { value: 7, max: 10 } })])).toContain('advanced-on-pass');
  });

  test.each<[string, Partial<VendorResult>, ReasonCode]>([
    ['below the mark', { score: { value: 69, max: 100 } }, 'not-advanced-not-passed'],
    ['below the mark by half a percent', { score: { value: 69.5, max: 100 } }, 'not-advanced-not-passed'],
    ['flagged by the integrity check', { integrity: { status: 'flagged', signals: ['pasted'] } }, 'not-advanced-flagged'],
    [
      'of which only a person can say whether it is clear',
      { integrity: { status: 'flagged', level: 'unknown', signals: ['Suspicion: odd'] } },
      'not-advanced-flagged',
    ],
    ['while the integrity check runs', { integrity: { status: 'pending', signals: [] } }, 'not-advanced-flagged'],
    ['only claimed by a webhook', { verified: false }, 'not-advanced-unverified'],
    ['provisional', { status: 'provisional' }, 'not-advanced-unverified'],
    ['without score and thumb', { score: null }, 'not-advanced-no-verdict'],
    ['with the thumb down', { score: null, verdict: 'down' }, 'not-advanced-not-passed'],
  ])('%s: the candidate stays', (_what, result, code) => {
    const story = invited();
    expect(codesOf([story.result(result)])).toContain(code);
    expect(moves(story)).toEqual([]);
  });

  test('the thumb of a reviewer counts where there is no score', () => {
    expect(codesOf([invited().result({ score: null, verdict: 'up' })])).toContain('advanced-on-pass');
  });

  test.each<[string, Partial<VendorResult>, string]>([
    ['a score', {}, 'Not moved on: Senior SWE has a score, but no pass mark says what is enough.'],
    [
      'a score and the thumb up',
      { verdict: 'up' },
      'Not moved on: Senior SWE has a score, but no pass mark says what is enough.',
    ],
    [
      'neither a score nor the thumb',
      { score: null },
      'Not moved on: the result of Senior SWE has neither a score nor a recommendation.',
    ],
  ])('without a mark, %s says nothing, and the sentence is true', (_what, result, sentence) => {
    const story = invited();
    story.policy = { ...story.policy, assessments: story.policy.assessments.map((one) => ({ ...one, passMark: null })) };
    expect(story.result(result).reasons.map(reasonWords)).toContain(sentence);
    expect(moves(story)).toEqual([]);
  });

  test.each<[string, (story: Story) => unknown]>([
    ['has moved', (story) => story.enter('onsite').look()],
    ['is archived', (story) => story.end('archived').look()],
    ['left and came back, which is another entry', (story) => story.pass(5).enter('review').pass(5).enter('test').look()],
  ])('the candidate %s: nothing is moved', (_what, change) => {
    const story = invited();
    change(story);
    expect(codesOf([story.result()])).toContain('not-advanced-left-stage');
    expect(moves(story)).toEqual([]);
  });

  test('no stage is set as the next: it says so and offers the settings', () => {
    const story = invited({ moveTarget: null });
    expect(story.result().reasons[1]).toMatchObject({ code: 'not-advanced-no-target', mend: { kind: 'open-settings' } });
  });

  test('another invitation of the same stage entry is open: the pass waits for it', () => {
    const story = invited();
    story.click({ assessmentId: 'assessment-data' });
    const first = story.state.invitations[0]?.id;
    expect(codesOf([story.result({}, first)])).toContain('not-advanced-other-open');
    story.pass(10).look();
    story.confirmSent();
    expect(codesOf([story.result()])).toContain('advanced-on-pass');
  });

  test('another invitation of the same stage entry was not passed: the candidate stays', () => {
    const story = invited();
    story.click({ assessmentId: 'assessment-data' });
    story.pass(10).look();
    story.confirmSent();
    story.result({ score: { value: 10, max: 100 } });
    expect(codesOf([story.result({}, story.state.invitations[0]?.id)])).toContain('not-advanced-other-open');
  });

  test('it was sent by a person from another stage: the pass moves nobody', () => {
    const story = new Story({ policy: { rules: ON } }).enter('review');
    story.look();
    story.click();
    story.pass(10).look();
    story.confirmSent();
    expect(codesOf([story.result()])).toContain('not-advanced-left-stage');
  });
});

describe('a pass while the stages of the ATS cannot be read', () => {
  const waiting = () => {
    const story = invited({ moveTarget: 'unknown' });
    const said = codesOf([story.result()]);
    return { story, said };
  };
  const known = (story: Story) => {
    story.policy = { ...story.policy, moveTarget: { stageId: 'onsite', name: 'Onsite' } };
  };

  test('the result is there at once, and the candidate is moved as soon as they can be, once', () => {
    const { story, said } = waiting();
    expect(said).toEqual(['result-reported', 'not-advanced-yet']);
    expect(story.last.state).toBe('scored');
    expect(moves(story)).toEqual([]);
    known(story);
    expect(codesOf(story.pass(29).look())).toEqual([]);
    expect(codesOf(story.pass(1).look())).toContain('advanced-on-pass');
    story.pass(3600).look();
    expect(moves(story)).toMatchObject([{ fromStageId: 'test', toStageId: 'onsite' }]);
  });

  test('is looked at ever more seldom, and after an hour it is for a person, with a reason that is true and no wrong mend', () => {
    const { story } = waiting();
    const said = Array.from({ length: 90 }, () => story.pass(60).look()).flat();
    const codes = codesOf(said).filter((code) => code !== 'reminder-due');
    expect(codes.at(-1)).toBe('not-advanced-stages-unread');
    expect(codes.slice(0, -1).every((code) => code === 'advance-still-waits')).toBe(true);
    expect(codes.length).toBeLessThan(10);
    expect(said.flatMap(({ reasons }) => reasons).some(({ mend }) => mend)).toBe(false);
    known(story);
    story.pass(60).look();
    expect(moves(story)).toEqual([]);
  });

  test.each<[string, (story: Story) => unknown, ReasonCode]>([
    ['the candidate has moved', (story) => story.enter('onsite').look(), 'not-advanced-left-stage'],
    ['the result was declared invalid', (story) => story.result({ status: 'voided' }), 'not-advanced-voided'],
  ])('%s meanwhile: nobody is moved', (_what, happens, code) => {
    const { story } = waiting();
    const said = codesOf([happens(story)].flat() as Parameters<typeof codesOf>[0]);
    known(story);
    expect([...said, ...codesOf(story.pass(120).look())]).toContain(code);
    expect(moves(story)).toEqual([]);
  });

  test('the rule was switched off meanwhile: nobody is moved, which is said, and nothing waits any more', () => {
    const { story } = waiting();
    known(story);
    story.policy = { ...story.policy, rules: { ...ON, advanceOnPass: false } };
    expect(codesOf(story.pass(120).look())).toContain('not-advanced-rule-off');
    expect(moves(story)).toEqual([]);
    expect(story.state.waitingMove).toBeNull();
  });
});

test('with the rule off a pass moves nobody', () => {
  const story = invited({ rules: { ...ON, advanceOnPass: false } });
  expect(codesOf([story.result()])).toEqual(['result-reported']);
});
