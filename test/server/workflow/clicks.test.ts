import { describe, expect, test } from 'vitest';
import { BEN, codesOf, DATA, makeAssessment, Story } from '../../support/workflow-story.ts';

const sends = (story: Story) => story.effects.filter((effect) => effect.kind === 'send-invitation').length;
const ELSEWHERE = {
  invitationId: 'other',
  vendorConnectionId: 'vendor-1',
  assessmentExternalId: 'swe',
  assessmentName: 'Senior SWE',
  person: 'ada@mail.example',
  attempt: 1,
  byName: 'Cleo',
  jobName: 'Platform Engineer',
};

/** A recruiter's invitation that has gone out. */
function sentByHand(): Story {
  const story = new Story().enter('review');
  story.look();
  story.click();
  story.pass(10).look();
  story.confirmSent();
  return story;
}

/** One whose answer was lost. */
function unconfirmed(): Story {
  const story = new Story().enter('review');
  story.look();
  story.click();
  story.pass(10).look();
  const trouble = { code: 'invitation-unconfirmed', values: { detail: 'the answer was lost.' } };
  story.happen({ type: 'invitation.unconfirmed', invitationId: story.last.id, trouble });
  return story;
}

describe('a recruiter clicks "Send"', () => {
  test('it is held for ten seconds, then goes out: first the tag, then the invitation, then the note', () => {
    const story = new Story().tag().enter('review');
    story.look();
    expect(codesOf([story.click()])).toEqual(['send-requested']);
    expect(story.last).toMatchObject({ state: 'held', dueAt: '2026-03-02T09:00:10.000Z', raisedBy: BEN });
    expect(story.effects).toEqual([]);
    story.pass(9).look();
    expect(story.effects).toEqual([]);
    expect(codesOf(story.pass(1).look())).toEqual(['send-released']);
    expect(story.effectKinds).toEqual(['add-tag']);
    story.happen({
      type: 'effect.done',
      effect: 'add-tag',
      effectKey: story.effects[0]?.key ?? '',
      values: { tag: 'Senior SWE' },
    });
    expect(story.effectKinds).toEqual(['add-tag', 'send-invitation']);
    story.confirmSent();
    expect(story.effectKinds).toEqual(['add-tag', 'send-invitation', 'write-note']);
    expect(story.last.state).toBe('sent');
  });

  test('and the tag cannot be added: the invitation goes out all the same', () => {
    const story = new Story().tag().enter('review');
    story.look();
    story.click();
    story.pass(10).look();
    const failed = {
      type: 'effect.failed',
      effect: 'add-tag',
      unconfirmed: false,
      values: { tag: 'x', detail: 'no right.' },
    } as const;
    const decision = story.happen({ ...failed, effectKey: story.effects[0]?.key ?? '' });
    expect(codesOf([decision])).toEqual(['tag-failed']);
    expect(sends(story)).toBe(1);
  });

  test.each<[string, (story: Story) => unknown, string]>([
    ['the candidate is rejected', (story) => story.end('archived'), 'not-sent-not-active'],
    ['the ATS stops showing the candidate', (story) => story.lookInVain(), 'not-sent-not-visible'],
  ])('and while the tag is being added %s: nothing goes out', (_what, change, code) => {
    const story = new Story().tag().enter('review');
    story.look();
    story.click();
    story.pass(10).look();
    change(story);
    const told = { type: 'effect.done', effect: 'add-tag', values: { tag: 'Senior SWE' } } as const;
    expect(codesOf([story.happen({ ...told, effectKey: story.effects[0]?.key ?? '' })])).toContain(code);
    expect(sends(story)).toBe(0);
    expect(story.last.state).toBe('undone');
  });

  test('with the hold set to nothing: it goes out at once', () => {
    const story = new Story({ policy: { holdSeconds: 0 } }).enter('review');
    story.look();
    story.click();
    expect(sends(story)).toBe(1);
  });

  test('and takes it back within the hold: nothing goes out, and it counts for nothing', () => {
    const story = new Story().enter('review');
    story.look();
    story.click();
    expect(codesOf([story.happen({ type: 'invitation.undone', invitationId: story.last.id, by: BEN })])).toEqual(['send-undone']);
    story.pass(10).look();
    expect(story.effects).toEqual([]);
    story.click();
    expect(story.last).toMatchObject({ state: 'held', attempt: 1 });
  });

  test.each<[string, (story: Story) => unknown, string]>([
    ['the candidate is archived', (story) => story.end('archived'), 'not-sent-not-active'],
    [
      'the candidate is marked "do not e-mail"',
      (story) => {
        story.world = { ...story.world, canEmail: false };
      },
      'not-sent-do-not-email',
    ],
    [
      'the vendor is switched off',
      (story) => {
        story.policy = { ...story.policy, vendorsOn: [] };
      },
      'not-sent-vendor-off',
    ],
    [
      'the assessment is archived',
      (story) => {
        story.policy = { ...story.policy, assessments: [makeAssessment({ archived: true })] };
      },
      'not-sent-assessment-gone',
    ],
  ])('and within the hold %s: nothing goes out', (_what, change, code) => {
    const story = new Story().enter('review');
    story.look();
    story.click();
    story.pass(5);
    change(story);
    expect(codesOf(story.pass(5).look())).toContain(code);
    expect(story.effects).toEqual([]);
  });

  test('and the candidate moves on within the hold: it still goes out, because a person asked for it', () => {
    const story = new Story().enter('review');
    story.look();
    story.click();
    story.enter('test').pass(10);
    expect(codesOf(story.look())).toContain('send-released');
  });

  test('and a colleague clicks too: one invitation, and who comes second is told by whom', () => {
    const story = new Story().enter('review');
    story.look();
    story.click();
    const second = story.click({ by: { kind: 'member', memberId: 'cleo', name: 'Cleo' } });
    expect(second.reasons).toMatchObject([{ code: 'not-sent-already-open', values: { by: 'Ben' } }]);
    expect(story.state.invitations).toHaveLength(1);
  });

  test('for a person who is invited in another application: who and for which job', () => {
    const story = new Story({ state: { elsewhere: [{ ...ELSEWHERE, state: 'sent' }] } });
    expect(story.click().reasons).toMatchObject([
      { code: 'not-sent-open-elsewhere', values: { by: 'Cleo', job: 'Platform Engineer' } },
    ]);
  });

  test('for a candidate without e-mail: refused; with an address entered it serves this invitation', () => {
    const story = new Story({ world: { emails: [] } }).enter('review');
    story.look();
    expect(story.click().reasons).toMatchObject([{ code: 'not-sent-no-email', mend: { kind: 'enter-email' } }]);
    story.click({ email: ' Ada@Home.example ' });
    expect(story.last).toMatchObject({ email: 'Ada@Home.example', person: 'ada@home.example' });
    expect(story.click({ assessmentId: DATA.id }).reasons[0]?.code).toBe('not-sent-no-email');
  });

  test('for a candidate marked "do not e-mail": only as a link to copy', () => {
    const story = new Story({ world: { canEmail: false } }).enter('review');
    story.look();
    expect(codesOf([story.click()])).toEqual(['not-sent-do-not-email']);
    story.policy = { ...story.policy, assessments: [makeAssessment({ handover: 'copy link' })] };
    expect(codesOf([story.click()])).toEqual(['send-requested']);
  });

  test('for an assessment that is gone, or while the application cannot be seen: refused with a reason', () => {
    const story = new Story().enter('review');
    story.look();
    expect(codesOf([story.click({ assessmentId: 'gone' })])).toEqual(['not-sent-assessment-gone']);
    story.lookInVain();
    expect(codesOf([story.click()])).toEqual(['not-sent-not-visible']);
  });

  test('again after it was closed: only as a deliberate retake, which is attempt two', () => {
    const story = sentByHand();
    story.result();
    expect(story.click().reasons).toMatchObject([{ code: 'not-sent-attempted-before', mend: { kind: 'send-now' } }]);
    story.click({ retake: true });
    expect(story.last).toMatchObject({ attempt: 2, state: 'held' });
  });

  test('as a retake while the first is open: refused', () => {
    expect(codesOf([sentByHand().click({ retake: true })])).toEqual(['not-sent-already-open']);
  });

  test('counts attempts across applications', () => {
    const story = new Story({ state: { elsewhere: [{ ...ELSEWHERE, state: 'scored', attempt: 3 }] } });
    expect(codesOf([story.click()])).toEqual(['not-sent-attempted-before']);
    story.click({ retake: true });
    expect(story.last.attempt).toBe(4);
  });

  test('in hand of a person, the second look for a tag is dropped', () => {
    const story = new Story().tag().enter('test');
    story.look();
    story.click();
    expect(codesOf(story.pass(30).look())).toEqual(['send-released']);
  });
});

