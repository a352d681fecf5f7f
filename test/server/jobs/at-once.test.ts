import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createAtOnce } from '../../../server/jobs/at-once.ts';
import type { Transaction } from '../../../server/services.ts';
import { expectCommit, tellCommitted } from '../../../server/storage/after-commit.ts';

/** A crew whose work ends when the test says so, and a queue that notes what it is given. */
function office({ isShort = false } = {}) {
  const begun: string[] = [];
  const queued: string[] = [];
  const ends: (() => void)[] = [];
  const run = (name: string) => {
    begun.push(name);
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  const atOnce = createAtOnce({
    log: pino({ level: 'silent' }),
    queue: {
      sendLane: async (_tx, key) => void queued.push(key),
      sendEffect: async (_tx, id, startAfter) => void queued.push(startAfter ? `${id} later` : id),
    },
    runLane: run,
    runEffect: run,
    isShort: () => isShort,
  });
  const begin = () => {
    const tx = {} as Transaction;
    expectCommit(tx);
    return tx;
  };
  return { atOnce, begun, queued, ends, begin };
}

test('begins with the commit, not before it, and needs no job', async () => {
  const { atOnce, begun, queued, begin } = office();
  const tx = begin();
  await atOnce.queue.sendLane(tx, 'lane');
  await atOnce.queue.sendEffect(tx, 'effect');
  expect(begun).toEqual([]);
  tellCommitted(tx);
  expect(begun).toEqual(['lane', 'effect']);
  expect(queued).toEqual([]);
});

test('what is for later, what nobody says the commit of, and what comes after the close is the queue’s', async () => {
  const { atOnce, begun, queued, begin } = office();
  const tx = begin();
  await atOnce.queue.sendEffect(tx, 'one', new Date('2026-06-01'));
  await atOnce.queue.sendLane({} as Transaction, 'two');
  atOnce.close();
  await atOnce.queue.sendLane(tx, 'three');
  tellCommitted(tx);
  expect(queued).toEqual(['one later', 'two', 'three']);
  expect(begun).toEqual([]);
});

test('so many at a time; what waits is not taken twice, the urgent goes first, and the queue takes what is too much', async () => {
  const { atOnce, begun, queued, ends, begin } = office({ isShort: true });
  for (let number = 0; number < 350; number += 1) {
    const tx = begin();
    await atOnce.queue.sendEffect(tx, `${number}`);
    await atOnce.queue.sendEffect(tx, `${number}`);
    tellCommitted(tx);
  }
  const running = begun.length;
  expect(running).toBe(30);
  expect(queued.length).toBeGreaterThan(0);
  ends.shift()?.();
  await expect.poll(() => begun.length).toBe(running + 1);
  const tx = begin();
  await atOnce.queue.sendEffect(tx, 'urgent', undefined, true);
  tellCommitted(tx);
  ends.shift()?.();
  await expect.poll(() => begun.at(-1)).toBe('urgent');
  const waited = begun.slice(running);
  expect(new Set(waited).size).toBe(waited.length);
});

test('more side by side with each that ends while others wait and no allowance is short', async () => {
  const { atOnce, begun, ends, begin } = office();
  for (let number = 0; number < 150; number += 1) {
    const tx = begin();
    await atOnce.queue.sendLane(tx, `${number}`);
    tellCommitted(tx);
  }
  expect(begun).toHaveLength(30);
  for (let number = 0; number < 20; number += 1) ends.shift()?.();
  await expect.poll(() => begun.length).toBe(70);
});

test('what fails holds up nobody, and the rest is when all has ended', async () => {
  const log = pino({ level: 'silent' });
  let end = () => {};
  const lanes: string[] = [];
  const atOnce = createAtOnce({
    log,
    queue: { sendLane: async () => {}, sendEffect: async () => {} },
    async runLane(key) {
      lanes.push(key);
      if (key === 'broken') throw new Error('no');
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    },
    runEffect: async () => {},
    isShort: () => false,
  });
  const tx = {} as Transaction;
  expectCommit(tx);
  await atOnce.queue.sendLane(tx, 'broken');
  await atOnce.queue.sendLane(tx, 'slow');
  tellCommitted(tx);
  expect(lanes).toEqual(['broken', 'slow']);
  let isAtRest = false;
  const rest = atOnce.rest().then(() => {
    isAtRest = true;
  });
  await Promise.resolve();
  expect(isAtRest).toBe(false);
  end();
  await rest;
  expect(isAtRest).toBe(true);
});
