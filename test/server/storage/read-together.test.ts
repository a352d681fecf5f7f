import { expect, test } from 'vitest';
import { readTogether } from '../../../server/storage/read-together.ts';

function manualReads() {
  const reads: { key: string; answer(value: number): void; fail(): void }[] = [];
  const read = readTogether(
    (key: string) =>
      new Promise<number>((resolve, reject) => {
        reads.push({ key, answer: resolve, fail: () => reject(new Error('the store is down')) });
      }),
  );
  return { reads, read };
}

test('whoever asks while a reading runs gets the next one, and all of them the same', async () => {
  const { reads, read } = manualReads();
  const first = read('a');
  const late = [read('a'), read('a'), read('a')];
  expect(reads).toHaveLength(1);
  reads[0]?.answer(1);
  expect(await first).toBe(1);
  await expect.poll(() => reads.length).toBe(2);
  const later = read('a');
  reads[1]?.answer(2);
  expect(await Promise.all(late)).toEqual([2, 2, 2]);
  await expect.poll(() => reads.length).toBe(3);
  reads[2]?.answer(3);
  expect(await later).toBe(3);
});

test('keys do not wait for each other, and at rest a reading begins at once', async () => {
  const { reads, read } = manualReads();
  const [a, b] = [read('a'), read('b')];
  expect(reads.map(({ key }) => key)).toEqual(['a', 'b']);
  reads[1]?.answer(2);
  expect(await b).toBe(2);
  reads[0]?.answer(1);
  expect(await a).toBe(1);
  const again = read('a');
  expect(reads).toHaveLength(3);
  reads[2]?.answer(4);
  expect(await again).toBe(4);
});

test('a failure is that of those who waited for it; the next reading is another', async () => {
  const { reads, read } = manualReads();
  const first = read('a');
  const second = read('a');
  reads[0]?.fail();
  await expect(first).rejects.toThrow('the store is down');
  await expect.poll(() => reads.length).toBe(2);
  reads[1]?.answer(2);
  expect(await second).toBe(2);
});

test('where several come, the next reading waits a moment for more, and still begins after each of them asked', async () => {
  let reads = 0;
  const begun: number[] = [];
  const ask = readTogether(async (_key: string) => {
    begun.push(performance.now());
    reads += 1;
    await Promise.resolve();
    return reads;
  });
  const first = ask('key');
  const several = [ask('key'), ask('key'), ask('key')];
  expect(await first).toBe(1);
  const late = ask('key');
  expect(await Promise.all([...several, late])).toEqual([2, 2, 2, 2]);
  // Of the six milliseconds of its pace; node cuts what is left of them to whole ones, and its timers may fire one early.
  expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(3);
  expect(await ask('key')).toBe(3);
});
