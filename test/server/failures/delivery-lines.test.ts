import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { findReplayable, type Replayed, replayForReal } from '../../../server/failures/replay.ts';
import { type Retried, retryFailure } from '../../../server/failures/retry-failure.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import { deleteConnection } from '../../../server/storage/connections.repository.ts';
import { failureKeys, noteFailure } from '../../../server/storage/failures.repository.ts';
import { deliveries, erasures, failures } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
let p: Pipeline;
let isQueueFull = false;
beforeEach(() => {
  p = pipeline.current();
  isQueueFull = true;
  const { sendLane } = p.queue;
  p.queue.sendLane = async (tx, key) => {
    if (isQueueFull) throw new Error('the queue is full');
    await sendLane.call(p.queue, tx, key);
  };
});

const member = { id: randomUUID(), name: 'Ada', role: 'admin' as const };
/** With its body, as one that no erasure has touched. */
const deliver = async (hints: Record<string, unknown>[], side: 'ats' | 'vendor' = 'ats') => {
  const id = await p.deliver(hints, side);
  await p.db
    .update(deliveries)
    .set({ body: Buffer.from('{}') })
    .where(eq(deliveries.id, id));
  return id;
};
/** Until it failed so often. */
const failing = async (id: number, times: number) => {
  for (let tries = 0; tries < times; tries += 1) {
    await relayDeliveries(p.parts);
    p.pass(3600);
  }
  expect(await delivery(id)).toMatchObject({ attempts: times });
};
const delivery = async (id: number) => (await p.db.select().from(deliveries).where(eq(deliveries.id, id)))[0];
const line = async (id: number) => {
  const [row] = await p.db
    .select()
    .from(failures)
    .where(eq(failures.key, failureKeys.delivery(id)));
  if (!row) throw new Error('no line');
  return row;
};
const runAgain = async (id: number): Promise<Replayed | null> => {
  const found = await findReplayable(p.parts, id);
  if (!found) throw new Error('not there');
  return await replayForReal(p.parts, found, member);
};
const tryAgain = async (id: number): Promise<Retried> =>
  await retryFailure(p.parts, { failure: await line(id), member, checked: false });
const remove = (id: string) => deleteConnection(p.db, { id, now: p.now });

describe('a webhook that could not be taken in and is run again by hand', () => {
  test.each([
    ['is on the list', 5, 'open'],
    ['is still tried again by itself', 2, 'retried'],
  ])('is done with on the list, where it %s', async (_where, times, state) => {
    const id = await deliver([{ applicationId: 'o1', event: 'x' }]);
    await failing(id, times);
    expect(await line(id)).toMatchObject({ state });
    await expect(runAgain(id)).rejects.toThrow('the queue is full');
    expect(await line(id)).toMatchObject({ state });
    isQueueFull = false;
    expect(await runAgain(id)).toMatchObject({ kind: 'taken', row: { outcome: 'hinted' } });
    expect(await line(id)).toMatchObject({ state: 'settled', times });
    expect(await relayDeliveries(p.parts)).toBe(0);
  });

  test('stays on the list where it cannot be read', async () => {
    const id = await deliver([{ applicationId: 7 }]);
    await relayDeliveries(p.parts);
    expect(await runAgain(id)).toMatchObject({ row: { outcome: 'unreadable' } });
    expect(await line(id)).toMatchObject({ state: 'open', times: 2 });
  });

  test('by one while another tries it again comes through, and is done with', async () => {
    const id = await deliver([{ applicationId: 'o1', event: 'x' }]);
    await failing(id, 5);
    isQueueFull = false;
    const [replayed, retried] = await Promise.all([runAgain(id), tryAgain(id)]);
    expect(replayed).toMatchObject({ kind: 'taken' });
    expect(['retried', 'gone']).toContain(retried);
    await relayDeliveries(p.parts);
    expect(await line(id)).toMatchObject({ state: 'settled' });
  });
});

describe('a webhook whose connection was removed', () => {
  test.each(['ats', 'vendor'] as const)('(%s) is not tried again, and its line ends', async (side) => {
    const id = await deliver([{ event: 'x' }], side);
    await p.db.update(deliveries).set({ relayedAt: p.now, outcome: 'failed', attempts: 5 });
    const reason = { code: 'delivery-failed', values: { event: 'x', fault: 'X' } };
    await noteFailure(p.db, p.services, { key: failureKeys.delivery(id), kind: 'delivery', reason });
    await remove(side === 'ats' ? p.atsConnectionId : p.vendorConnectionId);
    expect(await tryAgain(id)).toBe('gone');
    expect(await line(id)).toMatchObject({ state: 'settled' });
    expect(await delivery(id)).toMatchObject({ outcome: 'failed', relayedAt: p.now });
  });

  test.each([
    ['by itself', async (id: number) => await failing(id, 2)],
    [
      'because somebody asked for it',
      async (id: number) => {
        await failing(id, 5);
        expect(await tryAgain(id)).toBe('retried');
      },
    ],
  ])('while it was tried again %s has no line that waits for ever', async (_why, fail) => {
    const id = await deliver([{ applicationId: 'o1', event: 'x' }]);
    await fail(id);
    expect(await line(id)).toMatchObject({ state: 'retried' });
    await remove(p.atsConnectionId);
    await relayDeliveries(p.parts);
    expect(await delivery(id)).toMatchObject({ outcome: 'nobody', hints: [] });
    expect(await line(id)).toMatchObject({ state: 'settled' });
  });

  test('and that is the word that somebody was deleted is tried again all the same', async () => {
    isQueueFull = false;
    const { key } = await p.sent({ applicationId: 'o1' });
    isQueueFull = true;
    const id = await deliver([{ applicationId: 'o1', event: 'x', deleted: true }]);
    await failing(id, 5);
    expect(await line(id)).toMatchObject({ state: 'open' });
    await remove(p.atsConnectionId);
    expect(await tryAgain(id)).toBe('retried');
    isQueueFull = false;
    await relayDeliveries(p.parts);
    expect(await p.db.select().from(erasures)).toMatchObject([{ applicationKeys: [key] }]);
    expect(await line(id)).toMatchObject({ state: 'settled' });
  });
});

test('a webhook of which an erasure left nothing is not tried again, and its line ends', async () => {
  // Without a body, as an erasure leaves it.
  const id = await p.deliver([{ applicationId: 'o1', event: 'x' }]);
  await failing(id, 5);
  expect(await delivery(id)).toMatchObject({ outcome: 'failed', hints: [] });
  expect(await tryAgain(id)).toBe('gone');
  isQueueFull = false;
  await relayDeliveries(p.parts);
  expect(await p.db.select().from(failures)).toMatchObject([{ key: failureKeys.delivery(id), state: 'settled' }]);
});
