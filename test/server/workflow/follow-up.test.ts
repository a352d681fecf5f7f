import { describe, expect, test } from 'vitest';
import { BEN, makeAssessment, makeSnapshot, Story } from '../../support/workflow-story.ts';

const DAY_S = 86_400;

/** Ada's invitation is out. Ben clicks at nine in the morning, UTC. */
const sent = (given: ConstructorParameters<typeof Story>[0] = {}): Story => {
  const story = new Story({ policy: { holdSeconds: 0 }, ...given });
  story.enter('test').look();
  if (story.state.invitations.length === 0) story.click();
  story.confirmSent();
  return story;
};
let clicks = 0;
const on = (story: Story, invitationId = story.last.id) => ({ actionId: `action-${++clicks}`, invitationId, by: BEN });
const codesAfter = (story: Story, from: number) =>
  story.decisions.slice(from).flatMap(({ reasons }) => reasons.map(({ code }) => code));
const keysOf = (story: Story, kind: string) => story.effects.filter((effect) => effect.kind === kind).map(({ key }) => key);

describe('sending again', () => {
  test('asks for one more e-mail, once for one click', () => {
    const story = sent();
    const click = { ...on(story), type: 'resend.requested' as const };
    story.happen(click);
    story.happen(click);
    expect(keysOf(story, 'resend-invitation')).toEqual([`resend:${click.actionId}`]);
    expect(story.codes).toContain('resend-requested');
  });

  test.each(['started', 'submitted', 'cancelled'] as const)('not once it is %s', (state) => {
    const story = sent();
    story.report(state);
    story.happen({ ...on(story), type: 'resend.requested' });
    expect(keysOf(story, 'resend-invitation')).toEqual([]);
    expect(story.codes.at(-1)).toBe('not-sent-again');
  });

  test('not to somebody marked "do not e-mail", nor to whom the ATS does not show', () => {
    const story = sent();
    story.happen({ ...on(story), type: 'resend.requested' }, makeSnapshot({ ...story.world, canEmail: false }));
    expect(story.codes.at(-1)).toBe('not-sent-do-not-email');
    story.happen({ ...on(story), type: 'resend.requested' }, null);
    expect(story.codes.at(-1)).toBe('not-sent-not-visible');
    expect(keysOf(story, 'resend-invitation')).toEqual([]);
  });

  test('a lost answer is told as unconfirmed and changes nothing', () => {
    const story = sent();
    const before = story.last;
    const told = { effect: 'resend-invitation' as const, invitationId: before.id, values: { by: 'Ben', detail: 'lost.' } };
    story.happen({ ...told, type: 'follow-up.failed', unconfirmed: true });
    expect(story.codes.at(-1)).toBe('resend-unconfirmed');
    expect(story.last).toEqual(before);
  });
});

describe('the deadline', () => {
  const later = (story: Story, days: number) => new Date(story.now.getTime() + days * DAY_S * 1000).toISOString();
  const confirm = (story: Story, expiresAt: string, invitationId = story.last.id) =>
    story.happen({
      type: 'follow-up.done',
      effect: 'extend-invitation',
      invitationId,
      at: story.now.toISOString(),
      expiresAt,
      values: { by: 'Ben' },
    });

  test('holds until the new one is known to hold, and then runs out at the new time', () => {
    const story = sent();
    const before = story.last.expiresAt;
    const expiresAt = later(story, 20);
    story.happen({ ...on(story), type: 'extension.requested', expiresAt });
    expect(story.last.expiresAt).toBe(before);
    confirm(story, expiresAt);
    expect(story.last.expiresAt).toBe(expiresAt);
    story.pass(8 * DAY_S).look();
    expect(story.last.state).toBe('sent');
    story.pass(13 * DAY_S).look();
    expect(story.last.state).toBe('expired');
  });

  test('in the past, or of what has ended, is not set', () => {
    const story = sent();
    story.happen({ ...on(story), type: 'extension.requested', expiresAt: later(story, -1) });
    expect(story.codes.at(-1)).toBe('not-extended');
    story.report('cancelled');
    story.happen({ ...on(story), type: 'extension.requested', expiresAt: later(story, 9) });
    expect(story.codes.at(-1)).toBe('not-extended');
    expect(keysOf(story, 'extend-invitation')).toEqual([]);
  });

  test('opens nothing again that ran out while the vendor was asked', () => {
    const story = sent();
    const expiresAt = later(story, 9);
    story.happen({ ...on(story), type: 'extension.requested', expiresAt });
    story.pass(8 * DAY_S).look();
    confirm(story, expiresAt);
    expect(story.last.state).toBe('expired');
    expect(story.codes.at(-1)).toBe('not-extended');
  });
});

