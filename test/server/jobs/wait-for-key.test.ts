import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { openMailer } from '../../../server/jobs/open-mailer.ts';
import { runEffect } from '../../../server/jobs/run-effect.ts';
import { mayWrite } from '../../../server/outbound/write-guard.ts';
import { say } from '../../../server/say.ts';
import { setExtraTime } from '../../../server/storage/accommodations.repository.ts';
import { saveMailSettings } from '../../../server/storage/mail-settings.repository.ts';
import { addHook } from '../../../server/storage/outgoing-hooks.repository.ts';
import { addPoolLinks } from '../../../server/storage/pool-links.repository.ts';
import { assessments, effects, failures } from '../../../server/storage/schema.ts';
import { createSealer, UnreadableSecret } from '../../../server/storage/seal.ts';
import { createByteboardAdapter } from '../../../server/vendors/byteboard/index.ts';
import type { Input } from '../../../server/workflow/input.ts';
import { FakeVendor } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const DAY_S = 86_400;
const OURS = { emailedBy: 'us', externalId: null, link: 'https://tests.example/t/1' } as const;
const LOCKED = say('server.trouble.locked');

/** The server was started with another master key; answers how it is started with the right one again. */
const lock = (p: Pipeline): (() => void) => {
  const { sealer } = p.services;
  Object.assign(p.services, { sealer: createSealer(randomBytes(32)) });
  return () => void Object.assign(p.services, { sealer });
};
const rowOf = async (p: Pipeline, key: string, kind: string) => {
  const found = (await p.effectRows(key)).filter((row) => row.kind === kind).at(-1);
  if (!found) throw new Error(`no ${kind}: ${await p.codes(key)}`);
  return found;
};
const inSeconds = (p: Pipeline, seconds: number) => new Date(p.now.getTime() + seconds * 1000);
/** As often as it would be a fault of ours to be told. */
const runOften = async (p: Pipeline, effectId: string) => {
  for (let tries = 0; tries < 7; tries += 1) {
    expect(await p.run(effectId)).toBe('later');
    p.pass(60);
  }
};

/** The invitation is out, and somebody has clicked that it is to be sent again. */
const resending = async () => {
  const p = pipeline.current();
  p.vendor.receipt = OURS;
  const { key, invitationId } = await p.sent();
  p.mails.length = 0;
  p.pass(1);
  await p.put(key, { kind: 'resend', actionId: randomUUID(), by: BEN, invitationId } as Input);
  await p.lane(key);
  return { p, key, effectId: (await rowOf(p, key, 'resend-invitation')).id };
};

