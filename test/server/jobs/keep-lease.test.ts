import { expect, test, vi } from 'vitest';
import { keepLease } from '../../../server/jobs/keep-lease.ts';
import { LEASE_MS, takeLease } from '../../../server/storage/lease.ts';
import { usePipeline } from '../../support/pipeline.ts';
import { SOON } from '../../support/soon.ts';

const pipeline = usePipeline();
const MINE = '00000000-0000-4000-8000-000000000001';
const OTHERS = '00000000-0000-4000-8000-000000000002';

test('a lane stays with whoever works on it, however long that takes, and is free soon after they are gone', async () => {
  const given = pipeline.current();
  const { services } = given;
  const key = await given.apply();
  const take = (token: string) => takeLease(services.db, key, { token, holder: null }, services.clock.now());
  const isRenewed = async () => (await given.row(key))?.leaseUntil?.getTime() === services.clock.now().getTime() + LEASE_MS;
  expect(await take(MINE)).toBe(true);
  const kept = keepLease(services, key, MINE, 5);
  for (let more = 0; more < 3; more += 1) {
    given.pass(LEASE_MS / 1000 - 1);
    await vi.waitUntil(isRenewed, SOON);
    expect(await take(OTHERS)).toBe(false);
  }
  await kept.stop();
  given.pass(LEASE_MS / 1000 + 1);
  expect(await take(OTHERS)).toBe(true);
});
