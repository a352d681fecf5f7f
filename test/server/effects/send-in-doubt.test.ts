import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { CAN_TRY_UNSEEN, canTryUnseen } from '../../../server/failures/can-try.ts';
import { effects, failures, invitations } from '../../../server/storage/schema.ts';
import type { FoundInvitation } from '../../../server/vendors/operations.ts';
import type { VendorCapabilities } from '../../../server/vendors/port.ts';
import { FORBIDDEN, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN, makeResult } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
beforeEach(() => {
  p = pipeline.current();
});

const REFUSED = { ok: false, kind: 'refused', status: 422, detail: 'no' } as const;
const UNREADABLE = { ok: false, kind: 'unreadable', detail: 'a page' } as const;
const HOUR = 3600;
const DAY = 24 * HOUR;
const isDone = { state: 'scored', startedAt: null, submittedAt: null, result: makeResult() } as const;

/** As a vendor shows it that does not tell whose it is. */
const shown = (part: Partial<FoundInvitation> = {}): FoundInvitation => ({
  externalId: 'there',
  invitationId: null,
  email: 'ada@mail.example',
  invitedAt: p.now.toISOString(),
  expiresAt: null,
  report: { state: 'sent', startedAt: null, submittedAt: null, result: null },
  ...part,
});

/** Of the first sending the vendor's answer was lost, and asking once more was refused. Then a person asks for it again. */
async function clicked(inviteStory: VendorCapabilities['inviteStory'], found: Partial<FoundInvitation>[] = []) {
  p.vendor.adapter.capabilities.inviteStory = inviteStory;
  const { key, invitationId, effectId } = await p.sending();
  p.vendor.fail('invite', 'work-then-fail', REFUSED);
  p.vendor.fail('findInvitation', REFUSED);
  await p.settle();
  p.pass(HOUR);
  await p.settle();
  expect((await p.effectRow(effectId)).state).toBe('unconfirmed');
  expect(await p.invitationsOf(key)).toMatchObject([{ state: 'unconfirmed', externalId: null }]);
  for (const failures of p.vendor.failures.values()) failures.length = 0;
  p.vendor.operations.findInvitations = async () => ({ ok: true, value: found.map(shown) });
  p.vendor.calls.length = 0;
  await p.put(key, { kind: 'send-again', by: BEN, invitationId });
  await p.lane(key);
  return { key, invitationId };
}

const first = async (key: string) => (await p.invitationsOf(key))[0];

describe('of a vendor that gives the open one back', () => {
  test('it is asked for once more, although its own one looks like one from outside', async () => {
    const { key, invitationId } = await clicked('key', [{}]);
    await p.settle();
    expect(p.vendor.invited.map((order) => order.invitationId)).toEqual([invitationId, invitationId]);
    expect(await first(key)).toMatchObject({ state: 'sent' });
  });

  test.each([{ invitedAt: '2026-01-01T00:00:00.000Z' }, { invitedAt: null }])(
    'but one that need not be ours is in its way: %o',
    async (found) => {
      const { key } = await clicked('key', [found]);
      await p.settle();
      expect(p.vendor.calls).toEqual([]);
      expect((await first(key))?.trouble?.values.detail).toMatch(/Attach that one/);
    },
  );

  test('what was taken meanwhile is not asked for a second time', async () => {
    const { key } = await clicked('key', [{ report: isDone }]);
    await p.settle();
    expect(p.vendor.calls).toEqual([]);
    expect(await first(key)).toMatchObject({ state: 'sent', externalId: 'there' });
  });

  test('that is so for what was cut off as well', async () => {
    const { key } = await clicked('key', [{ report: isDone }]);
    await p.db.update(effects).set({ state: 'calling', attempts: 1 }).where(eq(effects.state, 'queued'));
    await p.settle();
    expect(p.vendor.calls).toEqual([]);
    expect(await first(key)).toMatchObject({ state: 'sent' });
  });

  test('it waits while the vendor cannot be asked, but not longer than an hour', async () => {
    const { key } = await clicked('key');
    p.vendor.operations.findInvitations = async () => UNREACHABLE;
    await p.settle();
    expect(await first(key)).toMatchObject({ state: 'sending' });
    expect(p.vendor.calls).toEqual([]);
    p.pass(HOUR + 60);
    await p.settle();
    expect(p.vendor.calls).toEqual(['invite']);
    expect(await first(key)).toMatchObject({ state: 'sent' });
  });

  test('while there is another one whose id was never told, that may be the one', async () => {
    const { key, invitationId } = await clicked('key', [{ report: isDone }]);
    const [row] = await p.db.select().from(invitations);
    if (!row) throw new Error('nobody was invited');
    await p.db.insert(invitations).values({ ...row, id: randomUUID(), attempt: 2, state: 'scored', externalId: null });
    await p.settle();
    expect(p.vendor.invited.filter((order) => order.invitationId === invitationId)).toHaveLength(2);
    expect((await p.invitationsOf(key)).find(({ id }) => id === invitationId)?.externalId).not.toBe('there');
  });

  test('after a day of bad weather it is in doubt as before, and a cancel that waits is not dropped for it', async () => {
    const { key, invitationId } = await clicked('key');
    p.vendor.fail('invite', ...Array.from({ length: 50 }, () => UNREACHABLE));
    await p.settle();
    p.pass(DAY + 60);
    await p.settle();
    expect(await first(key)).toMatchObject({ state: 'unconfirmed' });
    const sendings = (await p.effectRows(key)).filter(({ kind }) => kind === 'send-invitation');
    expect(sendings.map(({ state }) => state).toSorted()).toEqual(['failed', 'unconfirmed']);
    for (const failures of p.vendor.failures.values()) failures.length = 0;
    await p.put(key, { kind: 'cancel', by: BEN, invitationId });
    await p.lane(key);
    await p.settle();
    expect(p.vendor.cancelled).toEqual([invitationId]);
  });
});

