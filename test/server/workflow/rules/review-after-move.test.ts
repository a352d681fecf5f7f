import { describe, expect, test } from 'vitest';
import { DEFAULT_RULES } from '../../../../server/workflow/policy.ts';
import { BEN, codesOf, DATA, Story } from '../../../support/workflow-story.ts';

const flagged = { status: 'flagged' as const, signals: ['Plagiarism: Detected'] };
const LOW = { score: { value: 55, max: 100 } };

/** Passed with 84 and asked to be moved on by rule. */
function passed(): Story {
  const story = new Story({ policy: { rules: { ...DEFAULT_RULES, advanceOnPass: true } } }).enter('test');
  story.look();
  story.confirmSent();
  story.result();
  return story;
}

function moved(): Story {
  const story = passed();
  tellMove(story, 'effect.done');
  return story.enter('onsite');
}

function tellMove(story: Story, type: 'effect.done' | 'effect.failed'): void {
  const move = story.effects.find(({ kind }) => kind === 'move-to-stage');
  if (!move) throw new Error('nothing was moved');
  const told = { effect: 'move-to-stage' as const, effectKey: move.key, values: { stage: 'Onsite' } };
  story.happen(type === 'effect.done' ? { type, ...told } : { type, ...told, unconfirmed: false });
}

describe('a result that has changed since it moved somebody on', () => {
  test('is put before a person, and nothing is moved back', () => {
    const story = moved();
    const effects = story.effects.length;
    expect(codesOf([story.result(LOW)])).toContain('review-needed');
    const was = { score: { value: 84, max: 100 }, rating: null, verdict: null };
    expect(story.last.review).toEqual({ since: story.now.toISOString(), version: 1, stage: 'Onsite', was });
    expect(story.effects.slice(effects).map(({ kind }) => kind)).toEqual(['write-note']);
  });

  test.each([
    ['the integrity check flags it', { integrity: flagged }],
    ['the vendor declares it invalid', { status: 'voided' as const }],
  ])('is put before a person when %s', (_what, changes) => {
    const story = moved();
    story.result(changes);
    expect(story.last.review).toMatchObject({ version: 1 });
  });

  test('and still passes needs nobody', () => {
    const story = moved();
    expect(codesOf([story.result({ score: { value: 71, max: 100 } })])).not.toContain('review-needed');
    expect(story.last.review ?? null).toBeNull();
  });

  test('is looked at when the move turns out to be done, should the new version have been faster', () => {
    const story = passed();
    story.result(LOW);
    expect(story.last.review ?? null).toBeNull();
    tellMove(story, 'effect.done');
    expect(story.last.review).toMatchObject({ version: 1, stage: 'Onsite' });
  });

  test('needs nobody when the move failed, or was a person’s own', () => {
    const failed = passed();
    tellMove(failed, 'effect.failed');
    failed.result(LOW);
    expect(failed.last.review ?? null).toBeNull();

    const own = new Story().enter('test');
    own.look();
    own.confirmSent();
    own.result();
    own.happen({
      type: 'move.requested',
      actionId: 'a',
      by: BEN,
      toStageId: 'onsite',
      toStageName: 'Onsite',
      fromStageId: 'test',
    });
    tellMove(own, 'effect.done');
    own.result(LOW);
    expect(own.last.review ?? null).toBeNull();
  });

  test('counts for every assessment on which the move rested', () => {
    const story = new Story({ policy: { rules: { ...DEFAULT_RULES, advanceOnPass: true } } }).enter('test');
    story.look();
    story.confirmSent();
    const first = story.last.id;
    story.click({ assessmentId: DATA.id });
    story.pass(11).look();
    story.confirmSent();
    story.result({}, first);
    story.result();
    tellMove(story, 'effect.done');
    story.result(LOW, first);
    expect(story.state.invitations.map(({ review }) => review?.version ?? null)).toEqual([1, null]);
  });
});

describe('a person who has checked', () => {
  test('is named, and is not asked about the same version again', () => {
    const story = moved();
    story.result(LOW);
    expect(codesOf([story.happen({ type: 'review.closed', invitationId: story.last.id, by: BEN })])).toEqual(['review-closed']);
    story.look();
    story.result(LOW);
    expect(story.last.review).toBeNull();
  });

  test('is asked again about the next version', () => {
    const story = moved();
    story.result(LOW);
    story.happen({ type: 'review.closed', invitationId: story.last.id, by: BEN });
    story.result({ score: { value: 12, max: 100 } });
    expect(story.last.review).toMatchObject({ version: 1 });
  });

  test('is told when there is nothing to check', () => {
    const story = moved();
    expect(codesOf([story.happen({ type: 'review.closed', invitationId: story.last.id, by: BEN })])).toContain('not-to-review');
  });
});
