import { describe, expect, test } from 'vitest';
import type { VendorResult } from '../../../../lib/domain/result.ts';
import { reasonWords } from '../../../../server/http/reason-words.ts';
import { NOTHING_WRITTEN, type WriteBackSwitches } from '../../../../server/workflow/policy.ts';
import { codesOf, Story } from '../../../support/workflow-story.ts';

const FIELDS = { status: true, score: true };

/** Invited and sent, with this written besides tags and notes. */
function sent(writeBack: Partial<WriteBackSwitches>): Story {
  const story = new Story({ policy: { writeBack: { ...NOTHING_WRITTEN, ...writeBack } } }).enter('test');
  story.look();
  story.confirmSent();
  return story;
}
const asked = (story: Story, kind: string) => story.effects.filter((effect) => effect.kind === kind).map(({ key }) => key);
const progress = (story: Story, state: 'started' | 'submitted' | 'scored' | 'expired') =>
  story.happen({
    type: 'progress.reported',
    invitationId: story.state.invitations[0]?.id ?? '',
    by: { kind: 'vendor', vendor: 'Coderbyte' },
    state,
    verified: true,
    startedAt: null,
    submittedAt: null,
  });
const tails = (keys: string[]) => keys.map((key) => key.split(':').slice(2).join(':'));

describe('the fields', () => {
  test('are asked for at each new state and result, and at nothing else', () => {
    const story = sent(FIELDS);
    progress(story, 'started');
    progress(story, 'started');
    progress(story, 'submitted');
    story.look();
    story.result();
    story.result();
    expect(tails(asked(story, 'write-fields'))).toEqual(['1:sent:0', '1:started:0', '1:submitted:0', '1:scored:1']);
  });

  test('are asked for again at a revised result', () => {
    const story = sent(FIELDS);
    story.result();
    story.result({ score: { value: 91, max: 100 } });
    expect(tails(asked(story, 'write-fields'))).toEqual(['1:sent:0', '1:scored:1', '1:scored:2']);
  });

  test('follow also what nobody reported: a deadline that passes', () => {
    const story = sent(FIELDS);
    const [invitation] = story.state.invitations;
    story.state = {
      ...story.state,
      invitations: story.state.invitations.map((one) => ({ ...one, expiresAt: story.now.toISOString() })),
    };
    story.pass(1);
    story.happen({ type: 'time.passed' });
    expect(tails(asked(story, 'write-fields')).at(-1)).toBe('1:expired:0');
    expect(invitation?.state).toBe('sent');
  });

  test('one that fails, is sent once more and fails again is told each time', () => {
    const story = new Story({ policy: { writeBack: { ...NOTHING_WRITTEN, ...FIELDS } } }).enter('test');
    story.look();
    const invitationId = story.state.invitations[0]?.id ?? '';
    const trouble = { code: 'invitation-failed', values: {} };
    story.happen({ type: 'invitation.failed', invitationId, trouble });
    story.happen({ type: 'retry.requested', invitationId, by: { kind: 'member', memberId: 'm', name: 'Ben' } });
    story.happen({ type: 'invitation.failed', invitationId, trouble });
    expect(tails(asked(story, 'write-fields'))).toEqual(['1:not-sent:0', '2:not-sent:0']);
  });

  test('with a field for the score alone only results count', () => {
    const story = sent({ score: true });
    progress(story, 'started');
    story.result();
    expect(tails(asked(story, 'write-fields'))).toEqual(['1:scored:1']);
  });

  test('with a field for the status alone a revised result changes nothing', () => {
    const story = sent({ status: true });
    story.result();
    story.result({ score: { value: 91, max: 100 } });
    expect(tails(asked(story, 'write-fields'))).toEqual(['1:sent:0', '1:scored:1']);
  });

  test('what still can be undone is not told', () => {
    const story = new Story({ policy: { writeBack: { ...NOTHING_WRITTEN, ...FIELDS } } }).enter('review');
    story.look();
    story.click();
    expect(story.state.invitations).toMatchObject([{ state: 'held' }]);
    expect(asked(story, 'write-fields')).toEqual([]);
  });
});

test('with nothing switched on, nothing is asked for and nothing is said', () => {
  const story = sent({});
  progress(story, 'started');
  const codes = codesOf([story.result({ verified: false })]);
  expect(story.effects.map(({ kind }) => kind)).toEqual(['send-invitation', 'write-note', 'write-note']);
  expect(codes).toEqual(['result-reported-unverified']);
});

test('nothing is written about somebody who was anonymised', () => {
  const story = sent({ ...FIELDS, reportLink: true, reportFile: true, feedback: true });
  const before = story.effects.length;
  story.world = { ...story.world, anonymised: true };
  story.result();
  expect(story.effects.slice(before).map(({ kind }) => kind)).toEqual(['write-note']);
});

describe('the link to the report', () => {
  test('is asked for once, and again only for another address', () => {
    const story = sent({ reportLink: true });
    story.result();
    story.result({ score: { value: 91, max: 100 } });
    story.result({ reportUrl: 'https://coderbyte.com/report/2' });
    expect(tails(asked(story, 'add-link'))).toEqual(['1', '3']);
  });

  test('without an address there is none', () => {
    const story = sent({ reportLink: true });
    story.result({ reportUrl: null });
    expect(asked(story, 'add-link')).toEqual([]);
  });
});

test('the report file is asked for with each final result', () => {
  const story = sent({ reportFile: true });
  story.result({ status: 'provisional' });
  story.result();
  story.result({ score: { value: 91, max: 100 } });
  expect(tails(asked(story, 'attach-report'))).toEqual(['2', '3']);
});

describe('the feedback form', () => {
  const forms = (...results: Partial<VendorResult>[]) => {
    const story = sent({ feedback: true });
    const codes = results.map((result) => codesOf([story.result(result)]));
    return { asked: asked(story, 'write-feedback').length, codes };
  };

  test('is asked for once; a revised result adds no second one', () => {
    expect(forms({}, { score: { value: 91, max: 100 } }).asked).toBe(1);
  });

  test.each<[string, Partial<VendorResult>]>([
    ['another score', { score: { value: 20, max: 100 } }],
    ['declared invalid', { status: 'voided' }],
    ['flagged', { integrity: { status: 'flagged', signals: [] } }],
  ])('a revised result (%s) says once that the form still shows the earlier one', (_what, result) => {
    const { codes } = forms({}, result, { ...result, notes: 'Seen by two people.' });
    expect(codes.map((each) => each.includes('feedback-not-revised'))).toEqual([false, true, false]);
    const story = sent({ feedback: true });
    story.result();
    expect(story.result(result).reasons.map(reasonWords)).toContain(
      'If a feedback form about Senior SWE was already filled in in Lever, it still shows the earlier result. Correct it there.',
    );
  });

  test('who is told of another comment alone is not told so', () => {
    expect(forms({}, { notes: 'Fine.' }).codes.flat()).not.toContain('feedback-not-revised');
  });

  test.each<[string, Partial<VendorResult>]>([
    ['a provisional one', { status: 'provisional' }],
    ['one whose integrity check still runs', { integrity: { status: 'pending', signals: [] } }],
  ])('%s waits for what follows', (_what, result) => {
    expect(forms(result).asked).toBe(0);
    expect(forms(result, {}).asked).toBe(1);
  });

  test('what nobody could verify is not said in anybody’s name, and the reader is told', () => {
    const { asked: count, codes } = forms({ verified: false });
    expect(count).toBe(0);
    expect(codes[0]).toContain('feedback-not-verified');
  });
});
