import { expect, test } from 'vitest';
import { leastOf, tellLeast } from './least-of.ts';

test('at size full a third of what is asked has to be reached, and of a few more than one', () => {
  expect([10_000, 200, 100, 10, 4].map((asked) => leastOf(asked, 'full'))).toEqual([3_334, 67, 34, 4, 2]);
});

test('at size small once is enough', () => {
  expect(leastOf(10_000, 'small')).toBe(1);
});

test('a target names the least where it is more than one', () => {
  expect(tellLeast(3_334, 'webhooks')).toBe('; at least 3,334 webhooks');
  expect(tellLeast(1, 'webhooks')).toBe('');
});
