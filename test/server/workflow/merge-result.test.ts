import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VendorResult } from '../../../lib/domain/result.ts';
import { codesOf, makeResult, Story } from '../../support/workflow-story.ts';

/** What Coderbyte's webhooks claim: one thing at a time, and never a score. */
const CLAIM = { verified: false, score: null, integrity: { status: 'not evaluated' as const, signals: [] } };
const COMPLETED = { ...CLAIM, timeExpired: true };
const thumb = (verdict: 'up' | 'down', comment?: string) => ({ ...CLAIM, verdict, ...(comment && { comment }) });
const comment = (text: string) => ({ ...CLAIM, status: 'provisional' as const, comment: text });

function sent(): Story {
  const story = new Story().enter('test');
  story.look();
  story.confirmSent();
  return story;
}
const notes = (story: Story) =>
  story.effects.flatMap((effect) =>
    effect.kind === 'write-note' && effect.note.about === 'result' ? [effect.note.version] : [],
  );
/** A person enters what they saw in the report. */
const enter = (story: Story, changes: Partial<VendorResult> = {}) =>
  story.result({ enteredBy: 'Ben', integrity: { status: 'not evaluated', signals: [] }, reportUrl: null, ...changes });

describe('webhooks that claim one thing at a time', () => {
  test('a thumb joins the result that is there, and a repeat of either takes nothing away', () => {
    const story = sent();
    story.result(COMPLETED);
    story.result(thumb('up'));
    expect(story.last.result).toMatchObject({ version: 2, verdict: 'up', timeExpired: true });
    for (const repeat of [COMPLETED, thumb('up'), CLAIM]) {
      expect(codesOf([story.result(repeat)])).toEqual(['result-unchanged']);
      expect(story.last.result).toMatchObject({ version: 2, verdict: 'up', timeExpired: true });
    }
    expect(notes(story)).toEqual([1, 2]);
  });

  test('a thumb that is turned is a new version', () => {
    const story = sent();
    story.result(thumb('up'));
    story.result(thumb('down'));
    expect(story.last.result).toMatchObject({ version: 2, verdict: 'down' });
  });

  test('the score that a person entered stays when the thumb comes, and the other way round', () => {
    const first = sent();
    first.result(COMPLETED);
    enter(first);
    first.result(thumb('up'));
    const second = sent();
    second.result({ ...COMPLETED, ...thumb('up') });
    enter(second);
    for (const { last } of [first, second]) {
      expect(last.result).toMatchObject({
        score: { value: 84 },
        verdict: 'up',
        claimedVerdict: true,
        verified: true,
        timeExpired: true,
        enteredBy: 'Ben',
        reportUrl: 'https://coderbyte.com/report/1',
      });
    }
  });

  test('a thumb that is only claimed can be turned, but never takes the place of one that a person entered', () => {
    const story = sent();
    enter(story, { score: null });
    story.result(thumb('up'));
    story.result(thumb('down'));
    expect(story.last.result).toMatchObject({ verdict: 'down', claimedVerdict: true });
    const entered = sent();
    enter(entered, { score: null, verdict: 'up' });
    entered.result({ ...thumb('down'), reportUrl: null });
    expect(entered.last.result).toMatchObject({ version: 1, verdict: 'up' });
  });

  test('a claimed thumb on an entered result without a score moves nobody', () => {
    const story = new Story({ policy: { rules: { sendOnStageEntry: true, cancelOnLeaving: true, advanceOnPass: true } } });
    story.enter('test').look();
    story.confirmSent();
    enter(story, { score: null });
    expect(codesOf([story.result(thumb('up'))])).toContain('not-advanced-unverified');
    expect(story.effectKinds).not.toContain('move-to-stage');
  });

  test('what the vendor’s API says is the whole truth, but for the comment and the thumb that only a webhook tells', () => {
    const story = sent();
    story.result(thumb('down', 'Ask about joins'));
    story.result({ verdict: null });
    const claimed = { verdict: 'down', claimedVerdict: true };
    expect(story.last.result).toMatchObject({ score: { value: 84 }, ...claimed, verified: true, comment: 'Ask about joins' });
    story.result({ verdict: null });
    expect(story.last.result?.version).toBe(2);
    story.result({ verdict: 'up' });
    expect(story.last.result).toMatchObject({ version: 3, verdict: 'up' });
    expect(story.last.result).not.toHaveProperty('claimedVerdict');
    story.result({ verdict: null });
    expect(story.last.result).toMatchObject({ version: 4, verdict: null });
  });
});

