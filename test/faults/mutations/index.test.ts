import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MUTATIONS } from './index.ts';

test.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
  '%s: its place stands in the source once',
  (_, mutation) => {
    expect(readFileSync(mutation.file, 'utf8').split(mutation.find)).toHaveLength(2);
    expect(mutation.replace).not.toBe(mutation.find);
    expect(mutation.checks.length).toBeGreaterThan(0);
  },
);

test('no two have the same name', () => {
  const names = MUTATIONS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