describe('a recruiter clicks "Only add the tag"', () => {
  test('the tag is added and nothing is sent', () => {
    const story = new Story().tag().enter('review');
    story.look();
    story.happen({ type: 'tag.requested', actionId: 'a1', by: BEN, tag: 'Senior SWE' });
    expect(story.effects).toMatchObject([{ kind: 'add-tag', key: 'tag:a1' }]);
    story.happen({ type: 'effect.done', effect: 'add-tag', effectKey: 'tag:a1', values: { tag: 'Senior SWE' } });
    expect(story.effects).toHaveLength(1);
  });

  test('a tag that is there already is not added again', () => {
    const story = new Story();
    expect(codesOf([story.happen({ type: 'tag.requested', actionId: 'a1', by: BEN, tag: 'SENIOR SWE' })])).toEqual(['tag-added']);
    expect(story.effects).toEqual([]);
  });
});

describe('a recruiter cancels', () => {
  test.each(['sent', 'started'] as const)('what is %s: the vendor is asked, and then it is closed', (state) => {
    const story = sentByHand();
    if (state === 'started') story.report('started');
    expect(codesOf([story.happen({ type: 'cancel.requested', invitationId: story.last.id, by: BEN })])).toEqual([
      'cancel-requested',
    ]);
    story.happen({ type: 'invitation.cancelled', invitationId: story.last.id, at: story.now.toISOString() });
    expect(story.last.state).toBe('cancelled');
  });

  test('where the vendor cannot withdraw it, it is said that the link still works', () => {
    const story = sentByHand();
    story.happen({ type: 'cancel.requested', invitationId: story.last.id, by: BEN });
    const at = story.now.toISOString();
    expect(
      codesOf([story.happen({ type: 'invitation.cancelled', invitationId: story.last.id, at, onlyHere: 'Byteboard' })]),
    ).toEqual(['invitation-cancelled-here']);
    expect(story.last.state).toBe('cancelled');
  });

  test('what is still held: it is simply taken back', () => {
    const story = new Story();
    story.click();
    expect(codesOf([story.happen({ type: 'cancel.requested', invitationId: story.last.id, by: BEN })])).toEqual(['send-undone']);
    expect(story.last.state).toBe('undone');
  });

  test('what is over: refused, saying why', () => {
    const story = sentByHand();
    story.result();
    const told = story.happen({ type: 'cancel.requested', invitationId: story.last.id, by: BEN });
    expect(told.reasons).toMatchObject([{ code: 'not-cancelled', values: { state: 'scored' } }]);
    expect(story.effectKinds).not.toContain('cancel-invitation');
  });
});

