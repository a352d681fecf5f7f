import { eq, ne } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { findAbandoned, wakeDue, wakePolls } from '../../../server/jobs/timers.ts';
import { applications, effects, invitations } from '../../../server/storage/schema.ts';
import type { VendorReport } from '../../../server/vendors/port.ts';
import { UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { makeResult } from '../../support/workflow-story.ts';

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

describe('the deadline of one that we have to ask about', () => {
  const said = (state: VendorReport['state']): VendorReport => ({ state, startedAt: null, submittedAt: null, result: null });
  const scored = (): VendorReport => ({ ...said('scored'), result: makeResult() });
  const states = async (p: Pipeline, key: string) => (await p.invitationsOf(key)).map(({ state }) => state);
  const dueAt = async (p: Pipeline, invitationId: string) => {
    const [row] = await p.db.select().from(invitations).where(eq(invitations.id, invitationId));
    return row?.pollDueAt ?? null;
  };
  /** Asks about it when the time for that has come; false when it is not asked about any more. */
  const askNext = async (p: Pipeline, key: string, invitationId: string): Promise<boolean> => {
    const next = await dueAt(p, invitationId);
    if (next === null) return false;
    p.pass(Math.max(0, (next.getTime() - p.now.getTime()) / 1000));
    await wakePolls(p.parts);
    await p.lane(key);
    return true;
  };
  const passDeadline = async (p: Pipeline, key: string) => {
    p.pass(7 * 86_400);
    await wakeDue(p.parts);
    await p.lane(key);
  };
  const expired = async (p: Pipeline) => {
    const out = await p.sent();
    p.vendor.report = said('sent');
    await passDeadline(p, out.key);
    expect(await states(p, out.key)).toEqual(['expired']);
    return out;
  };

  test('it is asked once more just then: who began in time does not expire', async () => {
    const p = given();
    const { key, invitationId } = await p.sent();
    p.vendor.report = said('started');
    await passDeadline(p, key);
    expect(await states(p, key)).toEqual(['started']);
    expect(p.vendor.count('readReport')).toBe(1);
    p.vendor.report = scored();
    await askNext(p, key, invitationId);
    expect(await states(p, key)).toEqual(['scored']);
  });

  test('it is asked just then for one that the ATS does not show any more, and not for one that is deleted', async () => {
    const p = given();
    const [hidden, deleted] = [await p.sent(), await p.sent()];
    p.vendor.report = said('started');
    p.ats.applications.clear();
    const { applicationId } = (await p.row(deleted.key)) ?? { applicationId: '' };
    p.ats.deleted = [applicationId];
    await passDeadline(p, hidden.key);
    expect(await states(p, hidden.key)).toEqual(['started']);
    await p.lane(deleted.key);
    expect(p.vendor.count('readReport')).toBe(1);
  });

  test('it cannot be asked just then: it expires, and is asked afterwards', async () => {
    const p = given();
    const { key, invitationId } = await p.sent();
    p.vendor.fail('readReport', UNREACHABLE);
    p.vendor.report = scored();
    await passDeadline(p, key);
    expect(await states(p, key)).toEqual(['expired']);
    await askNext(p, key, invitationId);
    expect(await states(p, key)).toEqual(['scored']);
  });

  test.each(['started', 'submitted'] as const)('the vendor says afterwards that it was %s: its result comes', async (state) => {
    const p = given();
    const { key, invitationId } = await expired(p);
    p.vendor.report = said(state);
    for (let looks = 0; looks < 3; looks += 1) expect(await askNext(p, key, invitationId)).toBe(true);
    expect(await states(p, key)).toEqual(['expired']);
    p.vendor.report = scored();
    await askNext(p, key, invitationId);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'scored', result: { version: 1, score: { value: 84 } } }]);
    expect(await dueAt(p, invitationId)).toBeNull();
  });

  test('a vendor that says nothing of it is asked soon, then ever more seldom, and no more after eight weeks', async () => {
    const p = given();
    const { key, invitationId } = await expired(p);
    const before = p.vendor.count('readReport');
    const at: number[] = [];
    const deadlineMs = p.now.getTime();
    while (await askNext(p, key, invitationId)) at.push((p.now.getTime() - deadlineMs) / 3_600_000);
    expect(at.slice(0, 10)).toEqual([0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128]);
    expect(at.at(-1)).toBeGreaterThan(45 * 24);
    expect(p.vendor.count('readReport') - before).toBeLessThan(30);
    expect(await p.codes(key)).toEqual(['sent-on-stage-entry', 'invitation-sent', 'note-written', 'invitation-expired']);
  });

  test('the vendor’s own word that it expired ends it, at the deadline or after', async () => {
    const p = given();
    const [first, second] = [await p.sent(), await p.sent()];
    p.vendor.report = said('expired');
    await passDeadline(p, first.key);
    expect(await states(p, first.key)).toEqual(['expired']);
    expect(await dueAt(p, first.invitationId)).toBeNull();
    p.vendor.report = said('sent');
    await p.lane(second.key);
    expect(await dueAt(p, second.invitationId)).not.toBeNull();
    p.vendor.report = said('expired');
    await askNext(p, second.key, second.invitationId);
    expect(await dueAt(p, second.invitationId)).toBeNull();
    expect((await p.codes(second.key)).slice(-2)).toEqual(['invitation-expired', 'vendor-says']);
  });

  test('a vendor whose results are entered by hand is asked neither then nor later', async () => {
    const p = given();
    const { capabilities } = p.vendor.adapter;
    p.vendorAnswer = { ok: true, value: { ...p.vendor.adapter, capabilities: { ...capabilities, results: 'by-hand' } } };
    const { invitationId } = await expired(p);
    expect(await dueAt(p, invitationId)).toBeNull();
    expect(p.vendor.count('readReport')).toBe(0);
  });

  describe('and another was sent since', () => {
    const sentAnew = async (p: Pipeline) => {
      const first = await expired(p);
      await p.click(first.key, { retake: true });
      await p.lane(first.key);
      p.pass(10);
      await p.lane(first.key);
      await p.settle();
      expect(await states(p, first.key)).toEqual(['expired', 'sent']);
      // Only the first is asked about here.
      await p.db.update(invitations).set({ pollDueAt: null }).where(ne(invitations.id, first.invitationId));
      return first;
    };

    test('a late result of the first is the first’s, and the second stays as it is', async () => {
      const p = given();
      const { key, invitationId } = await sentAnew(p);
      const [, second] = await p.invitationsOf(key);
      p.vendor.report = said('started');
      await askNext(p, key, invitationId);
      expect(await states(p, key)).toEqual(['expired', 'sent']);
      p.vendor.report = scored();
      await askNext(p, key, invitationId);
      const [late, open] = await p.invitationsOf(key);
      expect(late).toMatchObject({ id: invitationId, state: 'scored', result: { version: 1 } });
      expect(open).toEqual(second);
    });

    test('and the vendor tells the two apart by address alone: the second one’s result is not taken for the first’s', async () => {
      const p = given();
      const { capabilities } = p.vendor.adapter;
      const correlation = 'assessment-and-email' as const;
      p.vendorAnswer = { ok: true, value: { ...p.vendor.adapter, capabilities: { ...capabilities, correlation } } };
      const { key, invitationId } = await sentAnew(p);
      p.vendor.report = scored();
      for (let looks = 0; looks < 3; looks += 1) await askNext(p, key, invitationId);
      expect(await states(p, key)).toEqual(['expired', 'sent']);
    });
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
