import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';

/** The line of the log, or that of standard output, by which it is told to end. */
test.each(['started PostgreSQL', 'address: '])(
  'told to end at "%s", before it has all started, it ends cleanly',
  async (moment) => {
    // As root the database must be reachable for an unprivileged user, so it is a folder that the server makes.
    const dataDir = join(tmpdir(), `tagalong-early-end-${randomUUID()}`);
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const child = spawn(process.execPath, ['server/main.ts'], {
      env: { ...process.env, NODE_NO_WARNINGS: '1', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const said: string[] = [];
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on('line', (line) => {
        said.push(line);
        if (line.includes(moment)) child.kill('SIGTERM');
      });
    const [code] = await once(child, 'exit');
    expect({ code, said: said.filter((line) => line.includes('"stopping"')).length }).toEqual({ code: 0, said: 1 });
    expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  },
);