describe('what is sealed under another master key than the one that is set', () => {
  test('holds up what needs it for as long as it does, and nothing has happened', async () => {
    const { p, key, effectId } = await resending();
    const unlock = lock(p);
    expect(await p.run(effectId)).toBe('later');
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'queued', error: LOCKED, runAfter: inSeconds(p, 60) });
    p.pass(60);
    await runOften(p, effectId);
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'queued', error: LOCKED });
    expect(await p.db.select().from(failures)).toEqual([]);
    unlock();
    await p.settle();
    expect(p.mails.map(({ text }) => text)).toEqual([expect.stringContaining(OURS.link)]);
    expect((await p.codes(key)).at(-1)).toBe('resend-done');
  });

  test('after a day a person is told that it was not done', async () => {
    const { p, key, effectId } = await resending();
    lock(p);
    p.pass(DAY_S);
    expect(await p.run(effectId)).toBe('done');
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'failed', error: LOCKED });
    await p.lane(key);
    expect((await p.codes(key)).at(-1)).toBe('resend-failed');
  });

  test('a reminder waits, too', async () => {
    const p = pipeline.current();
    await p.db
      .update(assessments)
      .set({ remindDays: [2] })
      .where(eq(assessments.id, p.assessment.id));
    p.vendor.receipt = OURS;
    const { key } = await p.sent();
    p.mails.length = 0;
    const unlock = lock(p);
    p.pass(5 * DAY_S);
    await p.look(key);
    const { id } = await rowOf(p, key, 'remind-candidate');
    await runOften(p, id);
    expect(p.mails).toEqual([]);
    unlock();
    await p.settle();
    expect(p.mails).toHaveLength(1);
    expect(await p.codes(key)).toContain('reminder-sent');
  });

  describe('of the mail server', () => {
    const saveServer = (p: Pipeline) =>
      saveMailSettings(
        p.db,
        { from: 'us@ours.example', smtpUrl: new URL('smtps://u:p@mail.example'), now: p.now },
        createSealer(randomBytes(32)),
      );

    test('no e-mail has gone out', async () => {
      const { p, effectId } = await resending();
      await saveServer(p);
      await runEffect({ ...p.parts, mailer: () => openMailer(p.services) }, effectId);
      expect(await p.effectRow(effectId)).toMatchObject({ state: 'queued', error: LOCKED });
      p.pass(60);
      expect(await p.run(effectId)).toBe('done');
      expect(p.mails).toHaveLength(1);
    });

    test.each(['unconfirmed', 'look', 'key'] as const)(
      'what a vendor (%s) has made for it is remembered, and made once',
      async (inviteStory) => {
        const p = pipeline.current();
        p.vendor = new FakeVendor({ inviteStory });
        p.vendor.receipt = { emailedBy: 'us' };
        // As a call over the network asks.
        p.vendor.onInvite = async () => void (await mayWrite());
        await saveServer(p);
        const { key, effectId, invitationId } = await p.sending();
        for (let tries = 0; tries < 3; tries += 1) {
          await runEffect({ ...p.parts, mailer: () => openMailer(p.services) }, effectId);
          expect(await p.effectRow(effectId)).toMatchObject({ state: 'queued', error: LOCKED });
          p.pass(60);
        }
        await p.settle();
        expect(p.vendor.count('invite')).toBe(1);
        expect(p.mails.map(({ text }) => text)).toEqual([expect.stringContaining(`/t/${invitationId}`)]);
        expect((await p.invitationsOf(key))[0]?.state).toBe('sent');
      },
    );
  });

  test('of what a person needs: nobody is invited without it', async () => {
    const p = pipeline.current();
    p.vendor = new FakeVendor({ extraTime: 'at-invite' });
    await setExtraTime(p.services, { person: 'ada@needs.example', percent: 50, setBy: randomUUID(), now: p.now });
    const unlock = lock(p);
    const { effectId } = await p.sending({ emails: ['ada@needs.example'] });
    await runOften(p, effectId);
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'queued', error: LOCKED });
    expect(p.vendor.count('invite')).toBe(0);
    unlock();
    await p.settle();
    expect(p.vendor.invited.map(({ extraTimePercent }) => extraTimePercent)).toEqual([50]);
  });

  test('of another system: it is told later', async () => {
    const p = pipeline.current();
    await addHook(
      p.services,
      { name: 'Warehouse', url: 'https://other.example/hook', events: ['invitation.sent'], enabled: true },
      'whsec_AA',
    );
    const { key } = await p.sending();
    await p.run((await rowOf(p, key, 'send-invitation')).id);
    await p.lane(key);
    lock(p);
    const { id } = await rowOf(p, key, 'call-hook');
    await runOften(p, id);
    expect(await p.effectRow(id)).toMatchObject({ state: 'queued', error: LOCKED });
  });

  test('of a one-time link: the invitation waits', async () => {
    const p = pipeline.current();
    await p.db.update(assessments).set({ linkTemplate: null, handover: 'our e-mail' }).where(eq(assessments.id, p.assessment.id));
    p.vendorAnswer = { ok: true, value: createByteboardAdapter() };
    await addPoolLinks(p.services, { assessmentId: p.assessment.id, links: ['https://vendor.example/take/a'] });
    const unlock = lock(p);
    const { effectId } = await p.sending();
    await runOften(p, effectId);
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'queued', error: LOCKED });
    unlock();
    await p.settle();
    expect(p.mails.map(({ text }) => text)).toEqual([expect.stringContaining('https://vendor.example/take/a')]);
  });

  test('what was cut off before stays in doubt while it waits', async () => {
    const p = pipeline.current();
    p.vendor = new FakeVendor({ extraTime: 'at-invite', inviteStory: 'look' });
    await setExtraTime(p.services, { person: 'ada@needs.example', percent: 50, setBy: randomUUID(), now: p.now });
    const { effectId } = await p.sending({ emails: ['ada@needs.example'] });
    await p.db.update(effects).set({ state: 'calling', attempts: 1, startedAt: p.now }).where(eq(effects.id, effectId));
    const unlock = lock(p);
    await runOften(p, effectId);
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'calling', error: LOCKED });
    unlock();
    expect(await p.run(effectId)).toBe('done');
    expect(p.vendor.count('invite')).toBe(1);
  });

  test('what was written before it was found leaves in doubt what came of that', async () => {
    const p = pipeline.current();
    p.vendor.onInvite = async () => {
      p.vendor.onInvite = () => undefined;
      expect(await mayWrite()).toBe(true);
      throw new UnreadableSecret('found late');
    };
    const { effectId } = await p.sending();
    expect(await p.run(effectId)).toBe('later');
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'calling', error: LOCKED });
  });
});
