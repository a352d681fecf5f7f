import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { runEffect } from '../../../server/jobs/run-effect.ts';
import { CONNECT_TIMEOUT_MS } from '../../../server/outbound/exchange.ts';
import { mayWrite } from '../../../server/outbound/write-guard.ts';
import { setExtraTime } from '../../../server/storage/accommodations.repository.ts';
import { assessments, effects, invitations } from '../../../server/storage/schema.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import { FakeVendor, LOST, NOT_FOUND, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN, makeResult } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
const given = async (vendor?: ConstructorParameters<typeof FakeVendor>[0]): Promise<Pipeline> => {
  p = pipeline.current();
  if (vendor) p.vendor = new FakeVendor(vendor);
  return p;
};
const stateOf = async (key: string) => (await p.invitationsOf(key))[0]?.state;
const REFUSED = { ok: false, kind: 'refused', status: 422, detail: 'no credits left' } as const;
const DAY = 24 * 3600;

/** The process died after it had said that it calls: whether it called, nobody knows. */
const crashInCall = async (effectId: string) => {
  await p.db.update(effects).set({ state: 'calling', attempts: 1, startedAt: p.now }).where(eq(effects.id, effectId));
};
const effectOf = async (key: string, kind: string) => {
  const found = (await p.effectRows(key)).find((row) => row.kind === kind);
  if (!found) throw new Error(`no ${kind} was asked for`);
  return found;
};