describe('that the clock ran out', () => {
  const by = { kind: 'vendor' as const, vendor: 'Coderbyte' };
  const submitted = (story: Story, timeExpired?: true) =>
    story.happen({
      type: 'progress.reported',
      invitationId: story.last.id,
      by,
      state: 'submitted',
      verified: true,
      startedAt: null,
      submittedAt: null,
      ...(timeExpired && { timeExpired }),
    });

  test.each(['at once', 'after another message'])('told before there is a result, %s, stands in the result', (when) => {
    const story = sent();
    if (when !== 'at once') submitted(story);
    expect(codesOf([submitted(story, true)])).toEqual(['invitation-submitted']);
    expect(codesOf([submitted(story, true)])).toEqual(['late-report-dropped']);
    story.result();
    expect(story.last.result).toMatchObject({ version: 1, timeExpired: true });
    expect(codesOf([story.result()])).toEqual(['result-unchanged']);
  });

  test('is not taken back by a report that does not speak of it', () => {
    const story = sent();
    story.result({ timeExpired: true });
    story.result({ timeExpired: false, verdict: 'up' });
    expect(story.last.result).toMatchObject({ verdict: 'up', timeExpired: true });
  });
});

describe('a reviewer’s comment', () => {
  test('before there is a result is none: nobody is through because of it', () => {
    const story = sent();
    story.report('started');
    expect(codesOf([story.result(comment('Looks promising'))])).toEqual(['result-unchanged']);
    expect(story.last).toMatchObject({ state: 'started', result: null });
  });

  test('while the report is awaited shows that there is one to look at', () => {
    const story = sent();
    story.report('submitted', false);
    story.result(comment('Looks promising'));
    expect(story.last).toMatchObject({ state: 'scored', result: { status: 'provisional', comment: 'Looks promising' } });
  });

  test('joins the result without another note; in notes only where an admin switched that on', () => {
    const quiet = sent();
    quiet.result(COMPLETED);
    quiet.result(comment('Ask about joins'));
    expect(quiet.last.result).toMatchObject({ version: 2, comment: 'Ask about joins', status: 'final' });
    expect(notes(quiet)).toEqual([1]);
    const told = sent();
    told.policy = { ...told.policy, commentsInNotes: ['vendor-1'] };
    told.result(COMPLETED);
    told.result(comment('Ask about joins'));
    expect(notes(told)).toEqual([1, 2]);
    expect(told.effects.at(-1)).toMatchObject({ note: { withComment: true } });
  });
});

test('over any order and any repeats of claims nothing that was told is lost, and no score is made up', () => {
  const claim = fc.constantFrom(COMPLETED, CLAIM, thumb('up'), comment('a'), { ...CLAIM, reportUrl: 'https://coderbyte.com/2' });
  fc.assert(
    fc.property(fc.array(claim, { minLength: 1, maxLength: 12 }), fc.nat(11), (claims, at) => {
      const story = sent();
      story.result({ ...CLAIM, reportUrl: null });
      claims.forEach((one, index) => {
        if (index === at) enter(story);
        story.result({ reportUrl: null, ...one });
      });
      const { result } = story.last;
      const all: Partial<VendorResult>[] = claims;
      expect(result?.verdict).toBe(all.some((one) => one.verdict === 'up') ? 'up' : null);
      expect(result?.timeExpired).toBe(all.some((one) => one.timeExpired === true));
      expect(result?.score ?? null).toEqual(at < claims.length ? makeResult().score : null);
      expect(result?.comment).toBe(all.some((one) => one.comment) ? 'a' : undefined);
    }),
  );
});
