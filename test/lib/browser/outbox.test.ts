import { beforeEach, expect, test, vi } from 'vitest';
import type { OutboxRow } from '../../../lib/browser/database.ts';
import { createOutbox, type Outbox } from '../../../lib/browser/outbox.ts';
import { memoryDatabase } from './memory-database.ts';

let now: Date;
let outbox: Outbox;
const click = (actionId: string, clickedAt = '2025-11-21T14:00:00.000Z') => ({
  actionId,
  path: '/api/commands/send',
  body: { actionId },
  applicationKey: 'ada',
  text: `Send ${actionId}`,
  clickedAt,
});
const taking = (sent: OutboxRow[]) => async (row: OutboxRow) => {
  sent.push(row);
  return { taken: true } as const;
};

beforeEach(() => {
  now = new Date('2025-11-21T14:05:00.000Z');
  outbox = createOutbox(memoryDatabase(), () => now);
});

test('clicks go out oldest first, each under its own action id, and are gone when the server has them', async () => {
  await outbox.add(click('b', '2025-11-21T14:02:00.000Z'));
  await outbox.add(click('a'));
  await outbox.add(click('a'));
  const sent: OutboxRow[] = [];
  await outbox.flush(taking(sent));
  expect(sent.map(({ body }) => body)).toEqual([{ actionId: 'a' }, { actionId: 'b' }]);
  expect(await outbox.isEmpty()).toBe(true);
});

test('a click older than an hour is not sent by itself and asks again', async () => {
  await outbox.add(click('a'));
  now = new Date('2025-11-21T15:00:01.000Z');
  const sent: OutboxRow[] = [];
  await outbox.flush(taking(sent));
  expect(sent).toEqual([]);
  expect(await outbox.list()).toEqual([
    {
      actionId: 'a',
      applicationKey: 'ada',
      kind: 'send',
      text: 'Send a',
      clickedAt: click('a').clickedAt,
      needsConfirmation: true,
    },
  ]);

  expect(await outbox.confirm('a', taking(sent))).toBe(true);
  expect(sent[0]?.body).toEqual({ actionId: 'a', confirmedLate: true });
  expect(await outbox.isEmpty()).toBe(true);
});

test('a refused click stays, with the reason, until a person decides', async () => {
  await outbox.add(click('a'));
  await outbox.flush(async () => ({ taken: false, trouble: 'Ben sent it already.' }));
  expect(await outbox.list()).toMatchObject([{ text: 'Send a: Ben sent it already.', needsConfirmation: true }]);
  const sent: OutboxRow[] = [];
  await outbox.flush(taking(sent));
  expect(sent).toEqual([]);
  await outbox.discard('a');
  expect(await outbox.isEmpty()).toBe(true);
});

test('when the server goes away in between, the rest waits untouched', async () => {
  await outbox.add(click('a'));
  await outbox.add(click('b', '2025-11-21T14:01:00.000Z'));
  const tried: string[] = [];
  await outbox.flush(async ({ actionId }) => {
    tried.push(actionId);
    return { taken: false, trouble: null };
  });
  expect(tried).toEqual(['a']);
  expect(await outbox.list()).toHaveLength(2);
});

test('two flushes at once send each click once', async () => {
  await outbox.add(click('a'));
  const sent: OutboxRow[] = [];
  await Promise.all([outbox.flush(taking(sent)), outbox.flush(taking(sent))]);
  expect(sent).toHaveLength(1);
});

test('a click that was discarded cannot be confirmed any more', async () => {
  expect(await outbox.confirm('gone', taking([]))).toBe(false);
});

test('a click that is discarded while one before it is being sent does not go out', async () => {
  await outbox.add(click('a'));
  await outbox.add(click('b', '2025-11-21T14:01:00.000Z'));
  const sent: string[] = [];
  await outbox.flush(async ({ actionId }) => {
    sent.push(actionId);
    if (actionId === 'a') expect(await outbox.discard('b')).toBe(true);
    return { taken: true };
  });
  expect(sent).toEqual(['a']);
});

test('a click that is on its way is not said to be discarded when the server takes it', async () => {
  await outbox.add(click('a'));
  let answer: (delivery: { taken: true }) => void = () => {};
  let discarded: Promise<boolean> | undefined;
  const flushed = outbox.flush(() => {
    discarded = outbox.discard('a');
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  await vi.waitFor(() => expect(discarded).toBeDefined());
  answer({ taken: true });
  await flushed;
  expect(await discarded).toBe(false);
});

test('a click that was on its way and did not arrive is discarded', async () => {
  await outbox.add(click('a'));
  let discarded: Promise<boolean> | undefined;
  await outbox.flush(async () => {
    discarded = outbox.discard('a');
    return { taken: false, trouble: null };
  });
  expect(await discarded).toBe(true);
  expect(await outbox.isEmpty()).toBe(true);
});
