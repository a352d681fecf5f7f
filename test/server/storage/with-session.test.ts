import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withSession } from '../../../server/storage/with-session.ts';
import { createTestDatabase } from '../../support/test-database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ ...database.address, max: 1 });
  pool.on('error', () => undefined);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test('a session that the database ends while it is borrowed ends nothing else, and the next one is a new one', async () => {
  const broken = withSession(pool, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const gone = new Promise((resolve) => client.once('end', resolve));
    await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await gone;
    await client.query('select 1');
  });
  await expect(broken).rejects.toThrow();
  await expect(withSession(pool, async (client) => (await client.query('select 1 as one')).rows)).resolves.toEqual([{ one: 1 }]);
});

test('work that fails gives its locks back', async () => {
  const failing = withSession(pool, async (client) => {
    await client.query('select pg_advisory_lock(42)');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  // Waits: the database frees it when it notices that the session has ended, a moment after we let go.
  const { rows } = await database.pool.query('select 1 as free from pg_advisory_lock(42)');
  expect(rows).toEqual([{ free: 1 }]);
});
