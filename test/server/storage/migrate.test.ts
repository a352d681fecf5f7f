import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../../server/storage/migrate.ts';
import { settings } from '../../../server/storage/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const countMigrations = async () => (await database.pool.query('select 1 from tagalong.migrations')).rowCount;

test('migrating again changes nothing', async () => {
  const before = await countMigrations();
  await migrate(database.pool);
  expect(await countMigrations()).toBe(before);
});

test('servers that start together on an empty database migrate it once', async () => {
  await database.pool.query('drop schema tagalong cascade');
  await Promise.all(Array.from({ length: 6 }, () => migrate(database.pool)));
  expect(await countMigrations()).toBeGreaterThan(0);
  await database.db.insert(settings).values({ key: 'company', value: { name: 'Acme' }, updatedAt: new Date(0) });
  expect(await database.db.select().from(settings)).toEqual([
    { key: 'company', value: { name: 'Acme' }, updatedAt: new Date(0) },
  ]);
});

test('a migration that fails leaves the database as it was, and the lock free', async () => {
  await database.pool.query('drop schema tagalong cascade; create schema tagalong; create table tagalong.settings (id int)');
  await expect(migrate(database.pool)).rejects.toThrow();
  const { rows } = await database.pool.query(`select tablename from pg_tables where schemaname = 'tagalong' order by 1`);
  expect(rows.map(({ tablename }) => tablename)).toEqual(['migrations', 'settings']);
  await database.pool.query('drop schema tagalong cascade');
  await migrate(database.pool);
});
