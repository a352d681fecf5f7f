import { expect, test } from 'vitest';
import { createCrewSize } from '../../../server/jobs/crew-size.ts';

function office() {
  const world = { isShort: false, ms: 0 };
  const size = createCrewSize({ least: 3, most: 6, isShort: () => world.isShort, steadyMs: () => world.ms });
  return { world, size };
}

test('grows by one with each that ends while others wait, to its most', () => {
  const { size } = office();
  expect(size.now()).toBe(3);
  size.endedBefore(true);
  expect(size.now()).toBe(4);
  size.endedBefore(false);
  expect(size.now()).toBe(4);
  for (let ends = 0; ends < 10; ends += 1) size.endedBefore(true);
  expect(size.now()).toBe(6);
});

test('is small at once where an allowance runs short, and does not grow while it does', () => {
  const { world, size } = office();
  for (let ends = 0; ends < 3; ends += 1) size.endedBefore(true);
  world.isShort = true;
  expect(size.now()).toBe(3);
  size.endedBefore(true);
  world.isShort = false;
  expect(size.now()).toBe(3);
  size.endedBefore(true);
  expect(size.now()).toBe(4);
});

test('a crowd after a quiet time begins with few', () => {
  const { world, size } = office();
  size.endedBefore(true);
  world.ms = 9_000;
  expect(size.now()).toBe(4);
  world.ms = 20_000;
  expect(size.now()).toBe(3);
  size.endedBefore(true);
  expect(size.now()).toBe(4);
});
