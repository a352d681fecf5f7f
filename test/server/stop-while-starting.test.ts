import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { readPostmasterFile } from '../../server/storage/embedded/postmaster-file.ts';

/** Starts a server, does `then` with it when `moment` stands in a line that it prints, and waits for its end. */
async function endAt(moment: string, then: (server: ChildProcess) => void) {
  // As root the database must be reachable for an unprivileged user, so it is a folder that the server makes.
  const dataDir = join(tmpdir(), `tagalong-early-end-${randomUUID()}`);
  onTestFinished(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  const server = spawn(process.execPath, ['server/main.ts'], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const said: string[] = [];
  for (const input of [server.stdout, server.stderr])
    createInterface({ input }).on('line', (line) => {
      said.push(line);
      if (line.includes(moment)) then(server);
    });
  const [code] = await once(server, 'exit');
  return { code, stops: said.filter((line) => line.includes('"stopping"')).length, cluster: join(dataDir, 'postgres', 'data') };
}

/** A line of the log, or of standard output, by which not all has started. */
test.each(['started PostgreSQL', 'address: '])('told to end at "%s", it ends cleanly once it has started', async (moment) => {
  const { code, stops, cluster } = await endAt(moment, (server) => server.kill('SIGTERM'));
  expect({ code, stops }).toEqual({ code: 0, stops: 1 });
  expect(existsSync(join(cluster, 'postmaster.pid'))).toBe(false);
});

test('told twice, it does not wait for what it starts', async () => {
  const { code, stops, cluster } = await endAt('started PostgreSQL', (server) => {
    server.kill('SIGTERM');
    server.kill('SIGINT');
  });
  expect({ code, stops }).toEqual({ code: 1, stops: 0 });
  // What was left behind, as by any sudden end: the next start would take it over.
  const left = await readPostmasterFile(cluster);
  if (left) process.kill(left.pid, 'SIGQUIT');
});
