import { describe, expect, test } from 'vitest';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import { DEFAULT_RULES, NOTHING_WRITTEN } from '../../../server/workflow/policy.ts';
import { isNews, isOverThere } from '../../../server/workflow/take-report.ts';
import { BEN, codesOf, makeAssessment, makeResult, Story } from '../../support/workflow-story.ts';

function sent(): Story {
  const story = new Story().enter('test');
  story.look();
  story.confirmSent();
  return story;
}

const notes = (story: Story) => story.effects.filter((effect) => effect.kind === 'write-note').map((effect) => effect.key);

describe('what a vendor reports', () => {
  test('moves an invitation forward through its life', () => {
    const story = sent();
    expect(codesOf([story.report('started'), story.report('submitted'), story.result()])).toEqual([
      'invitation-started',
      'invitation-submitted',
      'result-reported',
    ]);
    expect(story.last).toMatchObject({ state: 'scored', result: { version: 1, score: { value: 84, max: 100 } } });
  });

  test('late never moves it back', () => {
    const story = sent();
    story.result();
    expect(codesOf([story.report('started'), story.report('submitted')])).toEqual(['late-report-dropped', 'late-report-dropped']);
    expect(story.last.state).toBe('scored');
  });

  test('without a proof is marked as not verified', () => {
    const story = sent();
    expect(codesOf([story.report('started', false)])).toEqual(['invitation-started-unverified']);
    expect(story.last.unverified).toBe(true);
    expect(codesOf([story.result({ verified: false })])).toEqual(['result-reported-unverified']);
  });

  test('before its own answer to the invitation arrives counts, and the note is written once', () => {
    const story = new Story().enter('test');
    story.look();
    story.report('started');
    story.confirmSent();
    expect(story.last).toMatchObject({ state: 'started', externalId: 'ext-1' });
    expect(notes(story)).toHaveLength(1);
  });

  test('about an invitation that still waits in its hold is about an earlier one, and changes nothing', () => {
    const story = new Story();
    story.click();
    expect(codesOf([story.report('started')])).toEqual(['late-report-dropped']);
    expect(codesOf([story.result()])).toEqual(['not-saved']);
    expect(story.last).toMatchObject({ state: 'held', result: null });
  });

  test('in a word of its own is shown as that word, once for each, and moves nothing', () => {
    const story = sent();
    const say = (says: string) => {
      const by = { kind: 'vendor' as const, vendor: 'Adaface' };
      const times = { startedAt: null, submittedAt: null };
      return story.happen({
        ...times,
        type: 'progress.reported',
        invitationId: story.last.id,
        by,
        state: 'sent',
        verified: true,
        says,
      });
    };
    expect(codesOf([say('sent')])).toEqual(['late-report-dropped']);
    expect(say('on hold').reasons).toMatchObject([{ code: 'vendor-says', values: { says: 'on hold', by: 'Adaface' } }]);
    expect(story.last).toMatchObject({ state: 'sent', options: { vendorSays: 'on hold' } });
    expect(codesOf([say('on hold'), say('parked'), say('sent')])).toEqual(['late-report-dropped', 'vendor-says', 'vendor-says']);
    story.result();
    expect(codesOf([say('on hold')])).toEqual(['late-report-dropped']);
  });

  test('about nobody we know changes nothing', () => {
    expect(codesOf([new Story().report('started', true, 'unknown')])).toEqual(['late-report-dropped']);
  });
});

describe('that the vendor has it', () => {
  const lost = (handover: Invitation['handover'], isUnconfirmed = false) => {
    const story = new Story({ policy: { assessments: [makeAssessment({ handover })] } }).enter('test');
    story.look();
    const trouble = { code: 'invitation-unconfirmed', values: { detail: 'the answer was lost.' } };
    if (isUnconfirmed) story.happen({ type: 'invitation.unconfirmed', invitationId: story.last.id, trouble });
    return story;
  };

  test.each([false, true])('proves where it writes the e-mail itself that this went out (unconfirmed: %s)', (isUnconfirmed) => {
    const story = lost('vendor e-mail', isUnconfirmed);
    expect(codesOf([story.report('sent')])).toEqual(['invitation-sent']);
    expect(story.last.state).toBe('sent');
    expect(notes(story)).toHaveLength(1);
  });

  test.each(['our e-mail', 'copy link'] as const)('says nothing of what we hand over ourselves (%s)', (handover) => {
    for (const isUnconfirmed of [false, true]) {
      const story = lost(handover, isUnconfirmed);
      expect(codesOf([story.report('sent')])).toEqual(['late-report-dropped']);
      expect(story.last).toMatchObject({ state: isUnconfirmed ? 'unconfirmed' : 'sending', sentAt: null });
      expect(notes(story)).toEqual([]);
    }
  });

  test('hides no failure of our own e-mail', () => {
    const story = lost('our e-mail');
    story.report('sent');
    const trouble = { code: 'invitation-failed', values: { detail: 'the mailbox is full.' } };
    const failed = story.happen({ type: 'invitation.failed', invitationId: story.last.id, trouble });
    expect(codesOf([failed])).toEqual(['invitation-failed']);
    expect(story.last.state).toBe('failed');
  });

  test.each(['started', 'submitted', 'scored'] as const)('is not asked where it says that it was %s', (state) => {
    const story = lost('our e-mail', true);
    story.report(state);
    expect(story.last).toMatchObject({ state, sentAt: expect.any(String) });
    expect(notes(story)).toHaveLength(1);
  });
});

