import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { claimDueSweeps, sweep } from '../../../server/jobs/sweep.ts';
import { applications, connections, reasonMeanings, stageRoles } from '../../../server/storage/schema.ts';
import { readSweepState } from '../../../server/storage/sweep-state.ts';
import { FORBIDDEN, UNAUTHORISED, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { START } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const lookOf = (p: Pipeline) => p.ats.calls.findLast((call) => call.startsWith('findChangedSince'));
const cursorOf = async (p: Pipeline) => {
  const [row] = await p.db.select().from(connections).where(eq(connections.id, p.atsConnectionId));
  return row?.sweepCursor ?? null;
};

test('a stage entry whose webhook never came is found, and one that we know changes nothing', async () => {
  const p = given();
  const key = await p.apply({ applicationId: 'opportunity-1' });
  await p.enter(key, 'test');
  p.ats.changed = ['opportunity-1', 'opportunity-2'];
  expect(await sweep(p.parts, p.atsConnectionId)).toBe(2);
  expect(await p.db.select().from(applications)).toHaveLength(2);
  await p.lane(key);
  expect(await p.codes(key)).toEqual(['sent-on-stage-entry']);
  await sweep(p.parts, p.atsConnectionId);
  await p.lane(key);
  expect(await p.codes(key)).toEqual(['sent-on-stage-entry']);
});

test('each look begins a little before the last complete one, and asks for the stages that mean something', async () => {
  const p = given();
  await sweep(p.parts, p.atsConnectionId);
  expect(lookOf(p)).toBe('findChangedSince 2025-12-31T23:30:00.000Z test onsite offer');
  expect(await cursorOf(p)).toEqual(p.now);
  p.pass(600);
  await sweep(p.parts, p.atsConnectionId);
  expect(lookOf(p)).toContain('2026-03-02T08:30:00.000Z');
});

test('a look that was cut short keeps what it found and begins again from where it began', async () => {
  const p = given();
  p.ats.changed = ['opportunity-1'];
  p.ats.fail('findChangedSince', UNREACHABLE);
  expect(await sweep(p.parts, p.atsConnectionId)).toBe(1);
  expect(await cursorOf(p)).toBeNull();
  p.pass(121);
  expect(await claimDueSweeps(p.parts)).toEqual([p.atsConnectionId]);
});

/** Which makes every sweep begin with the list of the stages. */
const nameRole = (p: Pipeline, stageName = 'Take Home Test') =>
  p.db.insert(stageRoles).values({
    id: randomUUID(),
    connectionId: p.atsConnectionId,
    stageId: null,
    stageName,
    role: 'assessment',
  });

test('stages that cannot be listed do not make it skip anybody', async () => {
  const p = given();
  await nameRole(p);
  p.ats.fail('listStages', UNREACHABLE);
  await sweep(p.parts, p.atsConnectionId);
  expect(await cursorOf(p)).toBeNull();
  await sweep(p.parts, p.atsConnectionId);
  expect(await cursorOf(p)).toEqual(p.now);
});

test('two processes: each connection is looked at by one', async () => {
  const p = given();
  const claimed = (await Promise.all([claimDueSweeps(p.parts), claimDueSweeps(p.parts)])).flat();
  expect(claimed).toEqual([p.atsConnectionId]);
  expect(await claimDueSweeps(p.parts)).toEqual([]);
  p.pass(600);
  expect(await claimDueSweeps(p.parts)).toEqual([p.atsConnectionId]);
});

describe('a clock that is ahead of the one of the ATS', () => {
  const HOUR = 3600;
  const minutesAgo = (p: Pipeline, minutes: number) => new Date(p.now.getTime() - minutes * 60_000).toISOString();
  const aheadBy = (p: Pipeline, seconds: number) => {
    p.ats.ownClockAheadMs = () => seconds * 1000;
  };

  test('once, at the start, hides nothing of what changes until it is right again, nor after', async () => {
    const p = given();
    const rightTime = p.now;
    p.pass(2 * HOUR);
    aheadBy(p, 2 * HOUR);
    await claimDueSweeps(p.parts);
    await sweep(p.parts, p.atsConnectionId);
    expect(await cursorOf(p)).toEqual(rightTime);
    p.pass(60 - 2 * HOUR);
    aheadBy(p, 0);
    expect(await claimDueSweeps(p.parts)).toEqual([p.atsConnectionId]);
    // Nobody looks for three hours: all that time is asked for.
    p.pass(3 * HOUR);
    await sweep(p.parts, p.atsConnectionId);
    expect(lookOf(p)).toContain(minutesAgo(p, 3 * 60 + 1 + 30));
    expect(await cursorOf(p)).toEqual(p.now);
  });

  test('that is set right while a look is under way', async () => {
    const p = given();
    p.pass(2 * HOUR);
    p.ats.stages = [];
    await nameRole(p);
    p.ats.onListStages = () => {
      p.pass(60 - 2 * HOUR);
      p.ats.onListStages = () => undefined;
    };
    await sweep(p.parts, p.atsConnectionId);
    expect(await cursorOf(p)).toEqual(p.now);
  });

  test('all the time: what the ATS calls now is never taken for later', async () => {
    const p = given();
    aheadBy(p, 45 * 60);
    await sweep(p.parts, p.atsConnectionId);
    expect(await cursorOf(p)).toEqual(new Date(minutesAgo(p, 45)));
    // By ours, it got through just now.
    expect((await stateOf(p)).sweptAt).toBe(p.now.toISOString());
    p.pass(600);
    await sweep(p.parts, p.atsConnectionId);
    // By the clock of the ATS the last look was ten minutes ago.
    const since = lookOf(p)?.split(' ')[1] ?? '';
    expect(since).toBe(minutesAgo(p, 45 + 10 + 30));
  });

  test('which the first answer tells: a look that asked too late does not count, and the next one asks from the beginning', async () => {
    const p = given();
    await p.db.update(connections).set({ automaticSince: p.now });
    p.ats.ownClockAheadMs = () => (p.ats.count('findChangedSince') === 0 ? 0 : 45 * 60_000);
    p.pass(60);
    await sweep(p.parts, p.atsConnectionId);
    expect(await cursorOf(p)).toBeNull();
    p.pass(121);
    expect(await claimDueSweeps(p.parts)).toEqual([p.atsConnectionId]);
    p.pass(2 * HOUR);
    await sweep(p.parts, p.atsConnectionId);
    expect(lookOf(p)).toContain(new Date(START.getTime() - 75 * 60_000).toISOString());
    expect(await cursorOf(p)).toEqual(new Date(minutesAgo(p, 45)));
  });

  test('a mark that an older version wrote in the time to come is not waited for', async () => {
    const p = given();
    const ahead = new Date(p.now.getTime() + 2 * HOUR * 1000);
    await p.db.update(connections).set({ sweepCursor: ahead, sweepDueAt: ahead });
    expect(await claimDueSweeps(p.parts)).toEqual([p.atsConnectionId]);
    await sweep(p.parts, p.atsConnectionId);
    expect(lookOf(p)).toContain(minutesAgo(p, 30));
    expect(await cursorOf(p)).toEqual(p.now);
  });
});

describe('more changes than one list holds', () => {
  const HOURS = 40;
  /** One in each of the last hours, in an ATS that lists five at a time. */
  const manyChanged = async (p: Pipeline) => {
    await p.db.update(connections).set({ sweepCursor: new Date(p.now.getTime() - HOURS * 3_600_000) });
    p.ats.longestList = 5;
    for (let hours = HOURS - 1; hours >= 0; hours -= 1) {
      const id = `opportunity-${hours}`;
      p.ats.changed.push(id);
      p.ats.changedAt.set(id, new Date(p.now.getTime() - hours * 3_600_000));
    }
  };
  const found = async (p: Pipeline) =>
    (await p.db.select().from(applications)).map(({ applicationId }) => applicationId).toSorted();

  test('all of them are found, slice by slice, and those who are deleted too', async () => {
    const p = given();
    const { key } = await p.sent({ applicationId: 'known' });
    await manyChanged(p);
    p.ats.deleted = ['known', ...Array.from({ length: 9 }, (_, n) => `gone-${n}`)];
    for (const [n, id] of p.ats.deleted.entries()) p.ats.changedAt.set(id, new Date(p.now.getTime() - (n + 1) * 60_000));
    await sweep(p.parts, p.atsConnectionId);
    expect(await found(p)).toEqual(['known', ...p.ats.changed].toSorted());
    expect(await cursorOf(p)).toEqual(p.now);
    await p.lane(key);
    expect(await p.codes(key)).toContain('application-deleted');
  });

  test('a stop in the middle: the next look goes on from the last slice that was read whole', async () => {
    const p = given();
    await manyChanged(p);
    const before = (await cursorOf(p)) ?? p.now;
    p.ats.onListChanges = ({ since }) => {
      if (since.getTime() > p.now.getTime() - 20 * 3_600_000) p.ats.failures.set('findChangedSince', [UNREACHABLE]);
    };
    await sweep(p.parts, p.atsConnectionId);
    const stopped = (await cursorOf(p)) ?? p.now;
    expect(stopped.getTime()).toBeGreaterThan(before.getTime() + 10 * 3_600_000);
    expect(stopped.getTime()).toBeLessThan(p.now.getTime() - 10 * 3_600_000);
    p.ats.onListChanges = () => undefined;
    p.ats.failures.clear();
    p.pass(121);
    expect(await claimDueSweeps(p.parts)).toEqual([p.atsConnectionId]);
    const calls = p.ats.calls.length;
    await sweep(p.parts, p.atsConnectionId);
    const first = p.ats.calls.slice(calls).find((call) => call.startsWith('findChangedSince'));
    expect(first).toContain(new Date(stopped.getTime() - 30 * 60_000).toISOString());
    expect(await found(p)).toEqual(p.ats.changed.toSorted());
    expect(await cursorOf(p)).toEqual(p.now);
  });

  test('a long look stays the only one, ends in time, and the next one goes on; nothing is asked for twice but its beginning', async () => {
    const p = given();
    await manyChanged(p);
    await claimDueSweeps(p.parts);
    const claims: Promise<string[]>[] = [];
    p.ats.onListChanges = () => {
      p.pass(240);
      claims.push(claimDueSweeps(p.parts));
    };
    await sweep(p.parts, p.atsConnectionId);
    expect((await Promise.all(claims)).flat()).toEqual([]);
    const first = (await cursorOf(p)) ?? p.now;
    expect(first.getTime()).toBeLessThan(p.now.getTime() - 10 * 3_600_000);
    // Another look that has come further is not set back.
    const further = new Date(first.getTime() + 20 * 3_600_000);
    p.ats.onListChanges = async ({ since }) => {
      p.pass(240);
      if (since <= first) await p.db.update(connections).set({ sweepCursor: further });
    };
    expect(await claimDueSweeps(p.parts)).toEqual([p.atsConnectionId]);
    await sweep(p.parts, p.atsConnectionId);
    expect(await cursorOf(p)).toEqual(further);
  });

  test('who changes while the slices are read is in a later one', async () => {
    const p = given();
    await manyChanged(p);
    p.ats.onListChanges = ({ until }) => {
      // Just before the first slice that is small enough, the earliest of them changes once more.
      if (until && until.getTime() < p.now.getTime() - 30 * 3_600_000) p.ats.changedAt.set('opportunity-39', p.now);
    };
    await sweep(p.parts, p.atsConnectionId);
    expect(await found(p)).toEqual(p.ats.changed.toSorted());
  });

  test('a clock that is ahead makes no slice that ends in what the ATS calls the time to come', async () => {
    const p = given();
    await manyChanged(p);
    const rightTime = p.now;
    p.pass(14 * 3600);
    p.ats.ownClockAheadMs = () => 14 * 3_600_000;
    const ends: (Date | null)[] = [];
    p.ats.onListChanges = ({ until }) => void ends.push(until);
    await sweep(p.parts, p.atsConnectionId);
    expect(ends.filter((end) => end && end > rightTime)).toEqual([]);
    expect(await found(p)).toEqual(p.ats.changed.toSorted());
    expect(await cursorOf(p)).toEqual(rightTime);
  });

  test('so many at one moment that no slice holds them: it ends, and says so', async () => {
    const p = given();
    await manyChanged(p);
    for (let hours = 10; hours < 16; hours += 1)
      p.ats.changedAt.set(`opportunity-${hours}`, new Date(p.now.getTime() - 10 * 3_600_000));
    await sweep(p.parts, p.atsConnectionId);
    expect((await cursorOf(p))?.getTime()).toBeGreaterThan(p.now.getTime() - 11 * 3_600_000);
    expect((await cursorOf(p))?.getTime()).toBeLessThan(p.now.getTime() - 9 * 3_600_000);
    expect(p.log.map(({ why }) => why)).toContain('too-much');
  });
});

test('a connection that is off is not looked at', async () => {
  const p = given();
  await p.switchConnection(p.atsConnectionId, false);
  expect(await claimDueSweeps(p.parts)).toEqual([]);
});

const stateOf = async (p: Pipeline) => {
  const [row] = await p.db.select().from(connections).where(eq(connections.id, p.atsConnectionId));
  return readSweepState(row?.sweepState);
};

describe('a credential that is refused', () => {
  test('is noted by the first call already, which is that for the stages, and until a call is answered', async () => {
    const p = given();
    await nameRole(p);
    const dueAt = async () => (await p.db.select().from(connections).where(eq(connections.id, p.atsConnectionId)))[0]?.sweepDueAt;
    p.ats.fail('listStages', UNAUTHORISED);
    await sweep(p.parts, p.atsConnectionId);
    expect(await stateOf(p)).toMatchObject({ isRefused: true, unlisted: null });
    expect(await cursorOf(p)).toBeNull();
    expect(await dueAt()).toEqual(new Date(p.now.getTime() + 120_000));
    // Who is not reached has not said that the credential is good.
    p.ats.fail('listStages', UNREACHABLE);
    await sweep(p.parts, p.atsConnectionId);
    expect(await stateOf(p)).toMatchObject({ isRefused: true });
    await sweep(p.parts, p.atsConnectionId);
    expect(await stateOf(p)).toMatchObject({ isRefused: false });
  });
});

describe('who stands in no mapped stage', () => {
  test('by its id, but by its name, is looked at: the stages of a job that is not open are not listed', async () => {
    const p = given();
    await nameRole(p);
    p.ats.changed = ['opportunity-1', 'opportunity-2', 'opportunity-3'];
    for (const id of p.ats.changed) p.ats.elsewhere.add(id);
    p.ats.listedStages.set('opportunity-1', ' take home test').set('opportunity-2', 'Phone Screen');
    expect(await sweep(p.parts, p.atsConnectionId)).toBe(1);
    expect(await p.db.select().from(applications)).toMatchObject([{ applicationId: 'opportunity-1' }]);
  });

  test('is left alone when nobody here knows them, and looked at when somebody does: they may have left', async () => {
    const p = given();
    const { key } = await p.sent({ applicationId: 'opportunity-1' });
    await p.enter(key, 'review');
    p.ats.changed = ['opportunity-1', 'opportunity-2'];
    for (const id of p.ats.changed) p.ats.elsewhere.add(id);
    expect(await sweep(p.parts, p.atsConnectionId)).toBe(1);
    await p.lane(key);
    expect(await p.codes(key)).toContain('leaving-grace');
    expect(await p.db.select().from(applications)).toHaveLength(1);
  });
});

describe('what the ATS lists as deleted', () => {
  test('is its word: what is open is taken back, once; those we never heard of make no row', async () => {
    const p = given();
    const { key, invitationId } = await p.sent({ applicationId: 'opportunity-1' });
    p.ats.applications.delete('opportunity-1');
    p.ats.deleted = ['opportunity-1', 'opportunity-9'];
    await sweep(p.parts, p.atsConnectionId);
    await p.lane(key);
    await p.settle();
    expect(p.vendor.cancelled).toEqual([invitationId]);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'cancelled' }]);
    const codes = await p.codes(key);
    expect(codes).toContain('application-deleted');
    expect(codes).not.toContain('not-visible');
    await p.erase();
    expect(await p.db.select().from(applications)).toEqual([]);
    p.pass(600);
    // Another server of the ATS may list it for a moment longer.
    p.ats.changed = ['opportunity-1'];
    await sweep(p.parts, p.atsConnectionId);
    expect(await p.db.select().from(applications)).toEqual([]);
  });

  test('while that list is denied, somebody who is gone is only not visible', async () => {
    const p = given();
    const { key } = await p.sent({ applicationId: 'opportunity-1' });
    p.ats.applications.delete('opportunity-1');
    p.ats.deleted = FORBIDDEN;
    await sweep(p.parts, p.atsConnectionId);
    await p.look(key);
    expect(await p.codes(key)).toContain('not-visible');
    expect(p.vendor.cancelled).toEqual([]);
    expect(await cursorOf(p)).toEqual(p.now);
  });

  test('that cannot be read just now, keeps the cursor where it was', async () => {
    const p = given();
    p.ats.deleted = UNREACHABLE;
    await sweep(p.parts, p.atsConnectionId);
    expect(await cursorOf(p)).toBeNull();
  });
});

