import { expect, test } from 'vitest';
import { within } from './within.ts';

const describe = () => 'the store did not come back';

test('what comes in time is handed on, also when it is an error', async () => {
  expect(await within(Promise.resolve('there'), { withinMs: 60_000, describe })).toBe('there');
  await expect(within(Promise.reject(new Error('broken')), { withinMs: 60_000, describe })).rejects.toThrow('broken');
});

test('what does not come ends with a sentence that says what was waited for and how long', async () => {
  const never = new Promise(() => undefined);
  await expect(within(never, { withinMs: 20, describe })).rejects.toThrow('the store did not come back within 0.02 s');
});