describe('sending', () => {
  test('the invitation goes out, its link is sealed, and the note follows from that', async () => {
    const { key, effectId, invitationId } = await (await given()).sending();
    expect(await p.run(effectId)).toBe('done');
    await p.lane(key);
    expect(p.vendor.invited).toMatchObject([{ invitationId, attempt: 1, expiresAt: '2026-03-09T09:00:00.000Z' }]);
    const [row] = await p.db.select().from(invitations).where(eq(invitations.id, invitationId));
    expect(row).toMatchObject({ state: 'sent', externalId: `ext-${invitationId}` });
    expect(row?.sealedLink).not.toContain('coderbyte.com');
    expect(p.services.sealer.open(row?.sealedLink ?? '', `invitation:${invitationId}`)).toContain('/t/');
    expect(JSON.stringify(await p.effectRows())).not.toContain('coderbyte.com/t/');
    await p.settle();
    expect(p.ats.notes).toHaveLength(1);
    expect(p.ats.notes[0]?.text).toContain('Senior SWE');
    expect(p.ats.notes[0]?.text).not.toContain('/t/');
  });

  test('a finished effect is not run again', async () => {
    const { effectId } = await (await given()).sending();
    await p.run(effectId);
    expect(await p.run(effectId)).toBe('done');
    expect(p.vendor.count('invite')).toBe(1);
  });

  test('a worker that lost the session of its lock writes nothing any more', async () => {
    const { effectId } = await (await given()).sending();
    const may: boolean[] = [];
    p.vendor.onInvite = async () => {
      may.push(await mayWrite());
      await p.db.execute(
        sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()
          and database = (select oid from pg_database where datname = current_database())`,
      );
      may.push(await mayWrite());
    };
    await p.run(effectId).catch(() => undefined);
    expect(may).toEqual([true, false]);
    expect(await mayWrite()).toBe(true);
  });

  test.each([
    ['put back', UNREACHABLE],
    ['call failed', REFUSED],
  ])('a worker that lost the session of its lock does not %s what another has done since', async (_what, late) => {
    const { key, effectId } = await (await given()).sending();
    p.vendor.onInvite = async () => {
      p.vendor.onInvite = () => undefined;
      await p.db.execute(
        sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()
          and database = (select oid from pg_database where datname = current_database())`,
      );
      p.pass(9);
      await expect.poll(() => p.run(effectId)).toBe('done');
      p.vendor.fail('invite', late);
    };
    await p.run(effectId).catch(() => undefined);
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'done', error: null, runAfter: null });
    p.pass(60);
    await p.settle();
    expect(p.vendor.count('invite')).toBe(2);
    expect(p.vendor.invited).toHaveLength(1);
    expect(await stateOf(key)).toBe('sent');
  });

  /** The end of a session that was cut takes a moment to be seen. */
  const onceFree = async (effectId: string) => {
    for (;;) {
      const ran = await p.run(effectId);
      if (ran !== 'busy') return ran;
      await nextTurn();
    }
  };

  test('a worker that lost the session of its lock does not call failed what another is at', async () => {
    const { key, effectId } = await (await given()).sending();
    p.vendor.onInvite = async () => {
      p.vendor.onInvite = async () => {
        p.vendor.onInvite = () => undefined;
        first.resolve();
        await second.promise;
      };
      await p.db.execute(
        sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()
          and database = (select oid from pg_database where datname = current_database())`,
      );
      p.pass(9);
      taken = onceFree(effectId);
      await first.promise;
      p.vendor.fail('invite', REFUSED);
    };
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    let taken: Promise<string> | undefined;
    await p.run(effectId).catch(() => undefined);
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'calling', error: null });
    second.resolve();
    expect(await taken).toBe('done');
    await p.settle();
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'done', error: null });
    expect(await stateOf(key)).toBe('sent');
  });

  test('one whose call had to wait: from the write on it may be on its way, and so long nobody takes it over', async () => {
    const { effectId } = await (await given()).sending();
    const untils: (number | undefined)[] = [];
    p.vendor.onInvite = async () => {
      for (const seconds of [0, 30]) {
        p.pass(seconds);
        expect(await mayWrite()).toBe(true);
        untils.push(((await p.effectRow(effectId)).runAfter?.getTime() ?? 0) - p.now.getTime());
      }
      await p.db.update(effects).set({ state: 'failed' }).where(eq(effects.id, effectId));
      p.pass(30);
      expect(await mayWrite()).toBe(false);
    };
    await p.run(effectId);
    expect(untils).toEqual([8000, 8000]);
  });

  /** What a write needs after the guard's yes: it may take so long to connect, and then travels. */
  const LEAVES_AND_ARRIVES_MS = CONNECT_TIMEOUT_MS + 1000;

  test.each([
    ['just under two seconds', 1.9],
    ['just under four seconds', 3.9],
    ['five seconds', 5],
  ])(
    'where the store takes %s to say so, its mark still protects the write that leaves as late as it may',
    async (_what, slow) => {
      const { effectId } = await (await given()).sending();
      const left: number[] = [];
      p.vendor.onInvite = async () => {
        for (const seconds of [0, 2, 30]) {
          p.pass(seconds);
          const asked = mayWrite();
          p.pass(slow);
          expect(await asked).toBe(true);
          left.push(((await p.effectRow(effectId)).runAfter?.getTime() ?? 0) - p.now.getTime());
        }
      };
      await p.run(effectId);
      expect(left).toHaveLength(3);
      expect(Math.min(...left)).toBeGreaterThan(LEAVES_AND_ARRIVES_MS);
    },
  );

  test('where the store has stood still for long, it is not written now, and may be at the next look', async () => {
    const { effectId } = await (await given()).sending();
    const may: boolean[] = [];
    p.vendor.onInvite = async () => {
      for (const seconds of [11, 0]) {
        const asked = mayWrite();
        p.pass(seconds);
        may.push(await asked);
      }
    };
    await p.run(effectId);
    expect(may).toEqual([false, true]);
  });

  test('a store that is slow with each answer, all the time, keeps nothing from being written', async () => {
    const { effectId } = await (await given()).sending();
    const may: boolean[] = [];
    const left: number[] = [];
    p.vendor.onInvite = async () => {
      may.push(await mayWrite());
      left.push(((await p.effectRow(effectId)).runAfter?.getTime() ?? 0) - p.now.getTime());
    };
    // Each look at the clock comes after an answer, or before a question.
    const { clock } = p.services;
    const slow = {
      now() {
        p.pass(3);
        return clock.now();
      },
    };
    await runEffect({ ...p.parts, services: { ...p.services, clock: slow } }, effectId);
    expect(may).toEqual([true]);
    expect(left[0]).toBeGreaterThan(LEAVES_AND_ARRIVES_MS);
    expect((await p.effectRow(effectId)).state).toBe('done');
  });

  test('of several that end at the same moment the lane hears in the order in which they ended', async () => {
    const { key } = await (await given()).sent();
    const ids = Array.from({ length: 8 }, () => crypto.randomUUID()).toSorted();
    const [first] = await p.effectRows(key);
    if (!first) throw new Error('no effect was asked for');
    const rows = ids.map((id) => {
      const effect = { kind: 'remove-tag', key: `remove ${id}`, tag: id } as const;
      return { id, key: effect.key, kind: effect.kind, effect, applicationKey: key, state: 'queued' as const, createdAt: p.now };
    });
    await p.db.insert(effects).values(rows);
    const ends = new Map<string, () => void>();
    p.ats.adapter.removeTag = async (_target, tag) => {
      await new Promise<void>((resolve) => ends.set(tag, resolve));
      return { ok: true, value: undefined };
    };
    // What one process has under way.
    const { parts } = p;
    const running = ids.map((id) => runEffect(parts, id));
    await expect.poll(() => ends.size).toBe(ids.length);
    const order = ids.toReversed();
    for (const id of order) ends.get(id)?.();
    await Promise.all(running);
    const told = (await p.waitingInputs(key)).map((waiting) => waiting.key.split(':')[1]);
    expect(told).toEqual(order);
  });

  test('two workers on one effect: the second leaves it alone', async () => {
    const { effectId } = await (await given()).sending();
    let second: string | undefined;
    p.vendor.onInvite = async () => {
      p.vendor.onInvite = () => undefined;
      second = await p.run(effectId);
    };
    expect(await p.run(effectId)).toBe('done');
    expect(second).toBe('busy');
    expect(p.vendor.invited).toHaveLength(1);
  });

  test('cut off after the vendor took it, at a vendor that can be asked: it looks, and does not send again', async () => {
    const { key, effectId } = await (await given()).sending();
    p.vendor.fail('invite', 'work-then-fail');
    expect(await p.run(effectId)).toBe('later');
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'calling', attempts: 1 });
    p.pass(60);
    await p.run(effectId);
    await p.lane(key);
    expect(p.vendor.invited).toHaveLength(1);
    expect(p.vendor.count('findInvitation')).toBe(1);
    expect(await stateOf(key)).toBe('sent');
  });

  test('cut off before the vendor took it: it looks, finds nothing, and sends', async () => {
    const { effectId } = await (await given()).sending();
    await crashInCall(effectId);
    await p.run(effectId);
    expect(p.vendor.calls).toEqual(['findInvitation', 'invite']);
  });

  test('cut off before the vendor took it, and rejected since: it looks, finds nothing, and does not send', async () => {
    const { key, effectId } = await (await given()).sending();
    await crashInCall(effectId);
    await p.change(key, (snapshot) => ({ ...snapshot, status: 'archived' }));
    await p.look(key);
    await p.run(effectId);
    await p.lane(key);
    expect(p.vendor.calls).toEqual(['findInvitation']);
    expect(await stateOf(key)).toBe('failed');
  });

  test('cut off at a vendor that knows our id, and rejected since: unconfirmed, and not sent to make certain', async () => {
    const { key, effectId } = await (await given({ inviteStory: 'key' })).sending();
    await crashInCall(effectId);
    await p.change(key, (snapshot) => ({ ...snapshot, status: 'archived' }));
    await p.look(key);
    await p.run(effectId);
    await p.lane(key);
    expect(p.vendor.calls).toEqual([]);
    expect(await stateOf(key)).toBe('unconfirmed');
  });

  test('cut off at a vendor that nobody can ask: unconfirmed, never sent again by itself', async () => {
    const { key, effectId } = await (await given({ inviteStory: 'unconfirmed' })).sending();
    await crashInCall(effectId);
    await p.run(effectId);
    await p.lane(key);
    expect(p.vendor.calls).toEqual([]);
    expect(await stateOf(key)).toBe('unconfirmed');
    p.pass(10 * DAY);
    await p.settle();
    expect(p.vendor.calls).toEqual([]);
  });

  test('cut off, and closed since: whether it went out is not known, so it does not count as failed', async () => {
    const { key, effectId, invitationId } = await (await given()).sending();
    await crashInCall(effectId);
    await p.db.update(invitations).set({ state: 'cancelled' }).where(eq(invitations.id, invitationId));
    await p.run(effectId);
    await p.lane(key);
    expect((await p.effectRow(effectId)).state).toBe('unconfirmed');
    expect(await stateOf(key)).toBe('cancelled');
    expect(p.vendor.calls).toEqual([]);
  });

  test('an answer lost at such a vendor: unconfirmed', async () => {
    const { key, effectId } = await (await given({ inviteStory: 'unconfirmed' })).sending();
    p.vendor.fail('invite', LOST);
    expect(await p.run(effectId)).toBe('done');
    await p.lane(key);
    expect(await stateOf(key)).toBe('unconfirmed');
  });

  test('cut off at a vendor that knows our id: it simply sends again', async () => {
    const { effectId } = await (await given({ inviteStory: 'key' })).sending();
    await crashInCall(effectId);
    await p.run(effectId);
    expect(p.vendor.calls).toEqual(['invite']);
  });

  test.each([
    ['refuses to be asked', { ok: false, kind: 'forbidden', status: 403, detail: '' } as const, 'done'],
    ['does not take our credential', { ok: false, kind: 'unauthorised', status: 401, detail: '' } as const, 'later'],
    ['is away', UNREACHABLE, 'later'],
  ])('cut off, and the vendor then %s: nobody says that it was not sent', async (_what, failure, outcome) => {
    const { key, effectId } = await (await given()).sending();
    await crashInCall(effectId);
    p.vendor.fail('findInvitation', failure);
    expect(await p.run(effectId)).toBe(outcome);
    await p.lane(key);
    expect(await p.codes(key)).not.toContain('invitation-failed');
    expect((await p.effectRow(effectId)).state).toBe(outcome === 'done' ? 'unconfirmed' : 'calling');
    expect(p.vendor.count('invite')).toBe(0);
  });

  test('cut off, and the connection was switched off since: it waits, and is not called failed', async () => {
    const { effectId } = await (await given()).sending();
    await crashInCall(effectId);
    p.vendorAnswer = { ok: false, kind: 'misconfigured', detail: 'Coderbyte is switched off.' };
    expect(await p.run(effectId)).toBe('later');
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'calling' });
  });

  test('the vendor refuses: failed, with its reason, and closed', async () => {
    const { key, effectId } = await (await given()).sending();
    p.vendor.fail('invite', REFUSED);
    await p.run(effectId);
    await p.lane(key);
    expect(await p.invitationsOf(key)).toMatchObject([
      { state: 'failed', trouble: { values: { detail: 'Coderbyte refused: no credits left.' } } },
    ]);
    expect(p.ats.notes).toEqual([]);
  });

  test('the vendor refuses in words that cannot be stored: what became of it is recorded all the same', async () => {
    const { key, effectId } = await (await given()).sending();
    // Cut in the middle of a character, and a character that no text of the database may hold.
    const detail = `no credits \u0000 ${'\u{1f600}'.slice(0, 1)}`;
    p.vendor.fail('invite', { ...REFUSED, detail });
    await p.run(effectId);
    await p.lane(key);
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'failed', error: 'Coderbyte refused: no credits \ufffd \ufffd.' });
    expect(await stateOf(key)).toBe('failed');
  });

  test('the vendor cannot be reached: it is tried again, later and later, and the panel can tell', async () => {
    const { effectId } = await (await given()).sending();
    p.vendor.fail('invite', ...Array.from({ length: 4 }, () => UNREACHABLE));
    const pauses: number[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      expect(await p.run(effectId)).toBe('later');
      const { runAfter, state, error } = await p.effectRow(effectId);
      expect(state).toBe('queued');
      expect(error).toContain('Coderbyte cannot be reached');
      pauses.push((runAfter?.getTime() ?? 0) - p.now.getTime());
      p.pass(300);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000]);
    expect(p.queue.effects.at(-1)).toMatchObject({ id: effectId });
    expect(await p.run(effectId)).toBe('done');
  });

  test('a job that comes before its time is put back, not lost', async () => {
    const { effectId } = await (await given()).sending();
    p.vendor.fail('invite', UNREACHABLE);
    await p.run(effectId);
    p.queue.effects = [];
    expect(await p.run(effectId)).toBe('later');
    expect(p.queue.effects).toHaveLength(1);
    expect(p.vendor.count('invite')).toBe(1);
  });

  test('after a day of bad weather a person is told', async () => {
    const { key, effectId } = await (await given()).sending();
    p.pass(DAY + 1);
    p.vendor.fail('invite', UNREACHABLE);
    expect(await p.run(effectId)).toBe('done');
    await p.lane(key);
    expect(await stateOf(key)).toBe('failed');
  });

  test('after a day of bad weather, and refused because this process ends: nobody is told, and the next start goes on with it', async () => {
    const { key, effectId } = await (await given()).sending();
    p.pass(DAY + 1);
    const refusedAtTheEnd = { ok: false, kind: 'rate-limited', retryAfterMs: 500, inOurQueue: true, detail: '' } as const;
    p.vendor.fail('invite', refusedAtTheEnd);
    p.hasStopped = true;
    expect(await p.run(effectId)).toBe('later');
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'queued', finishedAt: null });
    expect(p.queue.effects.at(-1)).toMatchObject({ id: effectId });
    p.hasStopped = false;
    p.pass(1);
    await p.settle();
    expect(await stateOf(key)).toBe('sent');
  });

  test('after a day of not knowing, a person is told that it is not known', async () => {
    const { key, effectId } = await (await given()).sending();
    await crashInCall(effectId);
    p.pass(DAY + 1);
    p.vendor.fail('findInvitation', UNREACHABLE);
    expect(await p.run(effectId)).toBe('done');
    await p.lane(key);
    expect(await stateOf(key)).toBe('unconfirmed');
  });

  test('the candidate was rejected while it waited: it does not go out', async () => {
    const { key, effectId } = await (await given()).sending();
    await p.change(key, (snapshot) => ({ ...snapshot, status: 'archived' }));
    await p.look(key);
    await p.run(effectId);
    await p.lane(key);
    expect(p.vendor.invited).toEqual([]);
    expect(await stateOf(key)).toBe('failed');
  });

  test('a webhook has settled it meanwhile: it is not sent again', async () => {
    const { key, effectId, invitationId } = await (await given()).sending();
    p.vendor.report = { state: 'started', startedAt: null, submittedAt: null, result: null };
    await p.put(key, {
      kind: 'vendor-hint',
      invitationId,
      vendor: 'Coderbyte',
      trusted: false,
      claim: { state: 'started', startedAt: null, submittedAt: null, result: null },
    });
    await p.lane(key);
    await p.run(effectId);
    await p.lane(key);
    expect(p.vendor.count('invite')).toBe(0);
    expect(await stateOf(key)).toBe('started');
  });

  test.each<[string, 'look' | 'unconfirmed' | 'key']>([
    ['can be asked', 'look'],
    ['nobody can ask', 'unconfirmed'],
    ['knows our id', 'key'],
  ])(
    'cut off after the call, and a webhook of a vendor that %s has told of it since: done, not called again, and nobody hears of a failure',
    async (_what, inviteStory) => {
      const { key, effectId, invitationId } = await (await given({ inviteStory })).sending();
      await crashInCall(effectId);
      const claim = { state: 'started', startedAt: null, submittedAt: null, result: null } as const;
      p.vendor.report = claim;
      await p.put(key, { kind: 'vendor-hint', invitationId, vendor: 'Coderbyte', trusted: false, claim });
      await p.lane(key);
      expect(await p.run(effectId)).toBe('done');
      await p.lane(key);
      expect(await p.effectRow(effectId)).toMatchObject({ state: 'done', error: null });
      expect(p.vendor.count('invite')).toBe(0);
      expect(await stateOf(key)).toBe('started');
      expect(await p.codes(key)).not.toContain('invitation-failed');
    },
  );
});

describe('sending by our own e-mail', () => {
  const byLink = { invite: 'link', inviteStory: 'key', results: 'by-hand', cancels: false } as const;
  const start = async () => {
    await given(byLink);
    // Without a template the link would be one of a pool.
    await p.db.update(assessments).set({ linkTemplate: 'https://vendor.example/start' });
    p.vendor.receipt = { emailedBy: 'us' };
    return await p.sending();
  };

  test('the mail goes to the candidate, with the link', async () => {
    const { key, effectId, invitationId } = await start();
    await p.run(effectId);
    await p.lane(key);
    expect(p.mails).toMatchObject([
      { to: expect.stringContaining('@mail.example'), text: expect.stringContaining(`/t/${invitationId}`) },
    ]);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'sent', handover: 'our e-mail' }]);
  });

  test('the answer of the mail server is lost: unconfirmed, one mail at most', async () => {
    const { key, effectId } = await start();
    p.mailer.answer = LOST;
    await p.run(effectId);
    await p.lane(key);
    expect(await stateOf(key)).toBe('unconfirmed');
    expect(p.mails).toHaveLength(1);
  });

  test('cut off in the middle: no second mail', async () => {
    const { key, effectId } = await start();
    await crashInCall(effectId);
    await p.run(effectId);
    await p.lane(key);
    expect(p.mails).toEqual([]);
    expect(await stateOf(key)).toBe('unconfirmed');
  });

  test('the mail server is away: it is tried again', async () => {
    const { effectId } = await start();
    p.mailer.answer = UNREACHABLE;
    expect(await p.run(effectId)).toBe('later');
    expect((await p.effectRow(effectId)).state).toBe('queued');
  });

  describe.each(['unconfirmed', 'look', 'key'] as const)('of what a vendor has made (%s)', (inviteStory) => {
    const made = async () => {
      await given({ inviteStory });
      p.vendor.receipt = { emailedBy: 'us' };
      return await p.sending();
    };
    const linksSent = () => p.mails.map(({ text }) => /\/t\/\S+/.exec(text)?.[0]);

    test('the mail server is away: only the mail is tried again', async () => {
      const { key, effectId, invitationId } = await made();
      p.mailer.answer = UNREACHABLE;
      for (let tries = 0; tries < 3; tries += 1) {
        expect(await p.run(effectId)).toBe('later');
        p.pass(600);
      }
      p.mailer.answer = { ok: true, value: undefined };
      expect(await p.run(effectId)).toBe('done');
      await p.lane(key);
      expect(p.vendor.count('invite')).toBe(1);
      expect(linksSent()).toEqual(Array.from({ length: 4 }, () => `/t/${invitationId}`));
      expect(await p.invitationsOf(key)).toMatchObject([
        { state: 'sent', handover: 'our e-mail', externalId: `ext-${invitationId}`, expiresAt: '2026-03-09T09:00:00.000Z' },
      ]);
    });

    test('the mail was refused, and a person sends again: the same link, and the vendor is not asked for another', async () => {
      const { key, invitationId } = await made();
      p.mailer.answer = { ...REFUSED, status: 554, detail: 'looks like spam' };
      await p.settle();
      expect(await stateOf(key)).toBe('failed');
      p.mailer.answer = { ok: true, value: undefined };
      await p.put(key, { kind: 'send-again', invitationId, by: BEN });
      await p.lane(key);
      await p.settle();
      expect(await stateOf(key)).toBe('sent');
      expect(p.vendor.count('invite')).toBe(1);
      expect(linksSent()).toEqual([`/t/${invitationId}`, `/t/${invitationId}`]);
    });

    test('the process died while it mailed: unconfirmed, no second mail and no second invitation', async () => {
      const { key, effectId } = await made();
      p.mailer.answer = LOST;
      await p.run(effectId);
      await crashInCall(effectId);
      await p.run(effectId);
      await p.lane(key);
      expect(p.vendor.count('invite')).toBe(1);
      expect(p.mails).toHaveLength(1);
      expect(await stateOf(key)).toBe('unconfirmed');
    });

    test('found by a person to have gone out, it has the id that the vendor gave it', async () => {
      const { key, invitationId } = await made();
      p.mailer.answer = LOST;
      await p.settle();
      expect(await stateOf(key)).toBe('unconfirmed');
      p.pass(1);
      await p.put(key, { kind: 'mark-sent', invitationId, by: BEN, at: p.now.toISOString() });
      await p.lane(key);
      expect(await p.invitationsOf(key)).toMatchObject([
        { state: 'sent', externalId: `ext-${invitationId}`, expiresAt: '2026-03-09T09:00:00.000Z' },
      ]);
    });

    test('the mail was refused, and an admin has links copied from now on: it goes out without a mail', async () => {
      const { key, invitationId } = await made();
      p.mailer.answer = { ...REFUSED, status: 535 };
      await p.settle();
      await p.db.update(assessments).set({ handover: 'copy link' });
      await p.put(key, { kind: 'send-again', invitationId, by: BEN });
      await p.lane(key);
      await p.settle();
      expect(p.vendor.count('invite')).toBe(1);
      expect(p.mails).toHaveLength(1);
      expect(await p.codes(key)).toContain('invitation-sent-by-link');
    });

    test('what the person needs was set after the mail failed: the vendor is told before it is mailed again', async () => {
      const { key, invitationId } = await made();
      p.vendor.allow('giveExtraTime');
      p.mailer.answer = { ...REFUSED, status: 554 };
      await p.settle();
      const [invitation] = await p.invitationsOf(key);
      await setExtraTime(p.services, { person: invitation?.person ?? '', percent: 50, setBy: crypto.randomUUID(), now: p.now });
      p.mailer.answer = { ok: true, value: undefined };
      p.vendor.fail('giveExtraTime', UNREACHABLE);
      await p.put(key, { kind: 'send-again', invitationId, by: BEN });
      await p.lane(key);
      await p.settle();
      expect(p.mails).toHaveLength(1);
      p.pass(600);
      await p.settle();
      expect([...p.vendor.extraTime]).toEqual([[invitationId, 50]]);
      expect(p.mails).toHaveLength(2);
      expect(await stateOf(key)).toBe('sent');
    });

    test('the mail was late by hours: the vendor gives as many days from then as were meant, and the mail says so', async () => {
      const { key, effectId, invitationId } = await made();
      p.vendor.allow('extend');
      p.mailer.answer = UNREACHABLE;
      await p.run(effectId);
      p.pass(20 * 3600);
      p.mailer.answer = { ok: true, value: undefined };
      await p.run(effectId);
      await p.lane(key);
      const expiresAt = new Date(p.now.getTime() + 7 * DAY * 1000).toISOString();
      expect([...p.vendor.deadlines]).toEqual([[invitationId, expiresAt]]);
      expect(await p.invitationsOf(key)).toMatchObject([{ state: 'sent', expiresAt }]);
    });

    test('it may have been cancelled at the vendor: a person who sends again gets another one', async () => {
      const { key, invitationId } = await made();
      p.mailer.answer = LOST;
      await p.settle();
      p.pass(1);
      await p.put(key, { kind: 'cancel', invitationId, by: BEN });
      await p.lane(key);
      p.vendor.fail('cancel', 'work-then-fail');
      await p.run((await effectOf(key, 'cancel-invitation')).id);
      p.mailer.answer = { ok: true, value: undefined };
      await p.put(key, { kind: 'send-again', invitationId, by: BEN });
      await p.lane(key);
      await p.settle();
      expect(p.vendor.count('invite')).toBe(2);
    });

    test('its link was sealed with another master key: it cannot be sent, and it says so', async () => {
      const { key, effectId, invitationId } = await made();
      p.mailer.answer = UNREACHABLE;
      await p.run(effectId);
      const sealedLink = createSealer(randomBytes(32)).seal('https://coderbyte.com/t/1', `invitation:${invitationId}`);
      await p.db.update(invitations).set({ sealedLink });
      p.pass(600);
      await p.run(effectId);
      await p.lane(key);
      expect(await stateOf(key)).toBe('failed');
      expect(p.vendor.count('invite')).toBe(1);
    });

    test('what it made is over by the time a person sends again: it makes another', async () => {
      const { key, invitationId } = await made();
      p.mailer.answer = { ...REFUSED, status: 554 };
      await p.settle();
      p.mailer.answer = { ok: true, value: undefined };
      p.pass(8 * DAY);
      await p.put(key, { kind: 'send-again', invitationId, by: BEN });
      await p.lane(key);
      await p.settle();
      expect(p.vendor.count('invite')).toBe(2);
      expect(await stateOf(key)).toBe('sent');
    });
  });

  test('no mail server is set up: failed, and it says so', async () => {
    const { key, effectId } = await start();
    p.mailer.value = { ok: false, kind: 'misconfigured', detail: 'no mail server is set up.' };
    await p.run(effectId);
    await p.lane(key);
    expect(await p.invitationsOf(key)).toMatchObject([
      { state: 'failed', trouble: { values: { detail: expect.stringContaining('no mail server is set up.') } } },
    ]);
  });
});

describe('the note', () => {
  test('cut off after it was written: it is looked for, and not written again', async () => {
    const { key, effectId } = await (await given()).sending();
    await p.run(effectId);
    await p.lane(key);
    const note = await effectOf(key, 'write-note');
    p.ats.fail('writeNote', 'work-then-fail');
    expect(await p.run(note.id)).toBe('later');
    p.pass(60);
    await p.run(note.id);
    expect(p.ats.notes).toHaveLength(1);
    expect((await p.effectRow(note.id)).state).toBe('done');
  });

  test('cut off where notes may not be listed: unconfirmed, not written again', async () => {
    const { key, effectId } = await (await given()).sending();
    await p.run(effectId);
    await p.lane(key);
    const note = await effectOf(key, 'write-note');
    p.ats.canListNotes = false;
    await crashInCall(note.id);
    await p.run(note.id);
    await p.lane(key);
    expect(p.ats.notes).toEqual([]);
    expect(await p.codes(key)).toContain('note-unconfirmed');
  });

  test('cut off, and whether it is there is refused to be told: unconfirmed, neither failed nor written again', async () => {
    const { key, effectId } = await (await given()).sending();
    await p.run(effectId);
    await p.lane(key);
    const note = await effectOf(key, 'write-note');
    p.ats.fail('writeNote', 'work-then-fail');
    await p.run(note.id);
    p.ats.fail('findNote', REFUSED);
    p.pass(60);
    await p.run(note.id);
    await p.lane(key);
    expect((await p.effectRow(note.id)).state).toBe('unconfirmed');
    expect(p.ats.notes).toHaveLength(1);
    expect(await p.codes(key)).toContain('note-unconfirmed');
  });

  test('a right is missing: it says so, waits for it, and writes once when it is given', async () => {
    const { key, effectId } = await (await given()).sending();
    await p.run(effectId);
    await p.lane(key);
    p.ats.fail('writeNote', { ok: false, kind: 'forbidden', status: 403, detail: '' });
    await p.settle();
    expect(await stateOf(key)).toBe('sent');
    expect(await p.codes(key)).not.toContain('note-failed');
    const waiting = await effectOf(key, 'write-note');
    expect(waiting).toMatchObject({ state: 'queued', error: expect.stringContaining('The note about Senior SWE waits') });
    p.pass(5 * 60);
    await p.run(waiting.id);
    expect(p.ats.notes).toHaveLength(1);
  });

  test('a right that stays away for a day: then it says that it was not written', async () => {
    const { key, effectId } = await (await given()).sending();
    await p.run(effectId);
    await p.lane(key);
    const waiting = await effectOf(key, 'write-note');
    p.pass(24 * 60 * 60);
    p.ats.fail('writeNote', { ok: false, kind: 'forbidden', status: 403, detail: '' });
    await p.run(waiting.id);
    await p.lane(key);
    expect(await p.codes(key)).toContain('note-failed');
    expect(p.ats.notes).toEqual([]);
  });
});

describe('cancelling', () => {
  const cancel = async (vendor?: ConstructorParameters<typeof FakeVendor>[0]) => {
    const { key, invitationId } = await (await given(vendor)).sent();
    await p.put(key, { kind: 'cancel', invitationId, by: BEN });
    await p.lane(key);
    return { key, invitationId, effect: await effectOf(key, 'cancel-invitation') };
  };

  test('the vendor is told, and it is closed', async () => {
    const { key, invitationId } = await cancel();
    await p.settle();
    expect(p.vendor.cancelled).toEqual([invitationId]);
    expect(await stateOf(key)).toBe('cancelled');
  });

  test('cut off: it is simply told again', async () => {
    const { effect } = await cancel();
    await crashInCall(effect.id);
    await p.run(effect.id);
    expect(p.vendor.cancelled).toHaveLength(1);
  });

  /** Asked for because the candidate had left, and the vendor was away, or its answer was lost. */
  const waitingForLeaver = async (failure: typeof UNREACHABLE | 'work-then-fail' = UNREACHABLE) => {
    const { key, invitationId } = await (await given()).sent();
    await p.enter(key, 'review');
    await p.look(key);
    p.pass(DAY / 4);
    await p.look(key);
    const effect = await effectOf(key, 'cancel-invitation');
    p.vendor.fail('cancel', failure);
    expect(await p.run(effect.id)).toBe('later');
    return { key, invitationId, effect };
  };

  test('the vendor is back, and the candidate still gone: it is cancelled', async () => {
    const { key, effect } = await waitingForLeaver();
    p.pass(3600);
    await p.run(effect.id);
    await p.lane(key);
    expect(await stateOf(key)).toBe('cancelled');
  });

  test('the candidate was back before the vendor: nothing is cancelled, and that is said', async () => {
    const { key, effect } = await waitingForLeaver();
    p.pass(60);
    await p.enter(key, 'test');
    await p.look(key);
    p.pass(3600);
    expect(await p.run(effect.id)).toBe('done');
    await p.lane(key);
    expect(p.vendor.cancelled).toEqual([]);
    expect(await stateOf(key)).toBe('sent');
    expect(await p.codes(key)).toContain('cancel-dropped-back');
  });

  test('the candidate was back and has left anew: the new wait counts', async () => {
    const { key, effect } = await waitingForLeaver();
    for (const stage of ['test', 'review'] as const) {
      p.pass(60);
      await p.enter(key, stage);
      await p.look(key);
    }
    expect(await p.run(effect.id)).toBe('done');
    await p.lane(key);
    expect(p.vendor.cancelled).toEqual([]);
    expect(await p.codes(key)).toContain('cancel-dropped-anew');
    p.pass(DAY / 4);
    await p.look(key);
    await p.settle();
    expect(await stateOf(key)).toBe('cancelled');
  });

  test('archived while the vendor was away: they never were back, and it is cancelled', async () => {
    const { key, effect } = await waitingForLeaver();
    await p.change(key, (snapshot) => ({ ...snapshot, status: 'archived' }));
    await p.look(key);
    p.pass(60);
    await p.run(effect.id);
    await p.lane(key);
    expect(await stateOf(key)).toBe('cancelled');
    expect(await p.codes(key)).not.toContain('cancel-dropped-anew');
  });

  test('the answer was lost, and the candidate is back: nobody knows, and that is said', async () => {
    const { key, invitationId, effect } = await waitingForLeaver('work-then-fail');
    p.pass(60);
    await p.enter(key, 'test');
    await p.look(key);
    await p.run(effect.id);
    await p.lane(key);
    expect(p.vendor.cancelled).toEqual([invitationId]);
    expect((await p.effectRow(effect.id)).state).toBe('unconfirmed');
    expect(await p.codes(key)).toContain('cancel-unconfirmed');
  });

  test('somebody had it sent again while the vendor was away: it stays', async () => {
    const { key, effectId, invitationId } = await (await given({ inviteStory: 'unconfirmed' })).sending();
    p.vendor.fail('invite', LOST);
    await p.run(effectId);
    await p.lane(key);
    p.pass(1);
    await p.put(key, { kind: 'cancel', invitationId, by: BEN });
    await p.lane(key);
    const effect = await effectOf(key, 'cancel-invitation');
    p.vendor.fail('cancel', UNREACHABLE);
    await p.run(effect.id);
    p.pass(1);
    await p.put(key, { kind: 'send-again', invitationId, by: BEN });
    await p.lane(key);
    await p.settle();
    p.pass(3600);
    await p.settle();
    expect(p.vendor.cancelled).toEqual([]);
    expect(await stateOf(key)).toBe('sent');
    expect(await p.codes(key)).toContain('cancel-dropped-again');
  });

  test('the vendor was out of reach and then refuses: it surely was not cancelled', async () => {
    const { key, effect } = await cancel();
    p.vendor.fail('cancel', UNREACHABLE, REFUSED);
    await p.run(effect.id);
    p.pass(600);
    await p.settle();
    expect(await p.codes(key)).toContain('cancel-failed');
  });

  test('the vendor refuses: it stays open, and the reason is shown', async () => {
    const { key } = await cancel();
    p.vendor.fail('cancel', REFUSED);
    await p.settle();
    expect(await p.codes(key)).toContain('cancel-failed');
    expect(await stateOf(key)).toBe('sent');
  });

  test('a vendor that cannot cancel: it is closed on our side', async () => {
    const { key } = await cancel({ cancels: false });
    await p.settle();
    expect(p.vendor.count('cancel')).toBe(0);
    expect(await stateOf(key)).toBe('cancelled');
  });
});

describe('moving on', () => {
  const pass = {
    status: 'final',
    verified: true,
    score: { value: 90, max: 100 },
    rating: null,
    breakdown: [],
    integrity: { status: 'clear', signals: [] },
    verdict: null,
    notes: null,
    reportUrl: null,
    timeExpired: false,
    reportedAt: '2026-03-02T10:00:00Z',
  } as const;
  const passed = async () => {
    await given();
    await p.setRules({ advanceOnPass: true });
    const { key, invitationId } = await p.sent();
    p.vendor.report = {
      state: 'scored',
      startedAt: null,
      submittedAt: null,
      result: { ...pass, breakdown: [], integrity: { status: 'clear', signals: [] } },
    };
    await p.put(key, { kind: 'poll', invitationId, vendor: 'Coderbyte' });
    await p.lane(key);
    return { key, effect: await effectOf(key, 'move-to-stage') };
  };

  test('a pass moves the candidate, and the echo of it sends nothing', async () => {
    const { key } = await passed();
    await p.settle();
    expect(p.ats.count('moveToStage')).toBe(1);
    await p.enter(key, 'onsite');
    await p.look(key);
    expect(await p.codes(key)).toContain('own-move-echo');
  });

  test('somebody moved the candidate meanwhile: hands off', async () => {
    const { key } = await passed();
    await p.enter(key, 'offer');
    await p.settle();
    expect(p.ats.count('moveToStage')).toBe(0);
    expect(await p.codes(key)).toContain('stage-move-failed');
  });

  /** Moved, and the answer to that was lost. */
  const movedUnheard = async () => {
    const made = await passed();
    p.ats.fail('moveToStage', 'work-then-fail');
    expect(await p.run(made.effect.id)).toBe('later');
    return made;
  };

  test('cut off after it was done: it sees that and does not move again', async () => {
    const { effect } = await movedUnheard();
    p.pass(60);
    await p.run(effect.id);
    expect(p.ats.count('moveToStage')).toBe(1);
    expect((await p.effectRow(effect.id)).state).toBe('done');
  });

  test('cut off after it was done, and a person has brought the candidate back since: they stay where the person put them', async () => {
    const { key, effect } = await movedUnheard();
    for (const stage of ['onsite', 'test'] as const) {
      p.pass(20);
      await p.enter(key, stage);
    }
    p.pass(20);
    await p.run(effect.id);
    expect(p.ats.count('moveToStage')).toBe(1);
    expect((await p.effectRow(effect.id)).state).toBe('done');
  });

  test('cut off after it was done, and the ATS may not be read any more: unconfirmed, and said so', async () => {
    const { key, effect } = await movedUnheard();
    p.ats.fail('readSnapshot', NOT_FOUND);
    p.pass(60);
    expect(await p.run(effect.id)).toBe('done');
    expect((await p.effectRow(effect.id)).state).toBe('unconfirmed');
    await p.lane(key);
    expect(await p.codes(key)).toContain('stage-move-unconfirmed');
    expect(p.ats.count('moveToStage')).toBe(1);
  });

  test('cut off after it was done, out of reach for a while, and moved on by a person: it is known to have been done', async () => {
    const { key, effect } = await movedUnheard();
    for (const stage of ['onsite', 'offer'] as const) {
      p.pass(20);
      await p.enter(key, stage);
    }
    p.ats.fail('readSnapshot', UNREACHABLE);
    expect(await p.run(effect.id)).toBe('later');
    p.pass(60);
    await p.run(effect.id);
    expect((await p.effectRow(effect.id)).state).toBe('done');
    expect(p.ats.count('moveToStage')).toBe(1);
  });

  test('a day long the answer to what may have been done was not to be had: unconfirmed', async () => {
    const { key, effect } = await movedUnheard();
    p.pass(25 * 3600);
    p.ats.fail('readSnapshot', UNREACHABLE);
    expect(await p.run(effect.id)).toBe('done');
    expect((await p.effectRow(effect.id)).state).toBe('unconfirmed');
    await p.lane(key);
    expect(await p.codes(key)).toContain('stage-move-unconfirmed');
  });

  test('cut off after it was done, moved on by a person, and the ATS tells no times: it is not certain', async () => {
    const { key, effect } = await passed();
    // As of an ATS that does not tell since when somebody stands in a stage.
    if (effect.effect.kind !== 'move-to-stage') throw new Error('another effect');
    await p.db
      .update(effects)
      .set({ effect: { ...effect.effect, fromEntryKey: null } })
      .where(eq(effects.id, effect.id));
    p.ats.fail('moveToStage', 'work-then-fail');
    await p.run(effect.id);
    p.pass(60);
    await p.change(key, (snapshot) => ({ ...snapshot, stage: { id: 'offer', name: 'Offer' }, stageEntries: [] }));
    await p.run(effect.id);
    expect((await p.effectRow(effect.id)).state).toBe('unconfirmed');
    await p.lane(key);
    expect(await p.codes(key)).toContain('stage-move-unconfirmed');
  });

  test('somebody moved the candidate away and back meanwhile: hands off', async () => {
    const { key } = await passed();
    for (const stage of ['review', 'test'] as const) {
      p.pass(20);
      await p.enter(key, stage);
    }
    await p.settle();
    expect(p.ats.count('moveToStage')).toBe(0);
    expect(await p.codes(key)).toContain('stage-move-failed');
  });
});

test('the tag cannot be added: the panel says so, and the invitation follows all the same', async () => {
  const key = await (await given()).apply({ tags: [] });
  await p.look(key);
  await p.click(key);
  await p.lane(key);
  p.pass(10);
  await p.lane(key);
  p.ats.fail('addTag', NOT_FOUND);
  await p.settle();
  expect(await p.codes(key)).toEqual(expect.arrayContaining(['tag-failed', 'invitation-sent', 'note-written']));
});

describe('the note about a result', () => {
  const report = (value: number) => ({
    state: 'scored' as const,
    startedAt: null,
    submittedAt: null,
    result: makeResult({ score: { value, max: 100 } }),
  });
  /** The vendor reports a result, and its note is asked for. */
  const resultOf = async (key: string, invitationId: string, value: number) => {
    p.vendor.report = report(value);
    await p.put(key, { kind: 'vendor-hint', invitationId, vendor: 'Coderbyte', trusted: false, claim: report(value) });
    await p.lane(key);
    const notes = (await p.effectRows(key)).filter(({ kind, state }) => kind === 'write-note' && state === 'queued');
    const [note] = notes;
    if (!note || notes.length > 1) throw new Error(`${notes.length} notes are asked for`);
    return note;
  };
  /** Sent, scored with 60, and both noted. */
  const scored = async () => {
    await given();
    const { key, invitationId } = await p.sent();
    await p.settle();
    await p.run((await resultOf(key, invitationId, 60)).id);
    return { key, invitationId, before: p.ats.notes.length };
  };
  const scores = () => p.ats.notes.filter(({ text }) => text.includes('of 100')).map(({ text }) => text);

  test('keeps the id that the ATS gave it', async () => {
    const { key } = await scored();
    const rows = (await p.effectRows(key)).filter(({ kind }) => kind === 'write-note');
    expect(rows.map(({ made }) => made?.noteId).toSorted()).toEqual(['note-1', 'note-2']);
  });

  test('a revised result changes it in place, and so does the next one', async () => {
    const { key, invitationId, before } = await scored();
    await p.run((await resultOf(key, invitationId, 80)).id);
    expect(scores()).toEqual([expect.stringMatching(/^Revised result.*80 of 100/)]);
    await p.run((await resultOf(key, invitationId, 90)).id);
    expect(scores()).toEqual([expect.stringMatching(/^Revised result.*90 of 100/)]);
    expect(p.ats.notes).toHaveLength(before);
    expect(p.ats.notes[0]?.text).not.toContain('of 100');
  });

  test('the answer to the change is lost: it is changed once more at most, and no second note is written', async () => {
    const { key, invitationId, before } = await scored();
    const note = await resultOf(key, invitationId, 80);
    p.ats.fail('updateNote', 'work-then-fail');
    expect(await p.run(note.id)).toBe('later');
    p.pass(60);
    expect(await p.run(note.id)).toBe('done');
    expect(scores()).toEqual([expect.stringContaining('80 of 100')]);
    expect(p.ats.notes).toHaveLength(before);
  });

  test('the answer to the change is lost where notes may not be listed: changing again is safe', async () => {
    const { key, invitationId, before } = await scored();
    const note = await resultOf(key, invitationId, 80);
    p.ats.canListNotes = false;
    p.ats.fail('updateNote', 'work-then-fail');
    await p.run(note.id);
    p.pass(60);
    await p.run(note.id);
    expect((await p.effectRow(note.id)).state).toBe('done');
    expect(p.ats.count('updateNote')).toBe(2);
    expect(p.ats.notes).toHaveLength(before);
  });

  test.each([
    ['was deleted by somebody', NOT_FOUND],
    ['was answered by somebody, or is not ours', REFUSED],
    ['may not be changed', { ok: false, kind: 'forbidden', status: 403, detail: '' } as const],
  ])('the earlier note %s: a new one is written, marked as revised', async (_what, failure) => {
    const { key, invitationId, before } = await scored();
    const note = await resultOf(key, invitationId, 80);
    p.ats.fail('updateNote', failure);
    await p.run(note.id);
    expect(p.ats.notes).toHaveLength(before + 1);
    expect(p.ats.notes.at(-1)?.text).toMatch(/^Revised result.*80 of 100/);
    expect(scores()).toHaveLength(2);
    await p.run((await resultOf(key, invitationId, 90)).id);
    expect(p.ats.notes.at(-1)?.text).toContain('90 of 100');
    expect(p.ats.notes).toHaveLength(before + 1);
  });

  test('the ATS is away: it waits, and writes no second note meanwhile', async () => {
    const { key, invitationId, before } = await scored();
    const note = await resultOf(key, invitationId, 80);
    p.ats.fail('updateNote', UNREACHABLE);
    expect(await p.run(note.id)).toBe('later');
    expect(p.ats.notes).toHaveLength(before);
  });

  test('cut off while the new one was written, where notes may not be listed: unconfirmed, not written again', async () => {
    const { key, invitationId, before } = await scored();
    const note = await resultOf(key, invitationId, 80);
    p.ats.canListNotes = false;
    p.ats.fail('updateNote', NOT_FOUND, NOT_FOUND);
    p.ats.fail('writeNote', 'work-then-fail');
    await p.run(note.id);
    p.pass(60);
    await p.run(note.id);
    expect((await p.effectRow(note.id)).state).toBe('unconfirmed');
    expect(p.ats.notes).toHaveLength(before + 1);
  });

  test('an ATS whose notes are for ever gets a second one, marked as revised', async () => {
    const { key, invitationId, before } = await scored();
    p.ats.adapter.capabilities.updatesNotes = false;
    await p.run((await resultOf(key, invitationId, 80)).id);
    expect(p.ats.count('updateNote')).toBe(0);
    expect(p.ats.notes).toHaveLength(before + 1);
    expect(p.ats.notes.at(-1)?.text).toMatch(/^Revised result/);
  });
});