describe('a credential that may not list applications', () => {
  test('those with something open are read one by one, in a circle that a restart does not begin anew', async () => {
    const p = given();
    await p.setRules({ automaticHoldSeconds: 3600 });
    const keys: string[] = [];
    for (let n = 0; n < 30; n += 1) {
      const key = await p.apply();
      await p.enter(key, 'test');
      await p.look(key);
      keys.push(key);
    }
    const idle = await p.apply();
    await p.look(idle);
    const readsOfSweep = async () => {
      p.ats.fail('findChangedSince', FORBIDDEN);
      p.queue.lanes = [];
      expect(await sweep(p.parts, p.atsConnectionId)).toBe(p.queue.lanes.length);
      // Nothing is open here, and yet somebody may have been hired: such have a count of their own.
      expect(p.queue.lanes).toContain(idle);
      return p.queue.lanes.filter((key) => key !== idle);
    };
    const first = await readsOfSweep();
    expect(first).toHaveLength(25);
    // All that the next process knows stands in the database.
    expect((await stateOf(p)).unlisted?.after).toBe(first.at(-1));
    const second = await readsOfSweep();
    expect([...first, ...second].toSorted()).toEqual(keys.toSorted());
    expect(await readsOfSweep()).toEqual(first);
    expect(await cursorOf(p)).toBeNull();
  });

  test('nor the stages by whose names the roles go: the same', async () => {
    const p = given();
    await nameRole(p);
    const { key } = await p.sent({ applicationId: 'opportunity-1' });
    // One for the look, one for the names that the settings know.
    p.ats.fail('listStages', FORBIDDEN, FORBIDDEN);
    p.queue.lanes = [];
    expect(await sweep(p.parts, p.atsConnectionId)).toBe(1);
    expect(p.queue.lanes).toEqual([key]);
    expect(p.ats.count('findChangedSince')).toBe(0);
    expect(await stateOf(p)).toMatchObject({ isRefused: false, unlisted: { since: p.now.toISOString() } });
    expect(await cursorOf(p)).toBeNull();
    await sweep(p.parts, p.atsConnectionId);
    expect((await stateOf(p)).unlisted).toBeNull();
  });

  test('when the right is back, what was taken for invisible meanwhile is looked at again', async () => {
    const p = given();
    const { key } = await p.sent({ applicationId: 'opportunity-1' });
    p.ats.fail('findChangedSince', FORBIDDEN);
    await sweep(p.parts, p.atsConnectionId);
    p.ats.fail('readSnapshot', FORBIDDEN);
    await p.lane(key);
    expect((await p.row(key))?.state.vanished).toBe(true);
    await sweep(p.parts, p.atsConnectionId);
    await p.lane(key);
    expect((await p.row(key))?.state.vanished).toBe(false);
    expect(await p.codes(key)).toContain('visible-again');
  });

  test('the note goes, and the list is taken up from where it was, when the right is given', async () => {
    const p = given();
    await sweep(p.parts, p.atsConnectionId);
    const seen = await cursorOf(p);
    p.pass(86_400);
    p.ats.fail('findChangedSince', FORBIDDEN);
    await sweep(p.parts, p.atsConnectionId);
    expect(await stateOf(p)).toMatchObject({ unlisted: { since: p.now.toISOString() } });
    expect(await cursorOf(p)).toEqual(seen);
    p.pass(600);
    await sweep(p.parts, p.atsConnectionId);
    expect(lookOf(p)).toContain('2026-03-02T08:30:00.000Z');
    expect((await stateOf(p)).unlisted).toBeNull();
  });
});

