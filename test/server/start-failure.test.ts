import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DrizzleQueryError } from 'drizzle-orm';
import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { startFailure } from '../../server/start-failure.ts';
import { createTestDatabase } from '../support/test-database.ts';

const query = (code: string, message: string) => {
  const cause = Object.assign(new DatabaseError(message, 0, 'error'), { code });
  return new DrizzleQueryError('select "secrets" from "tagalong"."webhook_endpoints"', ['a-value'], cause);
};

test('damage is told in a sentence with what to do, and no query is shown', () => {
  const words = startFailure(query('XX001', 'invalid page in block 0 of relation "base/16384/16512"'));
  expect(words).toMatch(/^its database is damaged: invalid page in block 0 .*\. .*Keep a copy .* restore the last export/);
  expect(startFailure(query('53300', 'sorry, too many clients already'))).toBe('sorry, too many clients already');
  expect(startFailure(new Error('PORT is taken'))).toBe('PORT is taken');
});

test('a server whose database lost the webhook addresses says so and ends', async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'tagalong-test-'));
  try {
    await database.pool.query('drop table tagalong.webhook_endpoints cascade');
    const { host, port, user } = database.address;
    const child = spawn(process.execPath, ['server/main.ts'], {
      env: {
        ...process.env,
        ...{ NODE_NO_WARNINGS: '1', PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'silent' },
        DATABASE_URL: `postgresql:///${database.address.database}?host=${encodeURIComponent(host)}&port=${port}&user=${user}`,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
    expect(said).toMatch(
      /^Tagalong did not start: its database is not whole: relation "tagalong.webhook_endpoints" does not exist\. /,
    );
    expect(said).not.toMatch(/select|insert/);
  } finally {
    await database.drop();
    await rm(folder, { recursive: true });
  }
});