describe('the answer to a sending was lost', () => {
  test('it is shown as unconfirmed, stays open, and is never sent again by itself', () => {
    const story = unconfirmed();
    expect(story.last).toMatchObject({ state: 'unconfirmed', closedAt: null });
    story.pass(86_400).look();
    expect(sends(story)).toBe(1);
    expect(codesOf([story.click()])).toEqual(['not-sent-already-open']);
  });

  test('a person says "send again": it goes out once more', () => {
    const story = unconfirmed();
    expect(codesOf([story.happen({ type: 'retry.requested', invitationId: story.last.id, by: BEN })])).toEqual([
      'send-requested',
    ]);
    expect(sends(story)).toBe(2);
    expect(story.last.state).toBe('sending');
  });

  test.each<[string, (story: Story) => unknown, string]>([
    ['was rejected', (story) => story.end('archived'), 'not-sent-not-active'],
    ['cannot be seen', (story) => story.lookInVain(), 'not-sent-not-visible'],
    [
      'is invited by another application',
      (story) => {
        story.state = { ...story.state, elsewhere: [{ ...ELSEWHERE, state: 'sent' }] };
      },
      'not-sent-open-elsewhere',
    ],
  ])('a person says "send again" but the candidate %s: refused', (_what, change, code) => {
    const story = unconfirmed();
    change(story);
    expect(codesOf([story.happen({ type: 'retry.requested', invitationId: story.last.id, by: BEN })])).toEqual([code]);
    expect(sends(story)).toBe(1);
  });

  test('a person says "it did go out": it is sent, with its deadline, its own way of handing over, and a note', () => {
    const story = unconfirmed();
    const at = story.now.toISOString();
    story.happen({ type: 'sending.confirmed', invitationId: story.last.id, by: BEN, at });
    expect(story.last).toMatchObject({
      state: 'sent',
      sentAt: at,
      expiresAt: '2026-03-09T09:00:10.000Z',
      handover: 'vendor e-mail',
    });
    expect(story.effectKinds).toContain('write-note');
  });

  test('nobody can say "it did go out" of what was taken back', () => {
    const story = new Story();
    story.click();
    const told = story.happen({ type: 'sending.confirmed', invitationId: story.last.id, by: BEN, at: story.now.toISOString() });
    expect(codesOf([told])).toEqual(['not-sent-again']);
    expect(story.last.state).toBe('held');
    expect(story.effects).toEqual([]);
  });

  test('the vendor reports progress: that settles it, and the note about the sending is written once', () => {
    const story = unconfirmed();
    expect(codesOf([story.report('started')])).toEqual(['invitation-started']);
    expect(story.last).toMatchObject({ state: 'started', trouble: null });
    story.confirmSent();
    expect(story.last.state).toBe('started');
    expect(story.effectKinds.filter((kind) => kind === 'write-note')).toHaveLength(1);
  });
});

describe('a recruiter moves the candidate on', () => {
  const move = {
    type: 'move.requested',
    actionId: 'm1',
    by: BEN,
    toStageId: 'onsite',
    toStageName: 'Onsite',
    fromStageId: 'test',
  } as const;

  test('from the assessment stage to the next one', () => {
    const story = new Story().enter('test');
    expect(codesOf([story.happen(move)])).toContain('move-requested');
    expect(story.effects).toMatchObject([{ kind: 'move-to-stage', fromStageId: 'test', toStageId: 'onsite' }]);
  });

  test.each<[string, (story: Story) => unknown, string]>([
    ['was moved meanwhile', (story) => story.enter('offer'), 'not-advanced-left-stage'],
    ['was rejected meanwhile', (story) => story.end('archived'), 'not-advanced-left-stage'],
    [
      'has no next stage',
      (story) => {
        story.policy = { ...story.policy, moveTarget: null };
      },
      'not-advanced-no-target',
    ],
  ])('who %s: nothing is moved', (_what, change, code) => {
    const story = new Story().enter('test');
    change(story);
    expect(codesOf([story.happen(move)])).toContain(code);
    expect(story.effects).toEqual([]);
  });
});
