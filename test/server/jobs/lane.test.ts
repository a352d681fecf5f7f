import { eq, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { VendorResult } from '../../../lib/domain/result.ts';
import { applications, invitations, stageEntries } from '../../../server/storage/schema.ts';
import { NOT_FOUND, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN, makeEntry, makeResult } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
const given = async (): Promise<Pipeline> => {
  p = pipeline.current();
  return p;
};
const stateOf = async (key: string) => (await p.invitationsOf(key)).map((invitation) => invitation.state);
const minutes = (count: number) => count * 60;

describe('one lane for each application', () => {
  test('a hint is read, decided and committed with its effect and its job', async () => {
    const { key, effectId } = await (await given()).sending();
    expect(await p.codes(key)).toEqual(['sent-on-stage-entry']);
    expect(p.queue.effects.map(({ id }) => id)).toEqual([effectId]);
    const row = await p.row(key);
    expect(row).toMatchObject({ hinted: 1, handled: 1, leaseToken: null, readTrouble: null });
    expect(p.announced).toEqual([key]);
  });

  test('the same hint again changes nothing', async () => {
    const { key } = await (await given()).sending();
    await p.look(key);
    expect(await p.effectRows()).toHaveLength(1);
    expect(await p.codes(key)).toHaveLength(1);
  });

  test.each([
    ['of an earlier version', sql`state - 'derivedEntries'`, 1],
    ['of this version, which knows that the time was told', sql`state`, 2],
  ])('another time of entry, to a record %s', async (_whose, state, decisions) => {
    const { key } = await (await given()).sending();
    await p.db
      .update(applications)
      .set({ state: sql`${state}` })
      .where(eq(applications.key, key));
    p.pass(5);
    await p.change(key, (snapshot) => ({ ...snapshot, stageEntries: [makeEntry('test', p.now)] }));
    await p.look(key);
    expect(await p.codes(key)).toHaveLength(decisions);
  });

  test('two workers at once: one works, the other leaves, and what came meanwhile is done by the first', async () => {
    const key = await (await given()).apply();
    await p.enter(key, 'review');
    await p.hint(key);
    let second: Promise<string> | undefined;
    p.ats.onRead = async () => {
      p.ats.onRead = () => undefined;
      await p.enter(key, 'test');
      await p.hint(key);
      second = p.lane(key);
      expect(await second).toBe('busy');
    };
    expect(await p.lane(key)).toBe('done');
    expect(second).toBeDefined();
    expect(await p.row(key)).toMatchObject({ hinted: 2, handled: 2 });
    expect(await p.effectRows()).toHaveLength(1);
  });

  test('ten workers at once: one invitation', async () => {
    const key = await (await given()).apply();
    await p.enter(key, 'test');
    await p.hint(key);
    await Promise.all(Array.from({ length: 10 }, () => p.lane(key)));
    expect(await p.effectRows()).toHaveLength(1);
    expect(await p.row(key)).toMatchObject({ hinted: 1, handled: 1 });
  });

  test('a worker that lost its lease in the middle of a round writes nothing', async () => {
    const key = await (await given()).apply();
    await p.enter(key, 'test');
    await p.hint(key);
    p.ats.onRead = async () => {
      p.ats.onRead = () => undefined;
      // Sixty seconds are long gone, and another worker has taken over and is still at it.
      p.pass(61);
      const leaseUntil = new Date(p.now.getTime() + 60_000);
      await p.db.update(applications).set({ leaseToken: crypto.randomUUID(), leaseUntil }).where(eq(applications.key, key));
    };
    expect(await p.lane(key)).toBe('busy');
    expect(await p.effectRows()).toEqual([]);
    expect(await p.codes(key)).toEqual([]);
    expect(await p.row(key)).toMatchObject({ hinted: 1, handled: 0 });
  });

  test('the lease of a worker that died runs out, and then another goes on', async () => {
    const key = await (await given()).apply();
    await p.enter(key, 'test');
    await p.hint(key);
    const leaseUntil = new Date(p.now.getTime() + 60_000);
    await p.db.update(applications).set({ leaseToken: crypto.randomUUID(), leaseUntil }).where(eq(applications.key, key));
    expect(await p.lane(key)).toBe('busy');
    p.pass(61);
    expect(await p.lane(key)).toBe('done');
    expect(await p.effectRows()).toHaveLength(1);
  });

  test('what fails in the middle of a commit leaves nothing behind, and nothing is lost', async () => {
    const key = await (await given()).apply();
    await p.enter(key, 'test');
    await p.hint(key);
    const sendEffect = p.queue.sendEffect;
    p.queue.sendEffect = async () => {
      throw new Error('Connection terminated unexpectedly');
    };
    await expect(p.lane(key)).rejects.toThrow('Connection terminated');
    expect(await p.effectRows()).toEqual([]);
    expect(await p.db.select().from(stageEntries)).toEqual([]);
    expect(await p.row(key)).toMatchObject({ hinted: 1, handled: 0, leaseToken: null });
    p.queue.sendEffect = sendEffect;
    await p.lane(key);
    expect(await p.effectRows()).toHaveLength(1);
  });
});

describe('an undo meets the release', () => {
  test('the undo was first: nothing goes out', async () => {
    const key = await (await given()).apply();
    await p.look(key);
    await p.click(key);
    await p.lane(key);
    p.pass(10);
    p.ats.onRead = async () => {
      p.ats.onRead = () => undefined;
      // The recruiter's undo commits while the release is reading the ATS.
      const [held] = await p.invitationsOf(key);
      expect(await p.undo(held?.id ?? '')).toBe(true);
    };
    await p.lane(key);
    expect(await stateOf(key)).toEqual(['undone']);
    expect(await p.effectRows()).toEqual([]);
  });

  test('the release was first: the undo finds nothing to take back', async () => {
    const key = await (await given()).apply();
    await p.look(key);
    await p.click(key);
    await p.lane(key);
    p.pass(10);
    await p.lane(key);
    const [invitation] = await p.invitationsOf(key);
    expect(await p.undo(invitation?.id ?? '')).toBe(false);
    expect(await p.effectRows()).toHaveLength(1);
  });
});

describe('two applications of one person', () => {
  const emails = ['ada@mail.example'];

  /** Acts once, in the moment between a lane's decision and its commit. */
  const beforeCommit = (act: () => Promise<unknown>) => {
    p.onVendor = async () => {
      p.onVendor = () => undefined;
      await act();
    };
  };

  test('both enter at once: one invitation, and the other says why', async () => {
    const one = await (await given()).apply({ emails });
    const two = await p.apply({ emails: ['ADA@mail.example'], job: { id: 'job-2', name: 'Platform Engineer' } });
    for (const key of [one, two]) await p.enter(key, 'test');
    await p.hint(one, two);
    beforeCommit(() => p.lane(two));
    await p.lane(one);
    expect(await p.codes(two)).toEqual(['sent-on-stage-entry']);
    expect(await p.codes(one)).toEqual(['not-sent-open-elsewhere']);
    expect(await p.effectRows()).toHaveLength(1);
    expect(p.log.map((line) => line.why)).toContain('another open invitation for this person exists');
  });

  test('one failed and is to be sent again while the other is open: refused, not a crash', async () => {
    const { key, effectId, invitationId } = await (await given()).sending({ emails });
    p.vendor.fail('invite', { ok: false, kind: 'refused', status: 422, detail: 'no credits' });
    await p.run(effectId);
    await p.lane(key);
    expect(await stateOf(key)).toEqual(['failed']);
    const other = await p.apply({ emails });
    await p.enter(other, 'test');
    await p.look(other);
    await p.put(key, { kind: 'send-again', invitationId, by: BEN });
    await p.lane(key);
    expect(await p.codes(key)).toContain('not-sent-open-elsewhere');
    expect(await stateOf(key)).toEqual(['failed']);
  });

  test('one is sent again in the very moment in which the other opens: the index decides, and it is decided again', async () => {
    const { key, effectId, invitationId } = await (await given()).sending({ emails });
    p.vendor.fail('invite', { ok: false, kind: 'refused', status: 422, detail: 'no credits' });
    await p.run(effectId);
    await p.lane(key);
    const other = await p.apply({ emails });
    await p.enter(other, 'test');
    await p.put(key, { kind: 'send-again', invitationId, by: BEN });
    beforeCommit(() => p.look(other));
    await p.lane(key);
    expect(await stateOf(other)).toEqual(['sending']);
    expect(await stateOf(key)).toEqual(['failed']);
  });

  test('the database itself refuses a second open invitation', async () => {
    const { key } = await (await given()).sending({ emails });
    const [row] = await p.db.select().from(invitations).where(eq(invitations.applicationKey, key));
    if (!row) throw new Error('no invitation');
    await expect(p.db.insert(invitations).values({ ...row, id: crypto.randomUUID() })).rejects.toThrow();
  });
});

describe('the ATS cannot be read for the moment', () => {
  test('the hint stays, the panel can tell, and it is tried again', async () => {
    const key = await (await given()).apply();
    await p.enter(key, 'test');
    p.ats.fail('readSnapshot', UNREACHABLE);
    await p.look(key);
    expect(await p.row(key)).toMatchObject({ hinted: 1, handled: 0, readTrouble: 'unreachable' });
    expect(await p.effectRows()).toEqual([]);
    const due = (await p.row(key))?.dueAt?.getTime() ?? 0;
    expect(due - p.now.getTime()).toBeGreaterThanOrEqual(1_000);
    expect(due - p.now.getTime()).toBeLessThan(1_500);
    p.pass(1.5);
    await p.lane(key);
    expect(await p.row(key)).toMatchObject({ handled: 1, readTrouble: null });
    expect(await p.effectRows()).toHaveLength(1);
  });

  test('it is tried again more and more seldom, once in a minute or so at last, and from the start after a good reading', async () => {
    const key = await (await given()).apply();
    const waits: number[] = [];
    p.ats.fail('readSnapshot', ...Array.from({ length: 9 }, () => UNREACHABLE));
    await p.look(key);
    for (let count = 0; count < 9; count += 1) {
      waits.push(((await p.row(key))?.dueAt?.getTime() ?? 0) - p.now.getTime());
      p.pass((waits.at(-1) ?? 0) / 1000);
      await p.lane(key);
    }
    for (const [index, wait] of waits.slice(1, 6).entries()) expect(wait).toBeCloseTo((waits[index] ?? 0) * 2, -1);
    expect(Math.max(...waits)).toBeLessThanOrEqual(90_000);
    expect(waits.at(-1)).toBe(waits.at(-2));
    expect(await p.row(key)).toMatchObject({ readTrouble: null });
    p.ats.fail('readSnapshot', UNREACHABLE);
    await p.look(key);
    expect(((await p.row(key))?.dueAt?.getTime() ?? 0) - p.now.getTime()).toBe(waits[0]);
  });

  test('it is asked once in each try, also when something has long been due', async () => {
    const key = await (await given()).apply();
    await p.look(key);
    await p.click(key);
    await p.lane(key);
    p.pass(60);
    const before = p.ats.count('readSnapshot');
    p.ats.fail('readSnapshot', UNREACHABLE, UNREACHABLE);
    await p.lane(key);
    expect(p.ats.count('readSnapshot') - before).toBe(1);
    expect(await stateOf(key)).toEqual(['held']);
    p.pass(15);
    await p.lane(key);
    expect(p.ats.count('readSnapshot') - before).toBe(2);
    p.pass(15);
    await p.lane(key);
    expect(await stateOf(key)).toEqual(['sending']);
  });

  test('it asks for a pause: the pause is kept', async () => {
    const key = await (await given()).apply();
    p.ats.fail('readSnapshot', { ok: false, kind: 'rate-limited', retryAfterMs: 77_000, detail: '' });
    await p.look(key);
    expect((await p.row(key))?.dueAt?.getTime()).toBe(p.now.getTime() + 77_000);
  });

  test.each(['unauthorised', 'unreadable', 'misconfigured'] as const)('%s: nothing is lost', async (kind) => {
    const key = await (await given()).apply();
    await p.enter(key, 'test');
    p.ats.fail('readSnapshot', { ok: false, kind, status: 401, detail: '' });
    await p.look(key);
    expect(await p.row(key)).toMatchObject({ handled: 0, readTrouble: kind });
    p.pass(120);
    await p.lane(key);
    expect(await p.effectRows()).toHaveLength(1);
  });

  test('a click with a hold is taken on what the panel showed; its release reads again', async () => {
    const key = await (await given()).apply();
    await p.look(key);
    p.pass(minutes(5));
    p.ats.fail('readSnapshot', UNREACHABLE);
    await p.click(key);
    await p.lane(key);
    expect(await stateOf(key)).toEqual(['held']);
    expect(await p.effectRows()).toEqual([]);
  });

  test('a click that would go out at once waits until it can be read', async () => {
    const key = await (await given()).apply();
    await p.setRules({ holdSeconds: 0 });
    await p.look(key);
    p.pass(minutes(5));
    p.ats.fail('readSnapshot', UNREACHABLE);
    await p.click(key);
    await p.lane(key);
    expect(await p.waitingInputs(key)).toHaveLength(1);
    expect(await stateOf(key)).toEqual([]);
    p.pass(15);
    await p.lane(key);
    expect(await stateOf(key)).toEqual(['sending']);
  });

  test('a new hint while a try waits is tried at once', async () => {
    const key = await (await given()).apply();
    p.ats.fail('readSnapshot', UNREACHABLE);
    await p.look(key);
    await p.look(key);
    expect(await p.row(key)).toMatchObject({ hinted: 2, handled: 2, readTrouble: null });
  });
});

describe('the ATS does not show the application', () => {
  test.each([
    ['404', NOT_FOUND],
    ['403', { ok: false, kind: 'forbidden', status: 403, detail: '' } as const],
  ])('%s: effects stop, the data stays, the log says so', async (_status, failure) => {
    const { key } = await (await given()).sent();
    p.ats.fail('readSnapshot', failure);
    await p.look(key);
    const row = await p.row(key);
    expect(row).toMatchObject({ handled: row?.hinted });
    expect(row?.state.vanished).toBe(true);
    expect(row?.snapshot).not.toBeNull();
    expect(await stateOf(key)).toEqual(['sent']);
    expect(p.log.map((line) => line.msg)).toContain('an application cannot be seen any more');
  });

  test('what is due then does not make it read in circles', async () => {
    const { key } = await (await given()).sent();
    await p.enter(key, 'onsite');
    await p.look(key);
    p.pass(minutes(10));
    const before = p.ats.count('readSnapshot');
    p.ats.fail('readSnapshot', NOT_FOUND, NOT_FOUND, NOT_FOUND);
    await p.lane(key);
    expect(p.ats.count('readSnapshot') - before).toBe(1);
    expect((await p.effectRows(key)).map((row) => row.kind)).not.toContain('cancel-invitation');
  });

  test('a click on what we only remember sends nothing', async () => {
    const key = await (await given()).apply();
    await p.setRules({ holdSeconds: 0 });
    await p.look(key);
    p.ats.fail('readSnapshot', NOT_FOUND);
    await p.look(key);
    p.ats.fail('readSnapshot', NOT_FOUND);
    await p.click(key);
    await p.lane(key);
    expect(await p.codes(key)).toContain('not-sent-not-visible');
    expect(await p.effectRows()).toEqual([]);
  });

  test('a report of our own effect does not make it visible again', async () => {
    const { key, effectId } = await (await given()).sending();
    p.ats.fail('readSnapshot', NOT_FOUND);
    await p.look(key);
    await p.run(effectId);
    await p.lane(key);
    expect((await p.row(key))?.state.vanished).toBe(true);
    expect(p.vendor.invited).toEqual([]);
    expect(await stateOf(key)).toEqual(['failed']);
  });

  test('and shows it again: the next look says so', async () => {
    const key = await (await given()).apply();
    await p.look(key);
    p.ats.fail('readSnapshot', NOT_FOUND);
    await p.look(key);
    await p.look(key);
    expect((await p.row(key))?.state.vanished).toBe(false);
    expect(await p.codes(key)).toEqual(['not-visible', 'visible-again']);
  });
});

const CLAIMED_RESULT: VendorResult = {
  version: 1,
  enteredBy: null,
  status: 'final',
  verified: false,
  score: null,
  rating: null,
  breakdown: [],
  integrity: { status: 'not evaluated', signals: [] },
  verdict: null,
  notes: null,
  reportUrl: null,
  timeExpired: false,
  reportedAt: '2026-03-02T10:00:00.000Z',
};

describe('what a vendor tells', () => {
  const hint = (invitationId: string, trusted = false) => ({
    kind: 'vendor-hint' as const,
    invitationId,
    vendor: 'Coderbyte',
    trusted,
    claim: { state: 'started' as const, startedAt: null, submittedAt: null, result: null },
  });

  test('is asked of its API, and only that is believed', async () => {
    const { key, invitationId } = await (await given()).sent();
    p.vendor.report = { state: 'submitted', startedAt: null, submittedAt: null, result: null };
    await p.put(key, hint(invitationId));
    await p.lane(key);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'submitted', unverified: false }]);
  });

  test('of a thumb for which its API has no place is kept as claimed, also when it is asked the next time', async () => {
    const { key, invitationId } = await (await given()).sent();
    const report = { state: 'scored' as const, startedAt: null, submittedAt: null, result: makeResult() };
    p.vendor.report = report;
    const thumb = { ...report, result: { ...CLAIMED_RESULT, verdict: 'up' as const } };
    await p.put(key, { ...hint(invitationId), claim: thumb });
    await p.lane(key);
    const claimed = { verified: true, verdict: 'up', claimedVerdict: true };
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'scored', result: claimed }]);
    await p.put(key, { kind: 'poll', invitationId, vendor: 'Coderbyte' });
    await p.lane(key);
    expect(await p.invitationsOf(key)).toMatchObject([{ result: { ...claimed, version: 1 } }]);
  });

  test('waits when its API is away, while everything else goes on', async () => {
    const { key, invitationId } = await (await given()).sent();
    p.vendor.report = { state: 'started', startedAt: null, submittedAt: null, result: null };
    p.vendor.fail('readReport', UNREACHABLE);
    await p.put(key, hint(invitationId));
    await p.put(key, { kind: 'cancel', invitationId, by: BEN });
    await p.lane(key);
    expect(await p.codes(key)).toContain('cancel-requested');
    expect(await p.waitingInputs(key)).toHaveLength(1);
    expect((await p.row(key))?.dueAt?.getTime()).toBe(p.now.getTime() + 60_000);
    p.pass(60);
    await p.lane(key);
    expect(await stateOf(key)).toEqual(['started']);
  });

  test('and that its API has no report of yet is shown at once, marked as not verified, and asked about', async () => {
    const { key, invitationId } = await (await given()).sent();
    await p.put(key, hint(invitationId));
    await p.lane(key);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'started', unverified: true }]);
    expect(await p.waitingInputs(key)).toEqual([]);
  });

  test('about a result that its API does not have yet: submitted at once, the result only after a day of asking', async () => {
    const { key, invitationId } = await (await given()).sent();
    const { claim, ...rest } = hint(invitationId);
    await p.put(key, { ...rest, claim: { ...claim, state: 'scored' as const, result: CLAIMED_RESULT } });
    await p.lane(key);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'submitted', unverified: true, result: null }]);
    expect(await p.waitingInputs(key)).toHaveLength(1);
    p.pass(25 * 3600);
    await p.lane(key);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'scored', unverified: true }]);
  });

  test('the same as before, when we ask by ourselves, leaves no trace', async () => {
    const { key, invitationId } = await (await given()).sent();
    p.vendor.report = { state: 'sent', startedAt: null, submittedAt: null, result: null };
    const before = await p.codes(key);
    await p.put(key, { kind: 'poll', invitationId, vendor: 'Coderbyte' });
    await p.lane(key);
    expect(await p.codes(key)).toEqual(before);
    expect(await p.waitingInputs(key)).toEqual([]);
  });

  test('of an invitation that we are still to mail: that it is there does not stop the mail', async () => {
    const { key, effectId, invitationId } = await (await given()).sending();
    await p.db.update(invitations).set({ handover: 'our e-mail' }).where(eq(invitations.id, invitationId));
    p.vendor.receipt = { emailedBy: 'us' };
    p.mailer.answer = UNREACHABLE;
    expect(await p.run(effectId)).toBe('later');
    p.vendor.report = { state: 'sent', startedAt: null, submittedAt: null, result: null };
    await p.put(key, { ...hint(invitationId), claim: p.vendor.report });
    await p.lane(key);
    expect(await stateOf(key)).toEqual(['sending']);
    p.mailer.answer = { ok: true, value: undefined };
    p.pass(60);
    await p.settle();
    expect(p.mails).toHaveLength(2);
    expect(await stateOf(key)).toEqual(['sent']);
  });

  test('a question to a vendor that is off is dropped, because the next one comes', async () => {
    const { key, invitationId } = await (await given()).sent();
    p.vendorAnswer = { ok: false, kind: 'misconfigured', detail: 'off' };
    await p.put(key, { kind: 'poll', invitationId, vendor: 'Coderbyte' });
    await p.lane(key);
    expect(await p.waitingInputs(key)).toEqual([]);
  });
});

test('the same action twice is one decision', async () => {
  const key = await (await given()).apply();
  await p.look(key);
  const actionId = crypto.randomUUID();
  const input = { kind: 'add-tag', actionId, by: BEN, tag: 'Something' } as const;
  for (let times = 0; times < 3; times += 1) await p.put(key, input, `action:${actionId}`);
  await p.lane(key);
  expect((await p.effectRows()).map((row) => row.kind)).toEqual(['add-tag']);
});
