import { describe, expect, test } from 'vitest';
import { isQuiet } from '../../../../server/http/reason-words.ts';
import { codesOf, Story } from '../../../support/workflow-story.ts';

const sent = (story: Story) => story.effects.filter((effect) => effect.kind === 'send-invitation').length;

describe('a candidate enters the assessment stage', () => {
  test('with one assessment tag: the invitation goes out, however the tag is written', () => {
    const story = new Story().enter('test');
    expect(codesOf(story.look())).toEqual(['sent-on-stage-entry']);
    expect(story.last).toMatchObject({ state: 'sending', person: 'ada@mail.example', email: 'Ada@Mail.example', attempt: 1 });
    expect(story.effectKinds).toEqual(['send-invitation']);
  });

  test('and the same news comes again: nothing more goes out', () => {
    const story = new Story().enter('test');
    story.look();
    expect(story.look()).toEqual([]);
    expect(sent(story)).toBe(1);
  });

  test('without a tag: it looks again after 30 seconds, then says why nothing was sent', () => {
    const story = new Story({ world: { tags: [] } }).enter('test');
    expect(codesOf(story.look())).toEqual(['looking-again-for-tag']);
    expect(codesOf(story.pass(29).look())).toEqual([]);
    const [decision] = story.pass(1).look();
    expect(decision?.reasons).toMatchObject([{ code: 'not-sent-no-tag', mend: { kind: 'send-now' } }]);
    expect(story.pass(60).look()).toEqual([]);
    expect(story.effects).toEqual([]);
  });

  test('with a tag that the job alone has: it says that such a tag does not count, and which', () => {
    const tags = [{ text: 'senior swe', inherited: true }];
    const story = new Story({ world: { tags } }).enter('test');
    story.look();
    const [decision] = story.pass(30).look();
    expect(decision?.reasons).toMatchObject([
      { code: 'not-sent-tag-of-job', values: { tag: 'Senior SWE' }, mend: { kind: 'send-now' } },
    ]);
  });

  test('and the tag is set within 30 seconds: it is sent at the second look', () => {
    const story = new Story({ world: { tags: [] } }).enter('test');
    story.look();
    story.tag('Senior SWE').pass(30);
    expect(codesOf(story.look())).toEqual(['sent-on-stage-entry']);
  });

  test('and has left before the second look: nothing is sent', () => {
    const story = new Story({ world: { tags: [] } }).enter('test');
    story.look();
    story.pass(10).tag('Senior SWE').enter('onsite').pass(20);
    expect(codesOf(story.look())).toContain('not-sent-left-stage');
    expect(story.effects).toEqual([]);
  });

  test('and the rule is switched off before the second look: nothing is sent', () => {
    const story = new Story({ world: { tags: [] } }).enter('test');
    story.look();
    story.policy = { ...story.policy, rules: { ...story.policy.rules, sendOnStageEntry: false } };
    expect(codesOf(story.tag('Senior SWE').pass(30).look())).toEqual(['not-sent-rule-off']);
  });

  test('a second look that waits for one entry does not speak about a later one that was sent', () => {
    const story = new Story({ world: { tags: [] } }).enter('test');
    story.look();
    story.pass(5).enter('review').pass(5).enter('test').tag('Senior SWE');
    expect(codesOf(story.look())).toEqual(['stage-entered', 'sent-on-stage-entry']);
    expect(codesOf(story.pass(60).look())).toEqual([]);
  });

  test('with several assessment tags: it asks and never guesses', () => {
    const story = new Story().tag('Senior SWE', 'Data take-home', 'referral').enter('test');
    const [decision] = story.look();
    expect(decision?.reasons).toMatchObject([
      { code: 'not-sent-several-tags', values: { tags: 'Senior SWE, Data take-home' }, mend: { kind: 'send-now' } },
    ]);
    expect(story.state.invitations).toEqual([]);
  });

  test('with a tag that came with the job: it counts only if an admin switched that on', () => {
    const tags = [{ text: 'Senior SWE', inherited: true }];
    const off = new Story({ world: { tags } }).enter('test');
    expect(codesOf(off.look())).toEqual(['looking-again-for-tag']);
    const on = new Story({ world: { tags }, policy: { inheritedTagsCount: true } }).enter('test');
    expect(codesOf(on.look())).toEqual(['sent-on-stage-entry']);
    // The tag is put on the candidate first, because the job's own tag does not say that it was sent to this person.
    expect(on.effectKinds).toEqual(['add-tag']);
  });

  test('and another stage: nothing is sent, and it is on record', () => {
    const story = new Story().enter('review');
    expect(codesOf(story.look())).toEqual(['stage-entered']);
  });

  test('and has already left again: nothing is sent', () => {
    const story = new Story().enter('test').pass(5).enter('onsite');
    expect(codesOf(story.look())).toEqual(['not-sent-left-stage', 'outcome-changed', 'stage-entered']);
    expect(story.effects).toEqual([]);
  });

  test('before the rules were switched on: rules are not retroactive', () => {
    const story = new Story({ policy: { automaticSince: '2026-03-02T09:00:01.000Z' } }).enter('test');
    expect(codesOf(story.look())).toEqual(['not-sent-before-start']);
    const off = new Story({ policy: { automaticSince: null } }).enter('test');
    expect(codesOf(off.look())).toEqual(['not-sent-before-start']);
  });

  test('about when the rules were switched on: by our clock, whatever the ATS believes that it is', () => {
    const lookWith = (automaticSince: string, clockAheadMs: number) => {
      const story = new Story({ policy: { automaticSince } }).enter('test');
      return codesOf(story.look({ ...story.world, clockAheadMs }));
    };
    expect(lookWith('2026-03-02T09:04:00.000Z', -5 * 60_000)).toEqual(['sent-on-stage-entry']);
    expect(lookWith('2026-03-02T08:56:00.000Z', 5 * 60_000)).toEqual(['not-sent-before-start']);
  });

  test('before the rules were switched on, and still waits there: the panel says so and offers to send', () => {
    const policy = { automaticSince: '2026-03-02T09:00:01.000Z' };
    const [waiting] = new Story({ policy }).enter('test').look();
    expect(waiting?.reasons).toMatchObject([{ code: 'not-sent-before-start', mend: { kind: 'send-now' } }]);
    expect(waiting?.reasons.every(isQuiet)).toBe(false);
    const passed = new Story({ policy }).enter('test').enter('onsite').look();
    const reasons = passed.flatMap((decision) => decision.reasons).filter(({ code }) => code === 'not-sent-before-start');
    expect(reasons.map(isQuiet)).toEqual([true]);
  });

  test('with the rule switched off: it says so and offers to send', () => {
    const rules = { sendOnStageEntry: false, cancelOnLeaving: true, advanceOnPass: false };
    const [decision] = new Story({ policy: { rules } }).enter('test').look();
    expect(decision?.reasons).toMatchObject([{ code: 'not-sent-rule-off', mend: { kind: 'send-now' } }]);
  });

  test('by our own move: the echo causes nothing', () => {
    const story = new Story().pass(60);
    story.ownMoves = [{ toStageId: 'test', startedAt: story.now.toISOString(), endedAt: story.now.toISOString() }];
    story.enter('test');
    expect(codesOf(story.look())).toEqual(['own-move-echo']);
    // A person who brings the candidate back later means it.
    story.pass(600).enter('review').pass(600).enter('test');
    expect(codesOf(story.look())).toEqual(['stage-entered', 'sent-on-stage-entry']);
  });

  test('long after a move of ours that made no entry: a person did that, and it is sent', () => {
    const story = new Story();
    story.ownMoves = [{ toStageId: 'test', startedAt: story.now.toISOString(), endedAt: story.now.toISOString() }];
    story.pass(3600).enter('test');
    expect(codesOf(story.look())).toEqual(['sent-on-stage-entry']);
  });

  test('twice (A, B, A): two entries, and the second attempt asks for a person', () => {
    const story = new Story().enter('test');
    story.look();
    story.confirmSent();
    story.result();
    story.pass(60).enter('onsite').pass(60).enter('test');
    expect(codesOf(story.look())).toEqual(['stage-entered', 'outcome-changed', 'not-sent-attempted-before']);
    expect(story.state.decidedEntries).toHaveLength(3);
    expect(sent(story)).toBe(1);
  });

  test('twice while the first invitation is open: it is not sent again', () => {
    const story = new Story().enter('test');
    story.look();
    story.confirmSent();
    story.pass(60).enter('review').pass(60).enter('test');
    expect(codesOf(story.look())).toContain('not-sent-already-open');
    expect(sent(story)).toBe(1);
  });

  test('with a hold for automatic sends: it waits, and can be undone', () => {
    const story = new Story({ policy: { automaticHoldSeconds: 20 } }).enter('test');
    story.look();
    expect(story.last.state).toBe('held');
    expect(story.effects).toEqual([]);
    expect(codesOf(story.pass(20).look())).toEqual(['send-released']);
    expect(sent(story)).toBe(1);
  });

  test.each<[string, (story: Story) => unknown, string]>([
    ['leaves the stage', (story) => story.enter('onsite'), 'not-sent-left-stage'],
    ['loses the tag', (story) => story.tag(), 'not-sent-no-tag'],
    ['is rejected', (story) => story.end('archived'), 'not-sent-not-active'],
    [
      'and the rule is switched off',
      (story) => {
        story.policy = { ...story.policy, rules: { ...story.policy.rules, sendOnStageEntry: false } };
      },
      'not-sent-rule-off',
    ],
  ])('and within that hold %s: nothing goes out', (_what, change, code) => {
    const story = new Story({ policy: { automaticHoldSeconds: 20 } }).enter('test');
    story.look();
    story.pass(10);
    change(story);
    expect(codesOf(story.pass(10).look())).toContain(code);
    expect(story.last.state).toBe('undone');
    expect(story.effects).toEqual([]);
  });
});