describe('a stage or reason that a setting names and the ATS no longer has', () => {
  const stagesOf = (...ids: string[]) => ids.map((id, order) => ({ stageId: id, name: id, job: null, order }));

  test('is noticed, asked once an hour at most, and forgotten when it is there again', async () => {
    const p = given();
    await p.db.insert(reasonMeanings).values([
      { connectionId: p.atsConnectionId, reasonId: 'r1', reasonName: 'Withdrew', meaning: 'withdrew' },
      { connectionId: p.atsConnectionId, reasonId: 'r2', reasonName: 'Not a fit', meaning: 'rejected' },
    ]);
    p.ats.stages = stagesOf('test', 'offer');
    p.ats.reasons = [{ reasonId: 'r2', name: 'Not a fit', kind: 'non-hired', active: false }];
    await sweep(p.parts, p.atsConnectionId);
    expect(await stateOf(p)).toMatchObject({
      goneStages: [{ id: 'onsite', name: 'onsite' }],
      goneReasons: [{ id: 'r1', name: 'Withdrew' }],
    });
    p.ats.stages = stagesOf('test', 'offer', 'onsite');
    p.pass(3000);
    await sweep(p.parts, p.atsConnectionId);
    expect((await stateOf(p)).goneStages).toHaveLength(1);
    expect(p.ats.count('listStages')).toBe(1);
    p.pass(700);
    await sweep(p.parts, p.atsConnectionId);
    expect(await stateOf(p)).toMatchObject({ goneStages: [], goneReasons: [{ id: 'r1' }] });
  });

  test('an empty list, or one that cannot be read, says nothing', async () => {
    const p = given();
    await sweep(p.parts, p.atsConnectionId);
    expect((await stateOf(p)).goneStages).toEqual([]);
    p.pass(3700);
    p.ats.fail('listStages', FORBIDDEN);
    await sweep(p.parts, p.atsConnectionId);
    expect((await stateOf(p)).goneStages).toEqual([]);
    expect(await cursorOf(p)).toEqual(p.now);
  });

  test('who enters a stage that nobody has named hears that one is missing', async () => {
    const p = given();
    p.ats.stages = stagesOf('onsite', 'offer');
    await sweep(p.parts, p.atsConnectionId);
    const key = await p.apply();
    await p.enter(key, 'review');
    await p.look(key);
    expect(await p.codes(key)).toEqual(['not-sent-stage-gone']);
  });
});
