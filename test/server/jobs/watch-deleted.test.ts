import { expect, test } from 'vitest';
import { watchDeleted } from '../../../server/jobs/watch-deleted.ts';
import { applications } from '../../../server/storage/schema.ts';
import { FORBIDDEN, UNREACHABLE } from '../../support/fake-systems.ts';
import { usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();

test('who is listed as deleted only after they were missed is erased within a minute of the list, without a sweep', async () => {
  const p = pipeline.current();
  await watchDeleted(p.parts);
  const { key, invitationId } = await p.sent({ applicationId: 'opportunity-1' });
  p.ats.applications.delete('opportunity-1');
  await p.look(key);
  expect(await p.codes(key)).toContain('not-visible');
  p.pass(45);
  await watchDeleted(p.parts);
  expect(await p.db.select().from(applications)).toHaveLength(1);
  p.ats.deleted = ['opportunity-1', 'opportunity-9'];
  for (let seconds = 0; seconds < 20; seconds += 5) {
    p.pass(5);
    await watchDeleted(p.parts);
  }
  await p.lane(key);
  await p.settle();
  expect(p.vendor.cancelled).toEqual([invitationId]);
  await p.erase();
  expect(await p.db.select().from(applications)).toEqual([]);
});

test('one process at a time reads the list, and not more often than is needed', async () => {
  const p = pipeline.current();
  await Promise.all(Array.from({ length: 4 }, () => watchDeleted(p.parts)));
  expect(p.ats.deletedSince).toHaveLength(1);
  p.pass(10);
  await watchDeleted(p.parts);
  expect(p.ats.deletedSince).toHaveLength(1);
  p.pass(15);
  await watchDeleted(p.parts);
  expect(p.ats.deletedSince).toHaveLength(2);
});

test('a list that is denied is asked for seldom, and one that was out of reach again soon', async () => {
  const p = pipeline.current();
  p.ats.deleted = FORBIDDEN;
  for (let times = 0; times < 4; times += 1) {
    await watchDeleted(p.parts);
    p.pass(60);
  }
  expect(p.ats.deletedSince).toHaveLength(1);
  p.ats.deleted = UNREACHABLE;
  p.pass(600);
  for (let times = 0; times < 3; times += 1) {
    await watchDeleted(p.parts);
    p.pass(25);
  }
  expect(p.ats.deletedSince).toHaveLength(4);
});

test('whom the ATS lists late is found, and after an outage whom it listed meanwhile', async () => {
  const p = pipeline.current();
  const minutesAgo = (minutes: number) => new Date(p.now.getTime() - minutes * 60_000);
  await watchDeleted(p.parts);
  p.pass(60);
  await watchDeleted(p.parts);
  expect(p.ats.deletedSince.at(-1)).toEqual(minutesAgo(31));
  p.ats.deleted = UNREACHABLE;
  for (let hours = 0; hours < 3; hours += 1) {
    p.pass(3600);
    await watchDeleted(p.parts);
  }
  p.ats.deleted = [];
  p.pass(60);
  await watchDeleted(p.parts);
  expect(p.ats.deletedSince.at(-1)).toEqual(minutesAgo(181 + 30));
});

test('a clock that was ahead hides no deletion: the list is due at once, and asked for from what the ATS called now', async () => {
  const p = pipeline.current();
  const minutesAgo = (minutes: number) => new Date(p.now.getTime() - minutes * 60_000);
  p.pass(7200);
  p.ats.ownClockAheadMs = () => 7_200_000;
  await watchDeleted(p.parts);
  p.pass(60 - 7200);
  p.ats.ownClockAheadMs = () => 0;
  await watchDeleted(p.parts);
  expect(p.ats.deletedSince).toHaveLength(2);
  expect(p.ats.deletedSince.at(-1)).toEqual(minutesAgo(31));
});

test('with a clock that is ahead all the time, the list is asked for by the time of the ATS', async () => {
  const p = pipeline.current();
  const minutesAgo = (minutes: number) => new Date(p.now.getTime() - minutes * 60_000);
  p.ats.ownClockAheadMs = () => 45 * 60_000;
  for (let minutes = 0; minutes < 3; minutes += 1) {
    await watchDeleted(p.parts);
    p.pass(60);
  }
  expect(p.ats.deletedSince.at(0)).toEqual(minutesAgo(3 + 45 + 30));
  expect(p.ats.deletedSince.at(-1)?.getTime()).toBeLessThanOrEqual(minutesAgo(2 + 45 + 30).getTime());
});

test('more deletions than one list holds are read in parts', async () => {
  const p = pipeline.current();
  const { key } = await p.sent({ applicationId: 'opportunity-1' });
  p.ats.longestList = 5;
  p.ats.deleted = [...Array.from({ length: 30 }, (_, n) => `gone-${n}`), 'opportunity-1'];
  for (const [n, id] of p.ats.deleted.entries()) p.ats.changedAt.set(id, new Date(p.now.getTime() - (31 - n) * 50_000));
  expect(await watchDeleted(p.parts)).toBe(1);
  await p.lane(key);
  expect(await p.codes(key)).toContain('application-deleted');
  const calls = p.ats.deletedSince.length;
  p.pass(21);
  await watchDeleted(p.parts);
  expect(p.ats.deletedSince[calls]).toEqual(new Date(p.now.getTime() - 21_000 - 30 * 60_000));
});
