import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createBodyDropper } from '../../../server/jobs/drop-old-bodies.ts';
import { deliveries } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { watchStatements } from '../../support/watch-statements.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const DAY_S = 24 * 60 * 60;
const SMALL = { rows: 2, bytes: 1000 };

async function arrive(p: Pipeline, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    const id = await p.deliver([{ event: 'x' }]);
    await p.db
      .update(deliveries)
      .set({ body: Buffer.from('{}') })
      .where(eq(deliveries.id, id));
  }
}

const kept = async (p: Pipeline) =>
  (await p.db.select().from(deliveries).orderBy(deliveries.id)).map(({ body }) => (body ? 1 : 0)).join('');

const updates = (statements: readonly string[]) => statements.filter((text) => text.startsWith('update "tagalong"."deliveries"'));

test('bodies of 30 days are emptied in pieces, no younger one is, and what was gone through is not looked at again', async () => {
  const p = given();
  await arrive(p, 5);
  p.pass(10 * DAY_S);
  await arrive(p, 3);
  p.pass(21 * DAY_S);
  const statements = watchStatements(p.database.pool);
  const drop = createBodyDropper(p.services, { size: SMALL });
  expect(await drop()).toBe(0);
  expect(await kept(p)).toBe('00000111');
  expect(updates(statements)).toHaveLength(3);
  expect(updates(statements).filter((text) => !/"id" > .*"id" <= /s.test(text))).toEqual([]);
  expect(await drop()).toBe(0);
  expect(updates(statements)).toHaveLength(3);
  p.pass(10 * DAY_S);
  expect(await drop()).toBe(0);
  expect(await kept(p)).toBe('00000000');
  expect(updates(statements)).toHaveLength(5);
});

test('a run ends in time and the next one goes on', async () => {
  const p = given();
  await arrive(p, 5);
  p.pass(31 * DAY_S);
  let at = 0;
  const steadyMs = () => {
    at += 61_000;
    return at;
  };
  const drop = createBodyDropper(p.services, { size: SMALL, steadyMs });
  expect(await drop()).toBe(1);
  expect(await kept(p)).toBe('00111');
  expect(await drop()).toBe(1);
  expect(await drop()).toBe(1);
  expect(await kept(p)).toBe('00000');
  expect(await drop()).toBe(0);
});
