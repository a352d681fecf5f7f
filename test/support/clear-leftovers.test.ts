import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isTaken, readPostmasterFile } from '../../server/storage/embedded/postmaster-file.ts';
import { startEmbeddedPostgres } from '../../server/storage/embedded-postgres.ts';
import { clearLeftovers } from './clear-leftovers.ts';

let parent: string;
let deadPid: number;
beforeEach(async () => {
  // Not among those that other runs clear; and one that PostgreSQL's own user may enter.
  parent = await mkdtemp(join(tmpdir(), 'leftovers-'));
  await chmod(parent, 0o711);
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  deadPid = child.pid ?? 0;
});
afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

const leave = async (name: string, files: Record<string, string> = {}) => {
  const folder = join(parent, name);
  await mkdir(join(folder, 'postgres', 'data', 'base'), { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  return folder;
};

test('the folder of a run that was killed is removed, also when its removal was cut short', async () => {
  const half = await leave(`tagalong-test-${deadPid}-aaaa`);
  const cut = await leave(`tagalong-test-${deadPid}-bbbb`, { removing: String(deadPid) });
  const unsigned = await leave(`tagalong-test-${deadPid}-cccc`, { removing: '' });
  expect(await clearLeftovers(parent)).toEqual([]);
  expect([half, cut, unsigned].filter(existsSync)).toEqual([]);
});

test('what a living run uses or removes, and what is no folder of a run, is left', async () => {
  const used = await leave(`tagalong-test-${process.pid}-aaaa`);
  const removed = await leave(`tagalong-test-${deadPid}-bbbb`, { removing: String(process.pid) });
  const other = await leave('tagalong-other');
  expect(await clearLeftovers(parent)).toEqual([]);
  expect([used, removed, other].filter(existsSync)).toEqual([used, removed, other]);
});

test('a PostgreSQL that was left running is ended', async () => {
  const dataDir = join(parent, `tagalong-test-${deadPid}-dddd`);
  // Looked after so seldom that it is not started again.
  await startEmbeddedPostgres({ dataDir, log: pino({ level: 'silent' }), durable: false, watchMs: 3_600_000 });
  const pid = (await readPostmasterFile(join(dataDir, 'postgres', 'data')))?.pid ?? 0;
  expect(isTaken(pid)).toBe(true);
  expect(await clearLeftovers(parent)).toEqual([]);
  expect([isTaken(pid), existsSync(dataDir)]).toEqual([false, false]);
});
