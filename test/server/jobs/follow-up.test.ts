import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { setExtraTime } from '../../../server/storage/accommodations.repository.ts';
import { assessments, invitations } from '../../../server/storage/schema.ts';
import type { Input } from '../../../server/workflow/input.ts';
import { FakeVendor, LOST, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const DAY_S = 86_400;
const REFUSED = { ok: false, kind: 'refused', status: 422, detail: 'only by e-mail' } as const;

/** Somebody whose invitation is out; the vendor made it and wrote the e-mail unless said otherwise. */
const sent = async (
  given: { receipt?: FakeVendor['receipt']; capabilities?: Partial<FakeVendor['adapter']['capabilities']> } = {},
) => {
  const p = pipeline.current();
  p.vendor = new FakeVendor(given.capabilities);
  p.vendor.receipt = given.receipt ?? {};
  const { key, invitationId } = await p.sent();
  return { p, key, invitationId };
};
const OURS = { emailedBy: 'us', externalId: null, link: 'https://tests.example/t/1' } as const;

type Click = { kind: 'resend' | 'extra-time' } | { kind: 'extend'; expiresAt: string } | { kind: 'correct-email'; email: string };
const click = async (p: Pipeline, key: string, invitationId: string, wanted: Click) => {
  p.pass(1);
  await p.put(key, { ...wanted, actionId: randomUUID(), by: BEN, invitationId } as Input);
  await p.lane(key);
};
const rowOf = async (p: Pipeline, key: string, kind: string) => {
  const found = (await p.effectRows(key)).filter((row) => row.kind === kind).at(-1);
  if (!found) throw new Error(`no ${kind}: ${await p.codes(key)}`);
  return found;
};

describe('sending again', () => {
  test('by the vendor, where the vendor wrote the e-mail', async () => {
    const { p, key, invitationId } = await sent();
    p.vendor.allow('resend');
    await click(p, key, invitationId, { kind: 'resend' });
    await p.settle();
    expect(p.vendor.resent).toEqual([invitationId]);
    expect(p.mails).toEqual([]);
    expect((await p.codes(key)).at(-1)).toBe('resend-done');
  });

  test('by us with the same link, where the e-mail was ours, under a Message-ID of its own', async () => {
    const { p, key, invitationId } = await sent({ receipt: OURS });
    p.vendor.allow('resend');
    await click(p, key, invitationId, { kind: 'resend' });
    await p.settle();
    expect(p.vendor.resent).toEqual([]);
    const [first, second] = p.mails;
    expect(p.mails).toHaveLength(2);
    expect(second?.to).toBe(first?.to);
    expect(second?.text).toContain('https://tests.example/t/1');
    expect(second?.reference).not.toBe(first?.reference);
  });

  test('a lost answer is unconfirmed, and it is never sent once more by itself', async () => {
    const { p, key, invitationId } = await sent();
    p.vendor.allow('resend');
    p.vendor.fail('resend', 'work-then-fail');
    await click(p, key, invitationId, { kind: 'resend' });
    await p.settle();
    p.pass(2 * 3600);
    await p.settle();
    expect(p.vendor.resent).toEqual([invitationId]);
    expect((await p.codes(key)).at(-1)).toBe('resend-unconfirmed');
    expect((await rowOf(p, key, 'resend-invitation')).state).toBe('unconfirmed');
    expect((await p.invitationsOf(key))[0]?.state).toBe('sent');
  });

  test('neither is a mail of ours, nor what a crash cut off', async () => {
    const { p, key, invitationId } = await sent({ receipt: OURS });
    p.mailer.answer = LOST;
    await click(p, key, invitationId, { kind: 'resend' });
    await p.settle();
    expect(p.mails).toHaveLength(2);
    p.mailer.answer = { ok: true, value: undefined };
    await click(p, key, invitationId, { kind: 'resend' });
    const row = await rowOf(p, key, 'resend-invitation');
    await p.db.execute(`update tagalong.effects set state = 'calling' where id = '${row.id}'`);
    await p.settle();
    expect(p.mails).toHaveLength(2);
    expect((await p.codes(key)).filter((code) => code === 'resend-unconfirmed')).toHaveLength(2);
  });

  test('what surely did not go out is tried until the vendor can be reached', async () => {
    const { p, key, invitationId } = await sent();
    p.vendor.allow('resend');
    p.vendor.fail('resend', UNREACHABLE);
    await click(p, key, invitationId, { kind: 'resend' });
    await p.settle();
    expect(p.vendor.resent).toEqual([]);
    p.pass(600);
    await p.settle();
    expect(p.vendor.resent).toEqual([invitationId]);
  });

  test('not any more to who has begun while it waited', async () => {
    const { p, key, invitationId } = await sent();
    p.vendor.allow('resend');
    await click(p, key, invitationId, { kind: 'resend' });
    await p.db.update(invitations).set({ state: 'started' }).where(eq(invitations.id, invitationId));
    await p.settle();
    expect(p.vendor.resent).toEqual([]);
    expect((await p.codes(key)).at(-1)).toBe('resend-failed');
  });
});

describe('the deadline', () => {
  const later = (p: Pipeline, days: number) => new Date(p.now.getTime() + days * DAY_S * 1000).toISOString();

  test('is set at the vendor, also when the first answer was lost, and the timer follows', async () => {
    const { p, key, invitationId } = await sent();
    p.vendor.allow('extend');
    p.vendor.fail('extend', 'work-then-fail');
    const expiresAt = later(p, 20);
    await click(p, key, invitationId, { kind: 'extend', expiresAt });
    await p.settle();
    p.pass(600);
    await p.settle();
    expect(p.vendor.count('extend')).toBe(2);
    expect(p.vendor.deadlines.get(invitationId)).toBe(expiresAt);
    expect((await p.invitationsOf(key))[0]?.expiresAt).toBe(expiresAt);
    expect((await p.row(key))?.dueAt?.toISOString()).toBe(expiresAt);
  });

  test('is ours for a link that we sent: nobody is called', async () => {
    const { p, key, invitationId } = await sent({ receipt: OURS });
    p.vendor.allow('extend');
    const expiresAt = later(p, 20);
    await click(p, key, invitationId, { kind: 'extend', expiresAt });
    await p.settle();
    expect(p.vendor.count('extend')).toBe(0);
    expect((await p.invitationsOf(key))[0]?.expiresAt).toBe(expiresAt);
  });

  test('stays as it was when the vendor refuses, and the reason is told', async () => {
    const { p, key, invitationId } = await sent();
    p.vendor.allow('extend');
    p.vendor.fail('extend', REFUSED);
    const [before] = await p.invitationsOf(key);
    await click(p, key, invitationId, { kind: 'extend', expiresAt: later(p, 20) });
    await p.settle();
    expect((await p.codes(key)).at(-1)).toBe('extension-failed');
    expect((await p.invitationsOf(key))[0]?.expiresAt).toBe(before?.expiresAt);
  });
});

describe('extra time', () => {
  const give = async (p: Pipeline, person: string, percent: number | null) =>
    await setExtraTime(p.services, { person, percent, setBy: randomUUID(), now: p.now });

  test('travels in the next order to a vendor that takes it, for the person and not for others', async () => {
    const p = pipeline.current();
    p.vendor = new FakeVendor({ extraTime: 'at-invite' });
    await give(p, 'ada@needs.example', 50);
    await p.sent({ emails: ['Ada@Needs.example'] });
    await p.sent({ emails: ['ben@needs.example'] });
    expect(p.vendor.invited.map(({ extraTimePercent }) => extraTimePercent)).toEqual([50, undefined]);
  });

  test('is not told to a vendor that takes none', async () => {
    const p = pipeline.current();
    p.vendor = new FakeVendor({ extraTime: 'later' });
    await give(p, 'ada@needs.example', 50);
    await p.sent({ emails: ['ada@needs.example'] });
    expect(JSON.stringify(p.vendor.invited)).not.toContain('extraTime');
  });

  test('is given later where the vendor can, as it is set then, and again after a lost answer', async () => {
    const { p, key, invitationId } = await sent();
    p.vendor.allow('giveExtraTime');
    p.vendor.fail('giveExtraTime', LOST);
    const [invitation] = await p.invitationsOf(key);
    await give(p, invitation?.person ?? '', 25);
    await click(p, key, invitationId, { kind: 'extra-time' });
    await p.settle();
    await give(p, invitation?.person ?? '', 100);
    p.pass(600);
    await p.settle();
    expect([...p.vendor.extraTime]).toEqual([[invitationId, 100]]);
    expect((await p.codes(key)).slice(-2)).toEqual(['settings-changed', 'settings-taken']);
  });

  test('where the vendor cannot it is kept, and a refusal is told without the vendor’s words', async () => {
    const { p, key, invitationId } = await sent();
    await click(p, key, invitationId, { kind: 'extra-time' });
    await p.settle();
    expect((await p.codes(key)).at(-1)).toBe('settings-kept');
    p.vendor.allow('giveExtraTime');
    p.vendor.fail('giveExtraTime', { ...REFUSED, detail: 'accommodation of 237 percent is too much' });
    await click(p, key, invitationId, { kind: 'extra-time' });
    await p.settle();
    expect((await p.codes(key)).at(-1)).toBe('settings-failed');
    expect((await rowOf(p, key, 'give-extra-time')).error).not.toMatch(/237|accommodation/);
  });
});

describe('a wrong address', () => {
  test('refused by the mail server: it is said that the address was, and the right one gets it', async () => {
    const p = pipeline.current();
    p.vendor = new FakeVendor();
    p.vendor.receipt = OURS;
    p.mailer.answer = { ok: false, kind: 'refused', status: 550, detail: 'no such mailbox' };
    const { key, invitationId } = await p.sent();
    expect((await p.invitationsOf(key))[0]).toMatchObject({ state: 'failed', trouble: { values: { about: 'address' } } });
    p.mailer.answer = { ok: true, value: undefined };
    await click(p, key, invitationId, { kind: 'correct-email', email: 'right@mail.example' });
    await p.settle();
    expect((await p.invitationsOf(key)).map(({ state, person }) => `${state} ${person}`).slice(-1)).toEqual([
      'sent right@mail.example',
    ]);
    expect(p.mails.at(-1)?.to).toBe('right@mail.example');
  });

  test.each([
    ['by the mail server, for the text', { receipt: OURS, mail: { status: 554, detail: 'looks like spam' } }],
    ['by the vendor, for the test', { invite: { status: 422, detail: 'the test is locked' } }],
  ])(
    'not said of what was refused %s',
    async (_, { receipt, mail, invite }: { receipt?: FakeVendor['receipt']; mail?: object; invite?: object }) => {
      const p = pipeline.current();
      p.vendor = new FakeVendor();
      p.vendor.receipt = receipt ?? {};
      if (mail) p.mailer.answer = { ...REFUSED, ...mail };
      if (invite) p.vendor.fail('invite', { ...REFUSED, ...invite });
      const { key } = await p.sent();
      const [invitation] = await p.invitationsOf(key);
      expect(invitation?.state).toBe('failed');
      expect(invitation?.trouble?.values).not.toHaveProperty('about');
    },
  );

  test('the vendor takes the old one back and sends the same attempt to the right one, once for two clicks', async () => {
    const { p, key, invitationId } = await sent();
    p.pass(1);
    await p.put(key, { kind: 'correct-email', actionId: 'a', by: BEN, invitationId, email: 'right@mail.example' }, 'action:a');
    await p.put(key, { kind: 'correct-email', actionId: 'a', by: BEN, invitationId, email: 'right@mail.example' }, 'action:a');
    await p.put(key, { kind: 'correct-email', actionId: 'b', by: BEN, invitationId, email: 'right@mail.example' }, 'action:b');
    await p.lane(key);
    await p.settle();
    expect(p.vendor.cancelled).toEqual([invitationId]);
    expect(p.vendor.invited.map(({ email }) => email).slice(1)).toEqual(['right@mail.example']);
    expect((await p.invitationsOf(key)).map(({ state, attempt }) => [state, attempt])).toEqual([
      ['cancelled', 1],
      ['sent', 1],
    ]);
  });

  test('a vendor that cannot take it back: that is said, and the right one gets it all the same', async () => {
    const { p, key, invitationId } = await sent({ capabilities: { cancels: false } });
    await click(p, key, invitationId, { kind: 'correct-email', email: 'right@mail.example' });
    await p.settle();
    expect(await p.codes(key)).toContain('cancel-failed');
    expect((await rowOf(p, key, 'cancel-invitation')).error).toMatch(/no way to withdraw it/);
    expect((await p.invitationsOf(key)).map(({ state }) => state)).toEqual(['cancelled', 'sent']);
  });

  test('somebody else’s open invitation is in the way in another application: nothing ends and nothing is sent', async () => {
    const { p, key, invitationId } = await sent();
    const other = await p.sent({ emails: ['right@mail.example'] });
    const invitedBefore = p.vendor.invited.length;
    await click(p, key, invitationId, { kind: 'correct-email', email: 'Right@mail.example' });
    await p.settle();
    expect((await p.codes(key)).at(-1)).toBe('not-sent-open-elsewhere');
    expect((await p.invitationsOf(key)).map(({ state }) => state)).toEqual(['sent']);
    expect((await p.invitationsOf(other.key)).map(({ state }) => state)).toEqual(['sent']);
    expect(p.vendor.invited).toHaveLength(invitedBefore);
  });
});

describe('reminders', () => {
  const reminding = async (given: Parameters<typeof sent>[0] = { receipt: OURS }) => {
    const p = pipeline.current();
    await p.db
      .update(assessments)
      .set({ remindDays: [2] })
      .where(eq(assessments.id, p.assessment.id));
    return await sent(given);
  };
  const wake = async (p: Pipeline, key: string, seconds: number) => {
    p.pass(seconds);
    await p.look(key);
    await p.settle();
  };

  test('one e-mail of ours with the link and the deadline, kept in the record', async () => {
    const { p, key } = await reminding();
    expect((await p.row(key))?.dueAt?.toISOString()).toBe('2026-03-07T09:00:00.000Z');
    await wake(p, key, 5 * DAY_S);
    await wake(p, key, DAY_S);
    expect(p.mails).toHaveLength(2);
    const [, reminder] = p.mails;
    expect(reminder?.subject).toBe('Analytical Engines: a reminder of your assessment "Senior SWE"');
    for (const form of [reminder?.text, reminder?.html]) {
      expect(form).toContain('https://tests.example/t/1');
      expect(form).toContain('Monday, March 9, 2026');
      expect(form).toContain('reminder');
    }
    expect((await p.invitationsOf(key))[0]?.remindedAt).toEqual(['2026-03-07T09:00:00.000Z']);
    expect(await p.codes(key)).toContain('reminder-sent');
  });

  test('none where we have no link', async () => {
    const { p, key } = await reminding({ receipt: { ...OURS, emailedBy: 'vendor' as const, link: null } });
    const before = p.mails.length;
    await wake(p, key, 5 * DAY_S);
    expect(p.mails).toHaveLength(before);
    expect(await p.codes(key)).toContain('reminder-skipped');
    expect((await p.invitationsOf(key))[0]?.remindedAt).toEqual([]);
  });

  test('none to who has begun, none to who is marked "do not e-mail"', async () => {
    const { p, key, invitationId } = await reminding();
    await p.db.update(invitations).set({ state: 'started' }).where(eq(invitations.id, invitationId));
    await wake(p, key, 5 * DAY_S);
    const other = await p.sent();
    await p.change(other.key, (snapshot) => ({ ...snapshot, canEmail: false }));
    await wake(p, other.key, 5 * DAY_S);
    expect(p.mails).toHaveLength(2);
    expect(await p.codes(other.key)).toContain('reminder-skipped');
  });

  test('what is found due at night waits for the morning', async () => {
    const { p, key } = await reminding();
    await wake(p, key, 5 * DAY_S + 14 * 3600);
    expect(p.now.toISOString()).toBe('2026-03-07T23:00:00.000Z');
    expect(p.mails).toHaveLength(1);
    await wake(p, key, 9 * 3600);
    expect(p.mails).toHaveLength(2);
  });

  test('a lost answer is never followed by the same reminder', async () => {
    const { p, key } = await reminding();
    p.mailer.answer = LOST;
    await wake(p, key, 5 * DAY_S);
    p.mailer.answer = { ok: true, value: undefined };
    await wake(p, key, DAY_S);
    expect(p.mails).toHaveLength(2);
    expect(await p.codes(key)).toContain('reminder-unconfirmed');
  });

  test('neither is one that a crash cut off', async () => {
    const { p, key } = await reminding();
    p.pass(5 * DAY_S);
    await p.look(key);
    const row = await rowOf(p, key, 'remind-candidate');
    await p.db.execute(`update tagalong.effects set state = 'calling' where id = '${row.id}'`);
    await p.settle();
    expect(p.mails).toHaveLength(1);
    expect((await p.codes(key)).at(-1)).toBe('reminder-unconfirmed');
  });
});
