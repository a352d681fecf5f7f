import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../../server/config.ts';
import { createQueue } from '../../../server/jobs/queue.ts';
import { createPool } from '../../../server/storage/create-pool.ts';
import type { DatabaseAddress } from '../../../server/storage/database-address.ts';
import { openAddress } from '../../../server/storage/open-address.ts';
import { applicationName } from '../../../server/storage/process-name.ts';
import { createStandingSession } from '../../../server/storage/standing-session.ts';
import { openClient } from '../../../server/storage/transfer/open-client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const log = pino({ level: 'silent' });

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** As DATABASE_URL says it, with these parameters besides. */
async function addressWith(parameters: string): Promise<DatabaseAddress> {
  const { host, port, user, database: name } = database.address;
  const url = `postgresql:///${name}?host=${encodeURIComponent(host)}&${parameters}&port=${port}&user=${user}`;
  return (await openAddress(readConfig({ DATABASE_URL: url }), log)).address;
}

test.each([
  'application_name=pgadmin',
  'fallback_application_name=pgadmin&application%5Fname=pgadmin',
  'application_name=two+words&application_name=pgadmin',
  `options=${encodeURIComponent('-c application_name=pgadmin')}`,
])('every session of ours bears our name, also with %s in DATABASE_URL', async (parameters) => {
  const address = await addressWith(parameters);
  const pool = createPool({ address, log, max: 1 });
  const client = await openClient(address);
  const standing = createStandingSession({ address, log, prepare: async () => undefined, onAgain: () => undefined });
  const queue = createQueue({ address, log });
  try {
    const before = (await database.pool.query('select 1 from pg_stat_activity where datname = current_database()')).rowCount;
    await pool.query('select 1');
    await standing.start();
    await queue.start();
    const { rows } = await database.pool.query<{ name: string }>(
      'select application_name as name from pg_stat_activity where datname = current_database()',
    );
    expect(rows.length).toBeGreaterThan(Number(before) + 2);
    expect([...new Set(rows.map(({ name }) => name))]).toEqual([applicationName()]);
  } finally {
    await queue.stop({ timeoutMs: 1000 });
    await standing.stop();
    await client.end();
    await pool.end();
  }
});

test('what else stands in DATABASE_URL holds, its options besides ours', async () => {
  const address = await addressWith(`application_name=pgadmin&options=${encodeURIComponent('-c work_mem=5MB')}`);
  const pool = createPool({ address, log, max: 1 });
  const client = await openClient(address);
  try {
    expect(pool.options.options).toMatch(/^-c work_mem=5MB .*tcp_keepalives_idle=10/);
    for (const session of [pool, client]) expect((await session.query('show work_mem')).rows).toEqual([{ work_mem: '5MB' }]);
  } finally {
    await client.end();
    await pool.end();
  }
});

test('a password with a sign of its own and a URL without parameters stay as they are', async () => {
  const of = async (url: string) => (await openAddress(readConfig({ DATABASE_URL: url }), log)).address;
  for (const url of ['postgres://u:p%26application_name=x@h:5432/d', 'postgres://h/d?sslmode=require&sslrootcert=%2Fca.pem#here'])
    expect(await of(url)).toEqual({ connectionString: url });
});