describe('a new version of a result', () => {
  const flagged = { status: 'flagged' as const, signals: ['Plagiarism: Detected'] };

  test('that differs in the integrity check alone is kept beside the first, marked with why, and noted', () => {
    const story = sent();
    story.result();
    story.result({ integrity: flagged });
    expect(story.last.result).toMatchObject({ version: 2, revision: { because: 'integrity' }, integrity: flagged });
    expect(notes(story)).toHaveLength(3);
  });

  test('told once more is no third one, though what is kept says why it was revised', () => {
    const story = sent();
    story.result();
    story.result({ integrity: flagged });
    expect(codesOf([story.result({ integrity: flagged })])).toEqual(['result-unchanged']);
    expect(story.last.result?.version).toBe(2);
  });

  test('that the vendor declares invalid moves nobody, and says so', () => {
    const story = new Story({ policy: { rules: { ...DEFAULT_RULES, advanceOnPass: true } } }).enter('test');
    story.look();
    story.confirmSent();
    expect(codesOf([story.result({ status: 'voided' })])).toContain('not-advanced-voided');
    expect(story.effectKinds).not.toContain('move-to-stage');
  });
});

describe('results', () => {
  test('the same one again changes nothing, whenever it was reported', () => {
    const story = sent();
    story.result();
    expect(codesOf([story.result({ reportedAt: '2026-04-01T00:00:00.000Z' })])).toEqual(['result-unchanged']);
    expect(story.last.result?.version).toBe(1);
    expect(notes(story)).toHaveLength(2);
  });

  test('the same one under a link that only opens it anew is no other: the newest link is kept, and nothing is written', () => {
    const link = (token: string, path = 'r/1') => ({ reportUrl: `https://app.codesignal.com/${path}?accessToken=${token}` });
    const pending = { integrity: { status: 'pending' as const, signals: [] } };
    const story = new Story({ policy: { writeBack: { ...NOTHING_WRITTEN, reportLink: true } } }).enter('test');
    story.look();
    story.confirmSent();
    story.result({ ...link('one'), ...pending });
    const before = story.effects.length;
    const told = { invitationId: story.last.id, by: BEN, snapshot: null, freshId: 'fresh' };
    const again = makeResult({ ...link('two'), ...pending });
    expect(isNews(story.state, { ...told, type: 'result.reported', result: again })).toBe(false);
    expect(codesOf([story.result(again)])).toEqual(['result-unchanged']);
    expect(story.last.result).toMatchObject({ version: 1, ...link('two') });
    expect(story.effects).toHaveLength(before);
    const { last } = story;
    story.result(again);
    expect(story.last).toBe(last);
    // What comes with news is no reason to write the link anew either.
    story.result(link('three'));
    expect(story.last.result).toMatchObject({ version: 2, ...link('three') });
    expect(story.effects.slice(before).map(({ kind }) => kind)).toEqual(['write-note']);
    story.result(link('three', 'r/2'));
    expect(story.last.result).toMatchObject({ version: 3, ...link('three', 'r/2') });
  });

  test.each([
    ['?id=111', '?id=222'],
    ['?id=111&token=a', '?id=222&token=a'],
    ['#/report/111', '#/report/222'],
  ])('a link to another page is another, also where the page is named behind the path: %s and %s', (one, other) => {
    const story = sent();
    story.result({ reportUrl: `https://reports.example/view${one}` });
    story.result({ reportUrl: `https://reports.example/view${other}` });
    expect(story.last.result).toMatchObject({ version: 2, reportUrl: `https://reports.example/view${other}` });
  });

  test('a link where there was none, and none where there was one, are another', () => {
    const story = sent();
    story.result({ reportUrl: null });
    story.result();
    story.result({ reportUrl: null });
    expect(story.last.result).toMatchObject({ version: 3, reportUrl: null });
  });

  test('a different one becomes the next version, with a note of its own', () => {
    const story = sent();
    story.result();
    story.result({ score: { value: 60, max: 100 } });
    expect(story.last.result).toMatchObject({ version: 2, score: { value: 60 } });
    expect(notes(story)).toEqual([
      expect.stringContaining(':sent:1'),
      expect.stringContaining(':result:1'),
      expect.stringContaining(':result:2'),
    ]);
  });

  test('a claim never replaces what is verified', () => {
    const story = sent();
    story.result();
    expect(codesOf([story.result({ verified: false, score: { value: 1, max: 100 } })])).toEqual(['result-unchanged']);
  });

  test.each(['cancelled', 'expired'] as const)('of an invitation that was %s still counts', (state) => {
    const story = sent();
    story.report(state);
    expect(codesOf([story.result()])).toEqual(['result-reported']);
    expect(story.last.state).toBe('scored');
  });

  test('of one whose sending failed for all we knew still count', () => {
    const story = new Story().enter('test');
    story.look();
    story.happen({ type: 'invitation.failed', invitationId: story.last.id, trouble: { code: 'invitation-failed', values: {} } });
    story.result();
    expect(story.last).toMatchObject({ state: 'scored', trouble: null });
  });

  test('entered by a person are named so', () => {
    const story = sent();
    const result = makeResult({ enteredBy: 'Ben', score: null, rating: 'Strong' });
    const told = story.happen({ type: 'result.reported', invitationId: story.last.id, by: BEN, result });
    expect(codesOf([told])).toEqual(['result-entered']);
  });
});

