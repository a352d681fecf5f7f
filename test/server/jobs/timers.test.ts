import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { findAbandoned, wakeDue, wakePolls } from '../../../server/jobs/timers.ts';
import { applications, effects, invitations } from '../../../server/storage/schema.ts';
import { UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const soon = 30;

describe('what is due by itself', () => {
  test('a hold that ends wakes its lane, once', async () => {
    const p = given();
    const key = await p.apply();
    await p.look(key);
    await p.click(key);
    await p.lane(key);
    expect(await wakeDue(p.parts)).toBe(0);
    p.pass(10);
    expect(await wakeDue(p.parts)).toBe(1);
    expect(await wakeDue(p.parts)).toBe(0);
    expect(p.queue.lanes).toEqual([key]);
    await p.lane(key);
    expect((await p.invitationsOf(key)).map(({ state }) => state)).toEqual(['sending']);
  });

  test('two processes wake each application once', async () => {
    const p = given();
    for (let index = 0; index < 12; index += 1) {
      const key = await p.apply({ tags: [] });
      await p.enter(key, 'test');
      await p.look(key);
    }
    p.pass(30);
    const woken = await Promise.all([wakeDue(p.parts), wakeDue(p.parts)]);
    expect(woken.reduce((a, b) => a + b)).toBe(12);
    expect(new Set(p.queue.lanes).size).toBe(12);
  });

  test('a woken lane whose worker dies is woken again', async () => {
    const p = given();
    const key = await p.apply();
    await p.look(key);
    await p.click(key);
    await p.lane(key);
    p.pass(10);
    await wakeDue(p.parts);
    p.pass(30);
    expect(await wakeDue(p.parts)).toBe(1);
  });
});

describe('asking the vendor by ourselves', () => {
  const schedule = async (p: Pipeline, invitationId: string) => {
    const [row] = await p.db.select().from(invitations).where(eq(invitations.id, invitationId));
    return row?.pollDueAt ? Math.round((row.pollDueAt.getTime() - p.now.getTime()) / 60_000) : null;
  };

  test('every minute five times, every ten minutes for an hour, then hourly', async () => {
    const p = given();
    p.vendor.report = { state: 'sent', startedAt: null, submittedAt: null, result: null };
    const { key, invitationId } = await p.sent();
    const pauses: number[] = [];
    for (let polls = 0; polls < 13; polls += 1) {
      const pause = await schedule(p, invitationId);
      pauses.push(pause ?? 0);
      p.pass((pause ?? 0) * 60);
      expect(await wakePolls(p.parts)).toBe(1);
      await p.lane(key);
    }
    expect(pauses).toEqual([1, 1, 1, 1, 1, 10, 10, 10, 10, 10, 10, 60, 60]);
    expect(p.vendor.count('readReport')).toBe(13);
  });

  test('a sign of life begins anew with short pauses', async () => {
    const p = given();
    const { key, invitationId } = await p.sent();
    await p.db.update(invitations).set({ polls: 40, pollDueAt: p.now }).where(eq(invitations.id, invitationId));
    p.vendor.report = { state: 'started', startedAt: null, submittedAt: null, result: null };
    await wakePolls(p.parts);
    await p.lane(key);
    expect(await schedule(p, invitationId)).toBe(1);
  });

  test('it ends with the final result, once its integrity check is through too', async () => {
    const p = given();
    const { key, invitationId } = await p.sent();
    const result = {
      verified: true,
      score: { value: 90, max: 100 },
      rating: null,
      breakdown: [],
      integrity: { status: 'pending' as const, signals: [] },
      verdict: null,
      notes: null,
      reportUrl: null,
      timeExpired: false,
      reportedAt: '2026-03-02T10:00:00Z',
    };
    p.vendor.report = { state: 'scored', startedAt: null, submittedAt: null, result: { ...result, status: 'provisional' } };
    p.pass(60);
    await wakePolls(p.parts);
    await p.lane(key);
    expect(await schedule(p, invitationId)).toBe(1);
    p.vendor.report = { state: 'scored', startedAt: null, submittedAt: null, result: { ...result, status: 'final' } };
    p.pass(60);
    await wakePolls(p.parts);
    await p.lane(key);
    expect(await schedule(p, invitationId)).not.toBeNull();
    const settled = { ...result, status: 'final' as const, integrity: { status: 'clear' as const, signals: [] } };
    p.vendor.report = { state: 'scored', startedAt: null, submittedAt: null, result: settled };
    p.pass(60);
    await wakePolls(p.parts);
    await p.lane(key);
    expect(await schedule(p, invitationId)).toBeNull();
    expect((await p.invitationsOf(key))[0]?.result).toMatchObject({
      version: 3,
      status: 'final',
      integrity: { status: 'clear' },
    });
  });

  test('a vendor that is switched off for a while is asked again afterwards', async () => {
    const p = given();
    const { key, effectId, invitationId } = await p.sending();
    await p.run(effectId);
    p.vendorAnswer = { ok: false, kind: 'misconfigured', detail: 'off' };
    await p.lane(key);
    expect(await schedule(p, invitationId)).toBe(1);
  });

  test('a vendor without reports is not asked', async () => {
    const p = given();
    p.vendorAnswer = {
      ok: true,
      value: { ...p.vendor.adapter, capabilities: { ...p.vendor.adapter.capabilities, results: 'by-hand' } },
    };
    const { invitationId } = await p.sent();
    expect(await schedule(p, invitationId)).toBeNull();
  });

  test('after eight weeks nobody takes a test any more', async () => {
    const p = given();
    const { invitationId } = await p.sent();
    p.pass(57 * 86_400);
    await wakePolls(p.parts);
    expect(await schedule(p, invitationId)).toBeNull();
  });
});

describe('what a dead process left behind', () => {
  test('a hint whose job was lost', async () => {
    const p = given();
    const key = await p.apply();
    await p.hint(key);
    expect(await findAbandoned(p.parts)).toBe(1);
    expect(p.queue.lanes).toEqual([key]);
  });

  test('not while somebody holds the lane', async () => {
    const p = given();
    const key = await p.apply();
    await p.hint(key);
    const leaseUntil = new Date(p.now.getTime() + 60_000);
    await p.db.update(applications).set({ leaseToken: crypto.randomUUID(), leaseUntil }).where(eq(applications.key, key));
    expect(await findAbandoned(p.parts)).toBe(0);
    p.pass(61);
    expect(await findAbandoned(p.parts)).toBe(1);
  });

  test('not one that waits for an ATS that is away: that has its time', async () => {
    const p = given();
    const key = await p.apply();
    p.ats.fail('readSnapshot', UNREACHABLE);
    await p.look(key);
    expect(await findAbandoned(p.parts)).toBe(0);
  });

  test('one that waits for an ATS, and was cut off in its next try', async () => {
    const p = given();
    const key = await p.apply();
    p.ats.fail('readSnapshot', UNREACHABLE);
    await p.look(key);
    const leaseUntil = new Date(p.now.getTime() - 1);
    await p.db.update(applications).set({ leaseToken: crypto.randomUUID(), leaseUntil }).where(eq(applications.key, key));
    expect(await findAbandoned(p.parts)).toBe(1);
  });

  test('a click that nobody decided', async () => {
    const p = given();
    const key = await p.apply();
    await p.look(key);
    await p.click(key);
    p.pass(6);
    expect(await findAbandoned(p.parts)).toBe(1);
  });

  test('an effect that was cut off in its call, and one that was never run', async () => {
    const p = given();
    const one = await p.sending();
    const two = await p.sending();
    await p.db.update(effects).set({ state: 'calling', startedAt: p.now }).where(eq(effects.id, one.effectId));
    p.queue.effects = [];
    expect(await findAbandoned(p.parts)).toBe(0);
    p.pass(soon + 1);
    expect(await findAbandoned(p.parts)).toBe(2);
    expect(p.queue.effects.map(({ id }) => id).toSorted()).toEqual([one.effectId, two.effectId].toSorted());
  });
});
