import { expect, test, vi } from 'vitest';
import { keepLease, LaneHangs } from '../../../server/jobs/keep-lease.ts';
import { runLane } from '../../../server/jobs/lane.ts';
import { LEASE_MS, takeLease } from '../../../server/storage/lease.ts';
import { usePipeline } from '../../support/pipeline.ts';
import { SOON } from '../../support/soon.ts';

const pipeline = usePipeline();
const ERROR = 50;
const MINE = '00000000-0000-4000-8000-000000000001';
const OTHERS = '00000000-0000-4000-8000-000000000002';

test('a lane stays with whoever works on it, however long that takes, and is free soon after they are gone', async () => {
  const given = pipeline.current();
  const { services } = given;
  const key = await given.apply();
  const take = (token: string) => takeLease(services.db, key, { token, holder: null }, services.clock.now());
  const isRenewed = async () => (await given.row(key))?.leaseUntil?.getTime() === services.clock.now().getTime() + LEASE_MS;
  expect(await take(MINE)).toBe(true);
  const kept = keepLease(services, key, MINE, { everyMs: 5, hangsAfterMs: 60_000 });
  for (let more = 0; more < 3; more += 1) {
    given.pass(LEASE_MS / 1000 - 1);
    await vi.waitUntil(isRenewed, SOON);
    expect(await take(OTHERS)).toBe(false);
  }
  await kept.stop();
  given.pass(LEASE_MS / 1000 + 1);
  expect(await take(OTHERS)).toBe(true);
});

test('a round that does not end is given up, and what it would still decide is refused', async () => {
  const given = pipeline.current();
  const key = await given.apply();
  await given.enter(key, 'test');
  await given.hint(key);
  const hanging = Promise.withResolvers<void>();
  given.ats.onRead = () => hanging.promise;
  const leaseTimes = { everyMs: 5, hangsAfterMs: 20 };
  await expect(runLane({ ...given.parts, leaseTimes }, key)).rejects.toThrow(LaneHangs);
  const lines = given.log.filter(({ level }) => level === ERROR);
  expect(lines).toEqual([expect.objectContaining({ application: key, afterMs: 20 })]);

  given.ats.onRead = () => undefined;
  expect(await given.lane(key)).toBe('done');
  const decided = await given.row(key);
  expect(await given.codes(key)).toEqual(['sent-on-stage-entry']);

  // As the hung one read it: nobody had entered the stage.
  await given.change(key, (snapshot) => ({ ...snapshot, name: 'Late', stageEntries: [] }));
  hanging.resolve();
  await vi.waitUntil(() => given.log.some(({ why }) => why === 'the lane belongs to somebody else now'), SOON);
  expect(await given.row(key)).toEqual(decided);
  expect(await given.codes(key)).toEqual(['sent-on-stage-entry']);
});

test('the time of a round begins anew with each: many that go on are not one that hangs', async () => {
  const given = pipeline.current();
  const { services } = given;
  const key = await given.apply();
  await takeLease(services.db, key, { token: MINE, holder: null }, services.clock.now());
  let renewals = 0;
  const db = new Proxy(services.db, {
    get(of, name, whole) {
      if (name === 'execute') renewals += 1;
      return Reflect.get(of, name, whole);
    },
  });
  const kept = keepLease({ ...services, db }, key, MINE, { everyMs: 5, hangsAfterMs: 40 });
  for (let rounds = 1; rounds <= 4; rounds += 1) {
    await vi.waitUntil(() => renewals >= rounds * 3, { ...SOON, interval: 1 });
    kept.begins();
  }
  await kept.stop();
  expect(given.log.filter(({ level }) => level === ERROR)).toEqual([]);
});