describe('the deadline passes', () => {
  test('what nobody began expires', () => {
    const story = sent();
    expect(codesOf(story.pass(7 * 86_400).look())).toEqual(['invitation-expired']);
    expect(story.last.state).toBe('expired');
  });

  test('the vendor’s proven word that it is over there is kept, once; progress is none any more', () => {
    const story = sent();
    story.pass(7 * 86_400).look();
    expect(codesOf([story.report('started'), story.report('expired', false)])).toEqual([
      'late-report-dropped',
      'late-report-dropped',
    ]);
    expect(isOverThere(story.last)).toBe(false);
    expect(codesOf([story.report('expired'), story.report('expired')])).toEqual(['vendor-says', 'late-report-dropped']);
    expect(story.last.state).toBe('expired');
    expect(isOverThere(story.last)).toBe(true);
  });

  test('the vendor may say it first, and then that is its word; a claim is none', () => {
    const [proven, claimed] = [sent(), sent()];
    proven.report('expired');
    claimed.report('expired', false);
    expect([proven, claimed].map(({ last }) => [last.state, isOverThere(last)])).toEqual([
      ['expired', true],
      ['expired', false],
    ]);
  });

  test('a result that comes late, while another one is out, is of the first alone', () => {
    const story = sent();
    const first = story.last.id;
    story.pass(7 * 86_400).look();
    story.click({ retake: true });
    story.pass(10).look();
    story.confirmSent();
    const { last: second } = story;
    expect(codesOf([story.result({}, first)])).toEqual(['result-reported']);
    expect(story.state.invitations.map(({ id, state }) => [id, state])).toEqual([
      [first, 'scored'],
      [second.id, 'sent'],
    ]);
    expect(story.last).toEqual(second);
  });

  test('what somebody has started is in the hands of the vendor', () => {
    const story = sent();
    story.report('started');
    expect(story.pass(30 * 86_400).look()).toEqual([]);
  });

  test('also while the application cannot be seen', () => {
    const story = sent();
    story.lookInVain();
    expect(codesOf(story.pass(7 * 86_400).lookInVain())).toEqual(['invitation-expired']);
    expect(story.lookInVain()).toEqual([]);
  });
});

describe('effects that fail', () => {
  test('a sending that failed is closed, says why, and offers to send again', () => {
    const story = new Story().enter('test');
    story.look();
    const trouble = { code: 'invitation-failed', values: { detail: 'no credits left.' } };
    const told = story.happen({ type: 'invitation.failed', invitationId: story.last.id, trouble });
    expect(told.reasons).toMatchObject([
      { code: 'invitation-failed', values: { detail: 'no credits left.' }, mend: { kind: 'send-again' } },
    ]);
    story.happen({ type: 'retry.requested', invitationId: story.last.id, by: BEN });
    expect(story.effects.filter((effect) => effect.kind === 'send-invitation').map((effect) => effect.key)).toEqual([
      `send:${story.last.id}:1`,
      `send:${story.last.id}:2`,
    ]);
  });

  test('one that was in the way at the vendor is not offered to be sent again among what happened', () => {
    const story = new Story().enter('test');
    story.look();
    const trouble = { code: 'invitation-failed', values: { detail: 'invited there by hand.', about: 'outside' } };
    const { reasons } = story.happen({ type: 'invitation.failed', invitationId: story.last.id, trouble });
    expect(reasons).toMatchObject([{ code: 'invitation-failed' }]);
    expect(reasons[0]?.mend).toBeUndefined();
  });

  test('a failed one cannot be sent again while another is open', () => {
    const story = new Story().enter('test');
    story.look();
    const first = story.last.id;
    story.happen({ type: 'invitation.failed', invitationId: first, trouble: { code: 'invitation-failed', values: {} } });
    story.click();
    expect(codesOf([story.happen({ type: 'retry.requested', invitationId: first, by: BEN })])).toEqual(['not-sent-already-open']);
  });

  test('a late failure does not undo what the vendor has proved', () => {
    const story = new Story().enter('test');
    story.look();
    story.report('started');
    const trouble = { code: 'invitation-failed', values: {} };
    expect(codesOf([story.happen({ type: 'invitation.failed', invitationId: story.last.id, trouble })])).toEqual([
      'late-report-dropped',
    ]);
    expect(story.last.state).toBe('started');
  });
});
