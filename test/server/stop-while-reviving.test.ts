import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { readPostmasterFile, whoIs } from '../../server/storage/embedded/postmaster-file.ts';
import { waitUntil } from '../support/wait-until.ts';
import { neverReady } from './storage/never-ready.ts';

/** Whoever ends the server kills it not long after. */
const WITHIN_MS = 10_000;

test('told to end while its database is being started again, the server ends in time, and leaves no database behind', async () => {
  // As root the database must be reachable for an unprivileged user, so it is a folder that the server makes.
  const dataDir = join(tmpdir(), `tagalong-end-${randomUUID()}`);
  const data = join(dataDir, 'postgres', 'data');
  const server = spawn(process.execPath, ['server/main.ts'], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const postmaster = async () => (await readPostmasterFile(data))?.pid ?? 0;
  onTestFinished(async () => {
    server.kill('SIGKILL');
    const left = await postmaster();
    if ((await whoIs(left, data)) === 'postmaster') process.kill(left, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });
  const said = createInterface({ input: server.stdout });
  // The last thing that a start says.
  await new Promise<void>((resolve) => said.on('line', (line) => line.startsWith('pairing code: ') && resolve()));
  const first = await postmaster();
  await neverReady(data);
  process.kill(first, 'SIGKILL');
  const isRevived = async () => ![0, first].includes(await postmaster());
  await waitUntil(isRevived, { withinMs: 20_000, describe: () => 'it was not started again' });
  const second = await postmaster();
  // The system takes connections for it, which the server's own end waits for; so the database has to be ended beside that, not after it.
  process.kill(second, 'SIGSTOP');
  const from = performance.now();
  server.kill('SIGTERM');
  const [code] = await once(server, 'exit');
  expect(performance.now() - from).toBeLessThan(WITHIN_MS);
  expect(code).toBe(0);
  // Its parent is gone; how soon the system buries it is not ours.
  expect(['nobody', 'zombie']).toContain(await whoIs(second, data));
}, 60_000);