describe('within the hold a candidate leaves the assessment stage and comes back', () => {
  const HELD = { automaticHoldSeconds: 60 };
  /** Entered, and nothing has gone out yet; 20 seconds later they are elsewhere. */
  const away = (policy: ConstructorParameters<typeof Story>[0] = { policy: HELD }) => {
    const story = new Story(policy).enter('test');
    story.look();
    return story.pass(20).enter('review');
  };
  const back = (story: Story) => story.pass(20).enter('test');
  const waitingOf = ({ world, state }: Story) =>
    state.invitations.map((one) => [one.state, world.stageEntries.findIndex(({ key }) => key === one.stageEntryKey)]);

  test.each<[string, (story: Story) => unknown]>([
    ['and both were seen', (story) => story.look()],
    ['and only the return was seen', () => undefined],
  ])('%s: the one invitation goes out when its hold is over', (_what, between) => {
    const story = away();
    between(story);
    expect(codesOf(back(story).look())).toContain('sent-on-stage-entry');
    expect(waitingOf(story)).toEqual([['held', 2]]);
    expect(codesOf(story.pass(19).look())).toEqual([]);
    expect(codesOf(story.pass(1).look())).toEqual(['send-released']);
    expect(sent(story)).toBe(1);
    expect(story.state.decidedEntries).toHaveLength(3);
    expect(codesOf(story.pass(600).look())).toEqual([]);
  });

  test('and is seen only when the hold is over: it goes out', () => {
    const story = back(away());
    expect(codesOf(story.pass(300).look())).toEqual(expect.arrayContaining(['sent-on-stage-entry', 'send-released']));
    expect(sent(story)).toBe(1);
  });

  test('and is still away when the hold is over: it is dropped, and the return is invited anew', () => {
    const story = away();
    story.look();
    expect(codesOf(story.pass(40).look())).toEqual(['not-sent-left-stage']);
    expect(codesOf(back(story).look())).toContain('sent-on-stage-entry');
    expect(codesOf(story.pass(60).look())).toEqual(['send-released']);
    expect(sent(story)).toBe(1);
  });

  test('and leaves once more: nothing goes out', () => {
    const story = back(away());
    story.look();
    expect(codesOf(story.pass(10).enter('onsite').pass(10).look())).toContain('not-sent-left-stage');
    expect(sent(story)).toBe(0);
  });

  test('a pass then moves them on, because it belongs to the entry in which they stand', () => {
    const rules = { sendOnStageEntry: true, cancelOnLeaving: true, advanceOnPass: true };
    const story = back(away({ policy: { ...HELD, rules } }));
    story.look();
    story.pass(20).look();
    story.confirmSent();
    expect(codesOf([story.result()])).toContain('advanced-on-pass');
  });

  test('and the tag is back a moment after them: the second look lets it go on', () => {
    const story = away({ policy: { automaticHoldSeconds: 120 } });
    story.tag();
    expect(codesOf(back(story).look())).toContain('looking-again-for-tag');
    expect(codesOf(story.tag('Senior SWE').pass(30).look())).toEqual(['sent-on-stage-entry']);
    expect(codesOf(story.pass(50).look())).toEqual(['send-released']);
    expect(sent(story)).toBe(1);
  });

  test.each<[string, (story: Story) => unknown, number]>([
    ['at once', () => undefined, 0],
    ['a moment later', (story) => story.tag().look(), 30],
  ])('to another assessment stage, with the tag seen %s: it goes on there', (_when, first, seconds) => {
    const story = new Story({ policy: { automaticHoldSeconds: 120 } }).enter('test');
    story.look();
    story.pass(20).enter('live');
    first(story);
    expect(codesOf(story.tag('Senior SWE').pass(seconds).look())).toContain('sent-on-stage-entry');
    expect(codesOf(story.pass(100 - seconds).look())).toContain('send-released');
    expect(sent(story)).toBe(1);
  });

  test('with the tag of another test: that one is sent, and the held one belongs to the entry that is over', () => {
    const story = away();
    story.tag('Data take-home');
    back(story).look();
    expect(waitingOf(story)).toEqual([
      ['held', 0],
      ['held', 2],
    ]);
    expect(codesOf(story.pass(20).look())).toEqual(['not-sent-left-stage']);
    expect(codesOf(story.pass(40).look())).toEqual(['send-released']);
    expect(story.last.assessmentName).toBe('Data Scientist');
    expect(sent(story)).toBe(1);
  });

  test('with the tag of another test that was taken before: it is said, and the held one stays with the entry that is over', () => {
    const story = away();
    const taken = { invitationId: 'other', vendorConnectionId: 'vendor-1', assessmentExternalId: 'data', attempt: 1 };
    const told = { person: 'ada@mail.example', state: 'scored' as const, assessmentName: 'Data Scientist' };
    story.state = { ...story.state, elsewhere: [{ ...taken, ...told, byName: 'Cleo', jobName: null }] };
    story.tag('Data take-home');
    expect(codesOf(back(story).look())).toContain('not-sent-attempted-before');
    expect(waitingOf(story)).toEqual([['held', 0]]);
  });

  test('and it is a person who has it held: that is said, as of any other that is open', () => {
    const story = new Story({ policy: { holdSeconds: 60 } }).tag().enter('test');
    story.look();
    story.click();
    story.pass(20).enter('review');
    expect(codesOf(back(story).tag('Senior SWE').look())).toContain('not-sent-already-open');
    expect(codesOf(story.pass(20).look())).toEqual(['send-released']);
    expect(sent(story)).toBe(1);
  });

  test('with another address: one goes out, to that', () => {
    const story = away();
    story.world = { ...story.world, emails: ['right@mail.example'] };
    back(story).look();
    story.pass(60).look();
    expect(story.state.invitations.map(({ state, email }) => [state, email])).toEqual([
      ['undone', 'Ada@Mail.example'],
      ['sending', 'right@mail.example'],
    ]);
    expect(sent(story)).toBe(1);
  });

  test('with another address, under which it was taken before: to the wrong one nothing goes out either', () => {
    const story = away();
    const taken = { invitationId: 'other', vendorConnectionId: 'vendor-1', assessmentExternalId: 'swe', attempt: 1 };
    const told = { person: 'right@mail.example', state: 'scored' as const, assessmentName: 'Senior SWE' };
    story.state = { ...story.state, elsewhere: [{ ...taken, ...told, byName: 'Cleo', jobName: null }] };
    story.world = { ...story.world, emails: ['right@mail.example'] };
    expect(codesOf(back(story).look())).toContain('not-sent-attempted-before');
    expect(codesOf(story.pass(20).look())).toEqual(['not-sent-left-stage']);
    expect(sent(story)).toBe(0);
  });

  test('an entry from before it, of which is told late, does not take it over', () => {
    const story = new Story({ policy: HELD }).enter('test');
    const earlier = story.world;
    // An ATS that keeps one row for each stage tells of the return alone.
    story.world = { ...story.world, stageEntries: [] };
    story.pass(700).enter('test').look();
    story.look(earlier);
    expect(codesOf(story.pass(60).look())).toEqual(['send-released']);
  });
});

