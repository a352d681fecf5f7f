import { eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { deliveryPieces } from '../../../server/erasure/delivery-pieces.ts';
import { createErasureChore, type FinishMeans } from '../../../server/erasure/finish-erasures.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';
import { deliveries, effects, erasures } from '../../../server/storage/schema.ts';
import { askErasure as ask, settleTwice as settle } from '../../support/ask-erasure.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { watchStatements } from '../../support/watch-statements.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const SMALL = { rows: 2, bytes: 100 };
const PEOPLE = ['ada', 'bea', 'cem'];

/** People with an application each, and three stored webhooks for each of them, of which two name them. */
async function askAll(p: Pipeline, people: readonly string[]): Promise<{ ids: string[]; stored: number[]; left: unknown[] }> {
  const stored: number[] = [];
  for (const one of people) {
    await p.sent({ applicationId: `a-${one}`, candidateId: `c-${one}`, emails: [`${one}@mail.example`] });
    for (const body of [`of a-${one}`, `of a-x${one}`, `to ${one}@mail.example`]) {
      const id = await p.deliver([{ event: 'x' }]);
      const set = { body: Buffer.from(body), relayedAt: p.now };
      await p.db.update(deliveries).set(set).where(eq(deliveries.id, id));
      stored.push(id);
    }
  }
  p.pass(120);
  const ids: string[] = [];
  for (const one of people) {
    ids.push(await ask(p, { candidateIds: [`c-${one}`] }));
    p.pass(1);
  }
  await settle(p);
  return { ids, stored, left: people.flatMap((one) => [null, `of a-x${one}`, null]) };
}

async function bodiesOf(p: Pipeline, ids: readonly number[]): Promise<unknown[]> {
  const rows = await p.db
    .select()
    .from(deliveries)
    .where(inArray(deliveries.id, [...ids]))
    .orderBy(deliveries.id);
  return rows.map(({ body }) => body?.toString() ?? null);
}

const finished = async (p: Pipeline) =>
  (await p.db.select().from(erasures).where(isNotNull(erasures.finishedAt))).map(({ id }) => id);

async function countPieces(p: Pipeline): Promise<number> {
  let all = 0;
  for await (const _ of deliveryPieces(p.db, { size: SMALL, settledBefore: p.now })) all += 1;
  return all;
}

const isLook = (text: string) => text.includes('encode(');
const isPiece = (text: string) => isLook(text) && !text.includes('for update');

function chore(p: Pipeline, changes: Partial<FinishMeans> = {}): () => Promise<number> {
  return createErasureChore({ ...p.parts, forgetJobs: async () => 0, piece: SMALL, ...changes });
}

/** Ends the session that holds the lock, as a server does that finds it idle for too long. */
async function endHolder(p: Pipeline): Promise<void> {
  await p.pool.query(`select pg_terminate_backend(pid, 5000) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`);
}

test('two finishers whose looks take many runs get in each other’s way at every turn, and all are erased', async () => {
  const p = given();
  const { ids, stored, left } = await askAll(p, PEOPLE);
  const second = await openDatabase({ address: p.database.address, log: pino({ level: 'silent' }) });
  try {
    let at = 0;
    let other: (() => Promise<number>) | null = null;
    const ofOther: string[][] = [];
    // While one is at a piece, which takes longer than a run, the other has its turn.
    const before = (asked: () => string[]) => async (text: string) => {
      if (!isLook(text)) return;
      at += 70_000;
      const inTheWay = other;
      other = null;
      if (!inTheWay) return;
      const from = asked().length;
      expect(await inTheWay()).toBe(0);
      ofOther.push(asked().slice(from));
    };
    const asked: [string[], string[]] = [[], []];
    asked[0] = watchStatements(
      p.database.pool,
      before(() => asked[1]),
    );
    asked[1] = watchStatements(
      second.pool,
      before(() => asked[0]),
    );
    const steadyMs = () => at;
    const chores = [chore(p, { steadyMs }), chore(p, { steadyMs, services: { ...p.services, db: second.db } })];
    const [one = chore(p), two = chore(p)] = chores;
    let runs = 0;
    for (; runs < 60 && (await finished(p)).length < ids.length; runs += 1) {
      other = runs % 2 === 0 ? two : one;
      await (runs % 2 === 0 ? one : two)();
    }
    expect((await finished(p)).toSorted()).toEqual(ids.toSorted());
    expect(await bodiesOf(p, stored)).toEqual(left);
    expect(runs).toBeGreaterThan(PEOPLE.length);
    // Who waits reads nothing, however many there are.
    expect(ofOther.length).toBeGreaterThan(3);
    expect(ofOther.flat().filter((text) => /"(erasures|settings|applications|deliveries)"/.test(text))).toEqual([]);
    for (const last of [one, two]) expect(await last()).toBe(0);
  } finally {
    await second.close();
  }
});

test('of many who wait, every run erases some, however long it takes to prepare them', async () => {
  const p = given();
  const { ids } = await askAll(p, [...PEOPLE, 'dov', 'eva']);
  let at = 0;
  const prepares = (text: string) => text.startsWith('select') && text.includes('"settings"');
  watchStatements(p.database.pool, async (text) => {
    if (prepares(text)) at += 25_000;
  });
  const run = chore(p, { steadyMs: () => at });
  const counts: number[] = [0];
  while (counts.length < 8 && counts.at(-1) !== ids.length) {
    await run();
    counts.push((await finished(p)).length);
  }
  expect(counts).toEqual([0, 3, 5]);
});

test('a run in which the look is through erases one at least, though the time is up', async () => {
  const p = given();
  const { ids } = await askAll(p, PEOPLE);
  let at = 0;
  const all = await countPieces(p);
  let looked = 0;
  // From the last piece on, everything takes longer than a run.
  watchStatements(p.database.pool, async (text) => {
    if (isPiece(text)) looked += 1;
    if (looked >= all) at += 70_000;
  });
  const run = chore(p, { steadyMs: () => at });
  await run();
  for (const count of ids.keys()) {
    expect(await run()).toBeGreaterThan(0);
    expect(await finished(p)).toHaveLength(count + 1);
  }
});

test('no more are prepared than one look takes', async () => {
  const p = given();
  for (const one of PEOPLE) await ask(p, { candidateIds: Array.from({ length: 60 }, (_, place) => `c-${one}-${place}`) });
  const statements = watchStatements(p.database.pool);
  expect(await chore(p)()).toBe(1);
  const prepared = statements.slice(
    0,
    statements.findIndex((text) => text.includes('skip locked')),
  );
  // The second has no place in it any more.
  expect(prepared.filter((text) => text.includes('"settings"'))).toHaveLength(2);
});

test('those that fail and those that do not take turns: neither starves the other', async () => {
  const p = given();
  const { ids: bad } = await askAll(p, ['bad', 'worse']);
  const keys = (await p.db.select().from(erasures)).flatMap(({ applicationKeys }) => applicationKeys);
  let at = 0;
  let isBroken = true;
  const announce: FinishMeans['announce'] = async (_tx, { key }) => {
    if (isBroken && keys.includes(key)) throw new Error('no');
  };
  const run = chore(p, { steadyMs: () => at, announce });
  await run();
  const rounds: { failed: number; erased: number }[] = [];
  const turn = async (): Promise<{ failed: number; erased: number }> => {
    // All pauses are over.
    at += 11 * 60_000;
    p.log = [];
    const before = (await finished(p)).length;
    await run();
    return { failed: p.log.filter(({ level }) => level === 50).length, erased: (await finished(p)).length - before };
  };
  for (let round = 0; round < 8; round += 1) {
    await ask(p, { candidateIds: [`c-${round}`] });
    rounds.push(await turn());
  }
  for (const [place, { failed, erased }] of rounds.entries()) {
    const next = rounds[place + 1] ?? { failed: 1, erased: 1 };
    expect(failed + next.failed).toBeGreaterThan(0);
    expect(erased + next.erased).toBeGreaterThan(0);
  }
  // Once they are well they go, though others come all the time.
  isBroken = false;
  for (let round = 8; round < 12; round += 1) {
    await ask(p, { candidateIds: [`c-${round}`] });
    await turn();
  }
  expect(await finished(p)).toEqual(expect.arrayContaining(bad));
});

test('those whose look failed are looked for alone', async () => {
  const p = given();
  const { ids, stored, left } = await askAll(p, PEOPLE);
  let at = 0;
  const rename = (from: string, to: string) => p.pool.query(`alter table tagalong.deliveries rename column ${from} to ${to}`);
  let isBroken = false;
  watchStatements(p.database.pool, async (text) => {
    if (!isPiece(text) || isBroken) return;
    isBroken = true;
    await rename('error', 'gone');
  });
  const run = chore(p, { steadyMs: () => at });
  expect(await run()).toBe(0);
  expect(p.log.filter(({ level }) => level === 50).map(({ erasure }) => erasure)).toEqual(ids);
  await rename('gone', 'error');
  for (const count of ids.keys()) {
    at += 6000;
    expect(await run()).toBe(1);
    expect((await finished(p)).toSorted()).toEqual(ids.slice(0, count + 1).toSorted());
  }
  expect(await bodiesOf(p, stored)).toEqual(left);
});

test('one whose session with the lock is ended gives way at its next step, and goes on where it was', async () => {
  const p = given();
  const { ids, stored, left } = await askAll(p, PEOPLE);
  const all = await countPieces(p);
  let looked = 0;
  const statements = watchStatements(p.database.pool, async (text) => {
    if (!isPiece(text)) return;
    looked += 1;
    if (looked === 2) await endHolder(p);
  });
  const run = chore(p);
  expect(await run()).toBe(1);
  expect(await finished(p)).toEqual([]);
  expect(looked).toBe(2);
  while ((await run()) > 0);
  expect((await finished(p)).toSorted()).toEqual(ids.toSorted());
  expect(await bodiesOf(p, stored)).toEqual(left);
  expect(statements.filter(isPiece)).toHaveLength(all);
});

test('one whose time ran out during the look waits no longer for what is still under way', async () => {
  const p = given();
  await askAll(p, ['ada']);
  const [effect] = await p.db.select().from(effects);
  const caller = await p.pool.connect();
  try {
    let isBegun = false;
    watchStatements(p.database.pool, async (text) => {
      if (!isPiece(text) || isBegun) return;
      isBegun = true;
      await caller.query('select pg_advisory_lock(hashtextextended($1, 0))', [effect?.id]);
      await caller.query(`update tagalong.effects set state = 'calling' where id = $1`, [effect?.id]);
      p.pass(60);
    });
    expect(await chore(p)()).toBe(1);
    expect(await p.db.select().from(erasures).where(isNull(erasures.finishedAt))).toEqual([]);
  } finally {
    await caller.query('select pg_advisory_unlock_all()');
    caller.release();
  }
});
