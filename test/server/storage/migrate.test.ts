import { Client } from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { holdMigrations, migrate } from '../../../server/storage/migrate.ts';
import { settings } from '../../../server/storage/schema.ts';
import { SOON } from '../../support/soon.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const countMigrations = async () => (await database.pool.query('select 1 from tagalong.migrations')).rowCount;

test('migrating again changes nothing', async () => {
  const before = await countMigrations();
  await migrate(database.pool, { log });
  expect(await countMigrations()).toBe(before);
});

test('servers that start together on an empty database migrate it once', async () => {
  await database.pool.query('drop schema tagalong cascade');
  await Promise.all(Array.from({ length: 6 }, () => migrate(database.pool, { log })));
  expect(await countMigrations()).toBeGreaterThan(0);
  await database.db.insert(settings).values({ key: 'company', value: { name: 'Acme' }, updatedAt: new Date(0) });
  expect(await database.db.select().from(settings)).toEqual([
    { key: 'company', value: { name: 'Acme' }, updatedAt: new Date(0) },
  ]);
});

test('a migration that fails leaves the database as it was, and the lock free', async () => {
  await database.pool.query('drop schema tagalong cascade; create schema tagalong; create table tagalong.settings (id int)');
  await expect(migrate(database.pool, { log })).rejects.toThrow();
  const { rows } = await database.pool.query(`select tablename from pg_tables where schemaname = 'tagalong' order by 1`);
  expect(rows.map(({ tablename }) => tablename)).toEqual(['migrations', 'settings']);
  await database.pool.query('drop schema tagalong cascade');
  await migrate(database.pool, { log });
});

test('while another session holds the lock, it tells again and again for how long it waits and who that is', async () => {
  const said: { msg: string; waitedMs: number; holder: { pid: number } }[] = [];
  const telling = pino({ level: 'warn' }, { write: (line: string) => void said.push(JSON.parse(line)) });
  const frozen = new Client({ ...database.address, application_name: 'tagalong 4711-frozen' });
  await frozen.connect();
  const { rows } = await frozen.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid;
  await holdMigrations(frozen);
  const waiting = migrate(database.pool, { log: telling, tellEveryMs: 20 });
  try {
    await vi.waitFor(() => expect(said.length).toBeGreaterThan(2), SOON);
  } finally {
    await frozen.end();
    await waiting;
  }
  const [first, second] = said;
  expect(first?.msg).toMatch(/^waiting for 0 s for the migration lock \(advisory lock 7246001 of this database\)/);
  expect(first?.msg).toMatch(
    new RegExp(`held by "tagalong 4711-frozen" \\(pid ${pid} at the database, connected since 2\\S+Z, "idle" since 2\\S+Z\\)$`),
  );
  expect(first?.holder.pid).toBe(pid);
  expect(second?.waitedMs).toBeGreaterThan(first?.waitedMs ?? Number.POSITIVE_INFINITY);
});
