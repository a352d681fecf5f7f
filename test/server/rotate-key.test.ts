import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer } from '../support/start-server.ts';

const run = promisify(execFile);

let dataDir: string;
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'tagalong-test-rotate-')), 'data');
});
afterEach(() => rm(join(dataDir, '..'), { recursive: true, force: true }));

const environment = () => ({ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' });
const rotate = async () =>
  (await run(process.execPath, ['server/rotate-key.ts'], { env: { ...process.env, ...environment() } }).catch((error) => error))
    .stdout as string;
const key = () => readFile(join(dataDir, 'master.key'), 'utf8');
const hasPrevious = () => existsSync(join(dataDir, 'master.key.previous'));

test('beside a running server the first call makes a key, and the second, after a restart, leaves the one before', async () => {
  const logFile = join(dataDir, '..', 'server.log');
  const first = await startServer({ environment: environment(), logFile });
  const before = await key();
  expect(await rotate()).toContain('A new key was made');
  expect(await key()).not.toBe(before);
  expect(hasPrevious()).toBe(true);
  await first.stop();
  const second = await startServer({ environment: environment(), logFile });
  expect(await rotate()).toContain('Nothing is sealed under the key before any more');
  expect(hasPrevious()).toBe(false);
  expect(await second.stop()).toBe(0);
});

test('while no server runs one call does it all', async () => {
  const server = await startServer({ environment: environment(), logFile: join(dataDir, '..', 'server.log') });
  await server.stop();
  const before = await key();
  expect(await rotate()).toContain('Nothing is sealed under the key before any more');
  expect(await key()).not.toBe(before);
  expect(hasPrevious()).toBe(false);
});