test('extra time: the decision says that settings changed and nothing of what', () => {
  const story = sent();
  const from = story.decisions.length;
  story.happen({ ...on(story), type: 'extra-time.requested' });
  expect(codesAfter(story, from)).toEqual(['settings-changed']);
  expect(keysOf(story, 'give-extra-time')).toHaveLength(1);
  expect(JSON.stringify(story.decisions.at(-1)?.reasons)).not.toMatch(/time|percent|accommodation/i);
});

test('extra time set beforehand asks for nothing, and the decision says no more than that', () => {
  const story = new Story();
  const from = story.effects.length;
  story.happen({ actionId: 'ahead', invitationId: null, by: BEN, type: 'extra-time.requested' });
  expect(story.effects.slice(from)).toEqual([]);
  expect(story.codes).toEqual(['settings-changed-ahead']);
});

describe('a wrong address', () => {
  const correct = (story: Story, email: string, invitationId = story.last.id) =>
    story.happen({ ...on(story, invitationId), type: 'correction.requested', email });

  test('the open invitation ends, is taken back, and the same attempt goes to the right one', () => {
    const story = sent();
    const wrong = story.last;
    correct(story, ' Ada@Right.example ');
    const right = story.last;
    expect(story.state.invitations.map(({ state }) => state)).toEqual(['cancelled', 'sending']);
    expect(right).toMatchObject({
      person: 'ada@right.example',
      email: 'Ada@Right.example',
      attempt: wrong.attempt,
      raisedBy: BEN,
    });
    expect([right.externalId, right.sentAt, right.expiresAt]).toEqual([null, null, null]);
    expect(keysOf(story, 'cancel-invitation')).toEqual([`cancel:${wrong.id}:corrected`]);
    expect(keysOf(story, 'send-invitation')).toContain(`send:${right.id}:1`);
  });

  test('what was refused reached nobody: nothing is taken back, and it does not count', () => {
    const story = new Story({ policy: { holdSeconds: 0 } });
    story.enter('test').look();
    const trouble = { code: 'invitation-failed', values: { detail: 'no such mailbox.', about: 'address' } };
    story.happen({ type: 'invitation.failed', invitationId: story.last.id, trouble });
    correct(story, 'ada@right.example');
    expect(story.state.invitations.map(({ state }) => state)).toEqual(['undone', 'sending']);
    expect(keysOf(story, 'cancel-invitation')).toEqual([]);
  });

  test('once, however often it is clicked', () => {
    const story = sent();
    const { id } = story.last;
    correct(story, 'ada@right.example', id);
    correct(story, 'ada@right.example', id);
    correct(story, 'ada@other.example', id);
    expect(story.state.invitations).toHaveLength(2);
    expect(story.codes.slice(-2)).toEqual(['not-corrected', 'not-corrected']);
  });

  test('not to the same address, not to who has begun, and not to who is invited already: then the old one stays', () => {
    const story = sent();
    correct(story, 'ADA@mail.example');
    expect(story.codes.at(-1)).toBe('not-corrected-same');
    story.click({ email: 'right@mail.example' });
    story.confirmSent();
    const [first] = story.state.invitations;
    correct(story, 'right@mail.example', first?.id);
    expect(story.codes.at(-1)).toBe('not-sent-already-open');
    expect(story.state.invitations.map(({ state }) => state)).toEqual(['sent', 'sent']);
    story.report('started', true, first?.id);
    correct(story, 'third@mail.example', first?.id);
    expect(story.codes.at(-1)).toBe('not-corrected');
    expect(story.state.invitations).toHaveLength(2);
  });
});

