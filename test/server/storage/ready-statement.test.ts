import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listOf } from '../../../server/storage/list-of.ts';
import { readyStatement } from '../../../server/storage/ready-statement.ts';
import { applications } from '../../../server/storage/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('values stand in their places, however often and in whatever order, outside and inside of a transaction', async () => {
  const said = readyStatement(
    ['words', 'suffix', 'more'],
    ({
      words,
      suffix,
      more,
    }) => sql`select word || ${suffix}::text as said, ${suffix}::text as suffix from unnest(${words}::text[]) as word
      where word = any${listOf('text', sql`${words}`)} and ${more}::int > 0`,
  );
  const ask = said({ words: ['a "quoted"', `it's`], suffix: '!', more: 1 });
  const expected = [
    { said: 'a "quoted"!', suffix: '!' },
    { said: `it's!`, suffix: '!' },
  ];
  expect((await database.db.execute(ask)).rows).toEqual(expected);
  expect((await database.db.transaction((tx) => tx.execute(ask))).rows).toEqual(expected);
  expect((await database.db.execute(said({ words: ['b'], suffix: '?', more: 2 }))).rows).toEqual([{ said: 'b?', suffix: '?' }]);
});

test('its text is made once, when it is first asked, with tables and columns as everywhere', async () => {
  let made = 0;
  const count = readyStatement(['key'], ({ key }) => {
    made += 1;
    return sql`select count(*)::int as count from ${applications} where ${applications.key} = ${key}::uuid`;
  });
  expect(made).toBe(0);
  for (const key of [crypto.randomUUID(), crypto.randomUUID()])
    expect((await database.db.execute(count({ key }))).rows).toEqual([{ count: 0 }]);
  expect(made).toBe(1);
});

test('a value in the text would be the same for ever, and is refused', () => {
  const wrong = readyStatement(['a'], ({ a }) => sql`select ${a}::int + ${new Date().getFullYear()}::int`);
  expect(() => wrong({ a: 1 })).toThrow('a value stands in a statement that is made once');
});

test('what fails, fails as elsewhere', async () => {
  const divide = readyStatement(['by'], ({ by }) => sql`select 1 / ${by}::int`);
  const failed = await database.db.execute(divide({ by: 0 })).catch((error: unknown) => error);
  expect(failed).toMatchObject({ cause: { code: '22012' } });
});
