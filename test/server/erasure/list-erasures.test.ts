import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listErasures } from '../../../server/erasure/list-erasures.ts';
import { erasures } from '../../../server/storage/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const FIRST = Date.parse('2026-11-01T09:00:00Z');
const erase = (from: number, to: number) =>
  database.db.insert(erasures).values(
    Array.from({ length: to - from }, (_, n) => ({
      id: randomUUID(),
      askedBy: 'ats-deleted' as const,
      askedAt: new Date(FIRST + (from + n) * 60_000),
      applicationKeys: [],
      outside: [],
      counts: {},
    })),
  );

test('a list that is cut says so, and leaves out the oldest', async () => {
  await erase(0, 200);
  const whole = await listErasures(database.db);
  expect([whole.erasures.length, whole.more]).toEqual([200, false]);
  await erase(200, 201);
  const cut = await listErasures(database.db);
  expect([cut.erasures.length, cut.more]).toEqual([200, true]);
  expect(cut.erasures.at(-1)?.askedAt).toBe(new Date(FIRST + 60_000).toISOString());
});
