import { expect, test } from 'vitest';
import { stopWork } from '../../../server/jobs/stop-work.ts';

const never = new Promise<void>(() => undefined);
const atOnce = async () => undefined;

test('a chore that waits for an answer keeps neither the queue taking jobs nor the process', async () => {
  const told: string[] = [];
  const queue = { stop: async ({ timeoutMs }: { timeoutMs: number }) => void told.push(`queue ${timeoutMs}`) };
  const stopped = stopWork({ queue, workers: { stop: () => never, rest: atOnce }, withinMs: 20 });
  expect(told).toEqual(['queue 20']);
  await stopped;
});

test('what is under way is waited for', async () => {
  const ended: string[] = [];
  let end: () => void = () => undefined;
  const rest = new Promise<void>((resolve) => {
    end = resolve;
  }).then(() => void ended.push('effects'));
  const stopped = stopWork({
    queue: { stop: async () => void ended.push('queue') },
    workers: { stop: atOnce, rest: () => rest },
    withinMs: 60_000,
  });
  end();
  await stopped;
  expect(ended).toEqual(['queue', 'effects']);
});

test('a process that only serves has no chores', async () => {
  const told: string[] = [];
  await stopWork({ queue: { stop: async () => void told.push('queue') }, workers: null, withinMs: 20 });
  expect(told).toEqual(['queue']);
});