describe('nothing is sent on entry', () => {
  test.each<[string, ConstructorParameters<typeof Story>[0], string, object | undefined]>([
    ['has no e-mail address', { world: { emails: [] } }, 'not-sent-no-email', { kind: 'enter-email' }],
    ['is marked "do not e-mail"', { world: { canEmail: false } }, 'not-sent-do-not-email', undefined],
    ['was anonymised', { world: { anonymised: true } }, 'not-sent-anonymised', undefined],
    ['is archived', { world: { status: 'archived' } }, 'not-sent-not-active', undefined],
    ['is hired', { world: { status: 'hired' } }, 'not-sent-not-active', undefined],
    ['would go to a vendor that is off', { policy: { vendorsOn: [] } }, 'not-sent-vendor-off', { kind: 'open-settings' }],
  ])('to a candidate who %s', (_who, given, code, mend) => {
    const [decision] = new Story(given).enter('test').look();
    expect(decision?.reasons[0]).toMatchObject({ code, ...(mend ? { mend } : {}) });
    expect(decision?.effectKeys).toEqual([]);
  });

  test('to a person who has the same assessment open in another application', () => {
    const elsewhere = [
      {
        invitationId: 'other',
        vendorConnectionId: 'vendor-1',
        assessmentExternalId: 'swe',
        assessmentName: 'Senior SWE',
        person: 'ada@mail.example',
        state: 'started' as const,
        attempt: 1,
        byName: 'Cleo',
        jobName: 'Platform Engineer',
      },
    ];
    const [decision] = new Story({ state: { elsewhere } }).enter('test').look();
    expect(decision?.reasons).toMatchObject([
      { code: 'not-sent-open-elsewhere', values: { by: 'Cleo', job: 'Platform Engineer' } },
    ]);
  });
});

describe('a stage that the settings mean is no longer in the ATS', () => {
  const enter = (goneStages: { id: string | null; name: string }[], passed = false) => {
    const story = new Story({ policy: { goneStages } }).enter('review');
    if (passed) story.pass(60).enter('onsite');
    return story.look();
  };

  test('who enters one without a meaning hears of it, with the way to mend it', () => {
    expect(enter([{ id: 'test', name: 'Code Test' }])[0]?.reasons).toMatchObject([
      { code: 'not-sent-stage-gone', values: { stage: 'Review', detail: 'Code Test' }, mend: { section: 'stages' } },
    ]);
  });

  test.each([
    ['a stage without assessments', [{ id: 'onsite', name: 'Onsite' }], false],
    ['an assessment stage, and they have left the other one again', [{ id: 'test', name: 'Code Test' }], true],
  ])('but not where it is %s', (_what, gone, passed) => {
    expect(codesOf(enter(gone, passed))).not.toContain('not-sent-stage-gone');
  });
});