describe('of a vendor that can be asked for ours', () => {
  test('it is found, and no second one is made', async () => {
    const { key } = await clicked('look');
    await p.settle();
    expect(p.vendor.calls).not.toContain('invite');
    expect(await first(key)).toMatchObject({ state: 'sent', externalId: expect.stringMatching(/^ext-/) });
  });

  test('what was taken meanwhile is not mailed', async () => {
    p.vendor.receipt = { emailedBy: 'us' };
    const { key } = await clicked('look');
    p.vendor.report = isDone;
    await p.settle();
    expect(p.mails).toEqual([]);
    expect(await first(key)).toMatchObject({ state: 'sent' });
  });

  test('a look that cannot be read is made again, and then the e-mail goes out', async () => {
    p.vendor.receipt = { emailedBy: 'us' };
    const { key } = await clicked('look');
    p.vendor.fail('findInvitation', UNREADABLE);
    await p.settle();
    p.pass(60);
    await p.settle();
    expect(p.mails).toHaveLength(1);
    expect(p.vendor.calls).not.toContain('invite');
    expect(await first(key)).toMatchObject({ state: 'sent' });
  });

  test('where it does not let us look, the person has: it is asked for, and a refusal leaves it in doubt', async () => {
    const { key } = await clicked('look');
    p.vendor.fail('findInvitation', FORBIDDEN);
    p.vendor.fail('invite', REFUSED);
    await p.settle();
    expect(p.vendor.calls).toEqual(['findInvitation', 'invite']);
    expect(await first(key)).toMatchObject({ state: 'unconfirmed' });
    await p.put(key, { kind: 'send-again', by: BEN, invitationId: (await first(key))?.id ?? '' });
    await p.lane(key);
    await p.settle();
    expect(p.vendor.calls.slice(2)).toEqual(['findInvitation', 'readReport']);
    expect(await first(key)).toMatchObject({ state: 'sent' });
  });

  test('one that is there without a way to it stays in doubt', async () => {
    const { key } = await clicked('look');
    p.vendor.fail('findInvitation', { ok: false, kind: 'ambiguous', detail: 'no link' });
    await p.settle();
    expect(p.vendor.calls).toEqual(['findInvitation']);
    expect(await first(key)).toMatchObject({ state: 'unconfirmed' });
  });

  test('where it surely is not there, a refusal is one', async () => {
    const { key } = await clicked('look');
    p.vendor.adapter.findInvitation = async () => ({ ok: true, value: null });
    p.vendor.fail('invite', REFUSED);
    await p.settle();
    expect(await first(key)).toMatchObject({ state: 'failed' });
  });
});

test('the candidate has left: nothing is asked for, and the doubt stays', async () => {
  const { key } = await clicked('look');
  await p.change(key, (snapshot) => ({ ...snapshot, status: 'archived' }));
  await p.look(key);
  await p.settle();
  expect(p.vendor.calls).not.toContain('invite');
  expect((await first(key))?.state).not.toBe('failed');
});

describe('what was tried again and is in doubt as before', () => {
  /** What "Try all again" would take, by both ways of asking. */
  const unseen = async () => {
    const lines = await p.db.select().from(failures);
    const rows = await p.db.select().from(failures).where(CAN_TRY_UNSEEN);
    expect(rows.map(({ key }) => key)).toEqual(lines.filter(canTryUnseen).map(({ key }) => key));
    return rows;
  };

  test('is not sent once more without a look: after a refusal', async () => {
    const { key } = await clicked('unconfirmed');
    p.vendor.fail('invite', REFUSED);
    await p.settle();
    expect(await first(key)).toMatchObject({ state: 'unconfirmed' });
    const again = (await p.effectRows(key)).find(({ kind, state }) => kind === 'send-invitation' && state === 'failed');
    const lines = await p.db.select().from(failures);
    expect(lines.find((line) => line.key === `effect:${again?.id}`)).toMatchObject({
      kind: 'unconfirmed',
      state: 'open',
      reason: { code: 'effect-unconfirmed' },
    });
    expect(await unseen()).toEqual([]);
  });

  test('is not sent once more without a look: after a day of bad weather', async () => {
    const { key } = await clicked('unconfirmed');
    p.vendor.fail('invite', ...Array.from({ length: 50 }, () => UNREACHABLE));
    await p.settle();
    p.pass(DAY + 60);
    await p.settle();
    expect(await first(key)).toMatchObject({ state: 'unconfirmed' });
    expect(await unseen()).toEqual([]);
  });
});
