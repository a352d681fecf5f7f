import { expect, test } from 'vitest';
import { createAtMost } from '../../../lib/browser/at-most.ts';

/** Rests end when the test says so. */
function setUp() {
  const ends: (() => void)[] = [];
  const done: number[] = [];
  const run = createAtMost(250, () => new Promise((resolve) => ends.push(resolve)));
  const ask = (key: number) => run(key, async () => void done.push(key));
  const rest = async () => {
    for (const end of ends.splice(0)) end();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ask, rest, done };
}

test('the first comes at once, a thousand behind it once at the end of the rest, and then it is quiet', async () => {
  const { ask, rest, done } = setUp();
  const all = Array.from({ length: 1000 }, () => ask(1));
  expect(done).toEqual([1]);
  await rest();
  expect(done).toEqual([1, 1]);
  await rest();
  await rest();
  await Promise.all(all);
  expect(done).toEqual([1, 1]);
});

test('one tab does not wait for another, nor for its own rest when that is over', async () => {
  const { ask, rest, done } = setUp();
  const both = [ask(1), ask(2)];
  expect(done).toEqual([1, 2]);
  await rest();
  await Promise.all(both);
  const again = ask(1);
  expect(done).toEqual([1, 2, 1]);
  await rest();
  await again;
});
