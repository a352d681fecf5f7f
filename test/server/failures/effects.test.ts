import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Member } from '../../../lib/domain/member.ts';
import { retryFailure } from '../../../server/failures/retry-failure.ts';
import { effects, failures } from '../../../server/storage/schema.ts';
import { FakeVendor, FORBIDDEN, LOST, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const ADMIN: Member = { id: randomUUID(), name: 'Rosa', role: 'admin' };
const REFUSED = { ok: false, kind: 'refused', status: 422, detail: 'no credits left' } as const;
const list = (p: Pipeline) => p.db.select().from(failures).orderBy(failures.firstAt);
const again = (p: Pipeline, key: string, invitationId: string) => p.put(key, { kind: 'send-again', invitationId, by: BEN });

const mayEmail = (p: Pipeline, key: string, canEmail: boolean) => p.change(key, (snapshot) => ({ ...snapshot, canEmail }));

/** The background's work, until nothing is left to do now. */
const work = async (p: Pipeline, key: string) => {
  await p.lane(key);
  await p.settle();
};

/** What an admin does with the first on the list that is open. */
async function retry(p: Pipeline): Promise<void> {
  const failure = (await list(p)).find(({ state }) => state === 'open');
  const retried = { failure: failure ?? expect.fail('nothing failed'), member: ADMIN, checked: false };
  expect(await retryFailure({ services: p.services, queue: p.queue }, retried)).toBe('retried');
}

describe('an invitation that did not go out', () => {
  test('stands on the list, is being tried again once somebody says so, and is settled when it went out', async () => {
    const p = given();
    p.vendor.fail('invite', REFUSED);
    const { key, effectId, invitationId } = await p.sending();
    await p.settle();
    expect(await list(p)).toMatchObject([
      { key: `effect:${effectId}`, kind: 'effect', state: 'open', applicationKey: key, reason: { code: 'effect-failed' } },
    ]);
    await again(p, key, invitationId);
    await p.lane(key);
    expect(await list(p)).toMatchObject([{ state: 'retried' }]);
    await p.settle();
    expect(await list(p)).toMatchObject([{ state: 'settled' }]);
    expect(p.vendor.invited).toHaveLength(1);
  });

  test('it fails again: the new try is on the list', async () => {
    const p = given();
    p.vendor.fail('invite', REFUSED, REFUSED);
    const { key, invitationId } = await p.sending();
    await p.settle();
    await again(p, key, invitationId);
    await p.settle();
    await p.lane(key);
    await p.settle();
    expect((await list(p)).map(({ state }) => state)).toEqual(['retried', 'open']);
  });

  test('goes to the address that the ATS has by now, and never to the one that was wrong', async () => {
    const p = given();
    p.vendor.fail('invite', REFUSED);
    const { key, invitationId } = await p.sending({ emails: ['ada@wrong.example'] });
    await p.settle();
    await p.change(key, (snapshot) => ({ ...snapshot, emails: ['Ada@right.example'] }));
    await p.look(key);
    // Invitations are listed by the time they were made.
    p.pass(1);
    await retry(p);
    await p.lane(key);
    await p.settle();
    expect(p.vendor.invited.map(({ email }) => email)).toEqual(['Ada@right.example']);
    expect(await p.codes(key)).toContain('retry-corrected');
    expect(await p.invitationsOf(key)).toMatchObject([
      { id: invitationId, state: 'undone' },
      { state: 'sent', person: 'ada@right.example', attempt: 1 },
    ]);
    expect(await list(p)).toMatchObject([{ state: 'settled' }]);
  });

  test('stays with an address that a person chose for it', async () => {
    const p = given();
    p.vendor.fail('invite', REFUSED);
    const key = await p.apply({ emails: ['ada@work.example'] });
    await p.look(key);
    await p.click(key, { email: 'ada@home.example' });
    await p.lane(key);
    p.pass(60);
    await p.look(key);
    await p.settle();
    await retry(p);
    await p.lane(key);
    await p.settle();
    expect(p.vendor.invited.map(({ email }) => email)).toEqual(['ada@home.example']);
  });

  test('to somebody who has left it is not sent again, and the list says why', async () => {
    const p = given();
    p.vendor.fail('invite', REFUSED);
    const { key } = await p.sending();
    await p.settle();
    await p.change(key, (snapshot) => ({ ...snapshot, status: 'archived' }));
    await p.hint(key);
    await retry(p);
    await p.settle();
    expect(p.vendor.invited).toEqual([]);
    const reason = { code: 'effect-not-again', values: { because: 'not-sent-not-active', status: 'archived' } };
    expect(await list(p)).toMatchObject([{ state: 'open', reason }]);
  });

  test('is tried once more after the answer was no, as often as somebody says so, and goes out once nothing is in the way', async () => {
    const p = given();
    p.vendor.fail('invite', REFUSED);
    const { key } = await p.sending();
    await p.settle();
    await mayEmail(p, key, false);
    for (let tries = 0; tries < 2; tries += 1) {
      await retry(p);
      await work(p, key);
      expect(await list(p)).toMatchObject([{ state: 'open', reason: { values: { because: 'not-sent-do-not-email' } } }]);
    }
    await mayEmail(p, key, true);
    await retry(p);
    await work(p, key);
    expect(p.vendor.invited).toHaveLength(1);
    expect(await list(p)).toMatchObject([{ state: 'settled' }]);
  });
});

describe('what was asked for on an invitation that is out', () => {
  const clickOn = (invitationId: string) => {
    const on = { actionId: randomUUID(), invitationId, by: BEN };
    return {
      resend: { ...on, kind: 'resend' },
      extend: { ...on, kind: 'extend', expiresAt: '2026-03-20T23:59:59.000Z' },
      giveExtraTime: { ...on, kind: 'extra-time' },
      cancel: { kind: 'cancel', invitationId, by: BEN },
    } as const;
  };
  type Call = keyof ReturnType<typeof clickOn>;

  const refused = async (p: Pipeline, call: Call, times = 1) => {
    p.vendor.allow('resend', 'extend', 'giveExtraTime');
    const { key, invitationId } = await p.sent();
    p.vendor.fail(call, ...Array.from({ length: times }, () => REFUSED));
    await p.put(key, clickOn(invitationId)[call]);
    await work(p, key);
    expect(await list(p)).toMatchObject([{ kind: 'effect', state: 'open' }]);
    // What fails from now on is later.
    p.pass(1);
    return key;
  };

  test.each(['resend', 'extend', 'giveExtraTime', 'cancel'] as const)(
    '%s: is settled once it is asked for anew',
    async (call) => {
      const p = given();
      const key = await refused(p, call);
      await retry(p);
      await work(p, key);
      expect(p.vendor.count(call)).toBe(2);
      expect(await list(p)).toMatchObject([{ state: 'settled' }]);
    },
  );

  test.each(['resend', 'extend', 'giveExtraTime', 'cancel'] as const)('%s: fails again, as a line of its own', async (call) => {
    const p = given();
    const key = await refused(p, call, 2);
    await retry(p);
    await work(p, key);
    expect((await list(p)).map(({ state }) => state)).toEqual(['settled', 'open']);
  });

  test('waits for somebody again, and says why, where the answer is no; and is done once nothing is in the way', async () => {
    const p = given();
    const key = await refused(p, 'resend');
    await mayEmail(p, key, false);
    await retry(p);
    await work(p, key);
    expect(p.vendor.resent).toEqual([]);
    const values = { effect: 'resend-invitation', because: 'not-sent-do-not-email' };
    expect(await list(p)).toMatchObject([{ state: 'open', closedBy: null, reason: { code: 'effect-not-again', values } }]);
    await mayEmail(p, key, true);
    await retry(p);
    await work(p, key);
    expect(p.vendor.resent).toHaveLength(1);
    expect(await list(p)).toMatchObject([{ state: 'settled' }]);
  });

  test('a word of somebody else on the same invitation says nothing of it', async () => {
    const p = given();
    const key = await refused(p, 'resend');
    const [{ id: invitationId } = expect.fail('none')] = await p.invitationsOf(key);
    await p.put(key, clickOn(invitationId).resend);
    await work(p, key);
    expect(p.vendor.resent).toHaveLength(1);
    expect(await list(p)).toMatchObject([{ state: 'open' }]);
  });
});

test('what nobody can confirm is settled by the vendor’s own word', async () => {
  const p = given();
  p.vendor = new FakeVendor({ inviteStory: 'unconfirmed' });
  p.vendor.fail('invite', LOST);
  const { key, effectId, invitationId } = await p.sending();
  await p.settle();
  expect(await list(p)).toMatchObject([{ key: `effect:${effectId}`, kind: 'unconfirmed', state: 'open' }]);
  const claim = { state: 'started', startedAt: null, submittedAt: null, result: null } as const;
  await p.put(key, { kind: 'vendor-hint', invitationId, vendor: 'Coderbyte', trusted: true, claim });
  await p.lane(key);
  expect(await list(p)).toMatchObject([{ state: 'settled' }]);
});

test('an invitation to a wrong address that the vendor keeps open stands on the list until it is taken back', async () => {
  const p = given();
  const { key, invitationId } = await p.sent({ emails: ['ada@wrong.example'] });
  p.vendor.fail('cancel', FORBIDDEN);
  const correction = {
    kind: 'correct-email',
    actionId: randomUUID(),
    by: BEN,
    invitationId,
    email: 'ada@right.example',
  } as const;
  await p.put(key, correction);
  await p.lane(key);
  await p.settle();
  expect(await list(p)).toMatchObject([{ kind: 'effect', state: 'open', reason: { values: { effect: 'cancel-invitation' } } }]);
  await retry(p);
  await p.settle();
  expect(p.vendor.cancelled).toEqual([invitationId]);
  expect(await list(p)).toMatchObject([{ state: 'settled' }]);
});

test('a tag that the ATS refuses is on the list with the kind of what failed, and nothing personal', async () => {
  const p = given();
  const key = await p.apply({ emails: ['ada@mail.example'] });
  p.ats.fail('addTag', FORBIDDEN);
  await p.put(key, { kind: 'add-tag', actionId: crypto.randomUUID(), by: BEN, tag: 'Other' });
  await p.settle();
  await p.lane(key);
  await p.settle();
  const found = await list(p);
  expect(found).toMatchObject([{ kind: 'effect', reason: { code: 'effect-failed', values: { effect: 'add-tag' } } }]);
  expect(JSON.stringify(found)).not.toContain('ada@');
});

test('a note that waited for a right and was given up is written once the right is there and somebody tries again', async () => {
  const p = given();
  p.ats.canListNotes = false;
  const { key } = await p.sent();
  const { effect: sent } = (await p.effectRows(key)).find(({ kind }) => kind === 'write-note') ?? expect.fail('no note');
  if (sent.kind !== 'write-note') throw new Error('no note');
  const id = randomUUID();
  const effect = { ...sent, key: 'one more' };
  const row = { id, key: effect.key, kind: effect.kind, effect, applicationKey: key, invitationId: effect.invitationId };
  await p.db.insert(effects).values({ ...row, state: 'queued', createdAt: p.now });
  const before = p.ats.notes.length;
  p.ats.fail('writeNote', FORBIDDEN, FORBIDDEN, FORBIDDEN);
  for (let tries = 0; tries < 2; tries += 1) {
    expect(await p.run(id)).toBe('later');
    p.pass(3600);
  }
  p.pass(24 * 3600);
  await p.run(id);
  expect(await p.effectRow(id)).toMatchObject({ state: 'failed', attempts: 3 });
  await retry(p);
  await p.settle();
  expect(p.ats.notes).toHaveLength(before + 1);
  expect((await p.effectRow(id)).state).toBe('done');
});

test('a step on that somebody else was faster with is not called done when it is tried again', async () => {
  const p = given();
  const { key } = await p.sent();
  const change = { kind: 'advance' } as const;
  const wanted = { kind: 'change', actionId: randomUUID(), by: BEN, change, fromStageId: 'test', fromStageName: 'Test' } as const;
  await p.put(key, wanted);
  await p.lane(key);
  const { id } = (await p.effectRows(key)).find(({ kind }) => kind === 'change-application') ?? expect.fail('not asked for');
  p.ats.fail('advance', UNREACHABLE);
  expect(await p.run(id)).toBe('later');
  p.pass(600);
  await p.enter(key, 'offer');
  await p.run(id);
  expect(await p.effectRow(id)).toMatchObject({ state: 'failed', attempts: 2 });
  await retry(p);
  await p.run(id);
  expect((await p.effectRow(id)).state).toBe('failed');
});

test('an effect on which we fail ourselves is tried a few times, never twice for certain, and ends where a person sees it', async () => {
  const p = given();
  const { key, effectId } = await p.sending();
  p.vendor.onInvite = () => {
    throw new TypeError('ada@mail.example is not iterable');
  };
  for (let run = 0; run < 5; run += 1) {
    await p.run(effectId);
    p.pass(120);
  }
  const row = await p.effectRow(effectId);
  expect(row).toMatchObject({ state: 'unconfirmed', attempts: 5, error: expect.stringContaining('TypeError') });
  expect(row.error).not.toContain('ada@');
  await p.lane(key);
  expect(await list(p)).toMatchObject([{ kind: 'unconfirmed', state: 'open' }]);
  expect(await p.invitationsOf(key)).toMatchObject([{ state: 'unconfirmed' }]);
});
