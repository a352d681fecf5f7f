import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findLeft } from '../../../server/storage/key-rotation.ts';
import { createSealer, markOf } from '../../../server/storage/seal.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { watchStatements } from '../../support/watch-statements.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  await fill('k');
});
afterEach(() => database.drop());

const [before, after] = [randomBytes(32), randomBytes(32)];
const mark = markOf(after);
const sealed = createSealer(before).seal('x', 'somewhere');
/** A dozen pages of rows. */
const fill = (name: string) =>
  database.pool.query(
    `insert into tagalong.settings (key, value, updated_at)
      select $1::text || n, to_jsonb(repeat(md5(n::text), 30)), now() from generate_series(1, 100) n`,
    [name],
  );
const isLook = (text: string) => text.includes('"settings"') && text.includes('~');

test('a large table is looked through in pieces, and what stands in its last one is found', async () => {
  const statements = watchStatements(database.pool);
  expect(await findLeft(database.db, mark, 2)).toEqual([]);
  const looks = statements.filter(isLook);
  expect(looks.length).toBeGreaterThan(2);
  expect(looks.every((text) => text.includes('ctid'))).toBe(true);
  await database.pool.query(`update tagalong.settings set value = to_jsonb($1::text) where key = 'k100'`, [sealed]);
  expect(await findLeft(database.db, mark, 2)).toEqual(['settings.value']);
});

test('a row that is written anew during the look is seen as it stood before, wherever it moves', async () => {
  const { pool } = database;
  const pageOf = async () =>
    (await pool.query(`select (ctid::text::point)[0]::int as page from tagalong.settings where key = 'left'`)).rows[0].page;
  await pool.query(
    `insert into tagalong.settings (key, value, updated_at) values ('left', to_jsonb($1::text || repeat('x', 800)), now())`,
    [sealed],
  );
  await fill('m');
  // Room at the front alone, where the row goes when it is written anew.
  await pool.query(`delete from tagalong.settings where ctid < '(1,0)'::tid
    or (ctid::text::point)[0] = (select max((ctid::text::point)[0]) from tagalong.settings)`);
  await pool.query(`vacuum tagalong.settings`);
  expect(await pageOf()).toBeGreaterThan(2);
  const own = new Client(database.address);
  await own.connect();
  let looks = 0;
  watchStatements(pool, async (text) => {
    if (isLook(text) && ++looks === 2) await own.query(`update tagalong.settings set updated_at = now() where key = 'left'`);
  });
  const left = await findLeft(database.db, mark, 1);
  await own.end();
  expect(await pageOf()).toBe(0);
  expect(left).toEqual(['settings.value']);
});
