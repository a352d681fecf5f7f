import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { askPs, childrenOf } from '../../../../server/storage/embedded/children-of.ts';

test.each([
  ['as this system tells best', childrenOf],
  ['by ps', askPs],
] as const)('the children of a process are told with their titles: %s', async (_, list) => {
  const child = spawn('sleep', ['61.5']);
  await once(child, 'spawn');
  try {
    expect(await list(process.pid)).toContainEqual({ pid: child.pid, title: 'sleep 61.5' });
    expect(await list(child.pid ?? 0)).toEqual([]);
  } finally {
    child.kill('SIGKILL');
  }
});