describe('reminders', () => {
  const reminding = (remindDays: number[], changes: object = {}) =>
    sent({ policy: { holdSeconds: 0, assessments: [makeAssessment({ remindDays, ...changes })] } });
  const moments = (story: Story) => keysOf(story, 'remind-candidate').map((key) => key.slice(-24));
  const remindedNow = (story: Story) =>
    story.happen({
      type: 'follow-up.done',
      effect: 'remind-candidate',
      invitationId: story.last.id,
      at: story.now.toISOString(),
      expiresAt: null,
      values: {},
    });

  test('is due so many days before the deadline, once', () => {
    const story = reminding([2]);
    story.pass(5 * DAY_S - 1).look();
    expect(moments(story)).toEqual([]);
    story.pass(1).look();
    expect(moments(story)).toEqual(['2026-03-07T09:00:00.000Z']);
    remindedNow(story);
    expect(story.last.remindedAt).toEqual(['2026-03-07T09:00:00.000Z']);
    story.pass(DAY_S).look();
    expect(moments(story)).toHaveLength(1);
  });

  test('and the deadline are there, too, for what is found to have gone out after its answer was lost', () => {
    const policy = { holdSeconds: 0, assessments: [makeAssessment({ remindDays: [2], deadlineDays: 10 })] };
    const story = new Story({ policy });
    story.enter('test').look();
    const trouble = { code: 'invitation-unconfirmed', values: { detail: 'the answer was lost.' } };
    story.happen({ type: 'invitation.unconfirmed', invitationId: story.last.id, trouble });
    story.pass(3_600).report('sent');
    expect(story.last).toMatchObject({
      state: 'sent',
      sentAt: '2026-03-02T10:00:00.000Z',
      expiresAt: '2026-03-12T10:00:00.000Z',
    });
    story.pass(8 * DAY_S).look();
    expect(moments(story)).toEqual(['2026-03-10T10:00:00.000Z']);
    story.pass(2 * DAY_S).look();
    expect(story.last.state).toBe('expired');
  });

  test('go by the deadline that the vendor names, when its own answer comes after all', () => {
    const story = new Story({ policy: { holdSeconds: 0, assessments: [makeAssessment({ deadlineDays: 10 })] } });
    story.enter('test').look();
    story.report('sent');
    story.confirmSent();
    expect(story.last.expiresAt).toBe('2026-03-09T09:00:00.000Z');
  });

  test('of several that were missed only the last one', () => {
    const story = reminding([1, 3, 5]);
    story.pass(4.5 * DAY_S).look();
    expect(moments(story)).toEqual(['2026-03-06T09:00:00.000Z']);
    story.pass(2 * DAY_S).look();
    expect(moments(story)).toEqual(['2026-03-06T09:00:00.000Z', '2026-03-08T09:00:00.000Z']);
  });

  test.each(['started', 'submitted', 'cancelled', 'expired'] as const)('never once it is %s', (state) => {
    const story = reminding([2]);
    story.report(state);
    story.pass(6 * DAY_S).look();
    expect(moments(story)).toEqual([]);
  });

  test('not to who has left, and not where the recruiter handed the link over', () => {
    const gone = reminding([2]);
    gone.end('archived', 'underqualified').look();
    gone.pass(6 * DAY_S).look();
    expect(moments(gone)).toEqual([]);
    const byHand = new Story({
      policy: { holdSeconds: 0, assessments: [makeAssessment({ remindDays: [2], handover: 'copy link' })] },
    });
    byHand.enter('test').look();
    const at = byHand.now.toISOString();
    const expiresAt = new Date(byHand.now.getTime() + 7 * DAY_S * 1000).toISOString();
    const told = { invitationId: byHand.last.id, externalId: null, expiresAt, at };
    byHand.happen({ ...told, type: 'invitation.sent', handover: 'copy link' });
    byHand.pass(6 * DAY_S).look();
    expect(moments(byHand)).toEqual([]);
  });

  test('by day: what would fall into the night is asked for in the hours of that day', () => {
    const story = reminding([2]);
    const expiresAt = '2026-03-20T23:59:59.000Z';
    const told = { invitationId: story.last.id, at: story.now.toISOString(), values: { by: 'Ben' }, expiresAt };
    story.happen({ ...told, type: 'follow-up.done', effect: 'extend-invitation' });
    story.pass(17 * DAY_S).look();
    expect(moments(story)).toEqual(['2026-03-18T17:00:00.000Z']);
  });

  test('after an extension for the new deadline too, but not twice within a day', () => {
    const story = reminding([2]);
    story.pass(5 * DAY_S).look();
    const expiresAt = '2026-03-10T09:00:00.000Z';
    const told = { invitationId: story.last.id, at: story.now.toISOString(), values: { by: 'Ben' }, expiresAt };
    story.happen({ ...told, type: 'follow-up.done', effect: 'extend-invitation' });
    story.pass(DAY_S).look();
    expect(moments(story)).toEqual(['2026-03-07T09:00:00.000Z', '2026-03-08T09:00:00.000Z']);
    story.happen({ ...told, expiresAt: '2026-03-10T10:00:00.000Z', type: 'follow-up.done', effect: 'extend-invitation' });
    story.pass(3_600).look();
    expect(moments(story)).toHaveLength(2);
  });
});
