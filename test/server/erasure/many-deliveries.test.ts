import { randomUUID } from 'node:crypto';
import { eq, inArray } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { deliveryPieces } from '../../../server/erasure/delivery-pieces.ts';
import { rememberErased } from '../../../server/erasure/erased-marks.ts';
import { createErasureChore, finishErasures } from '../../../server/erasure/finish-erasures.ts';
import { putAside } from '../../../server/erasure/put-aside.ts';
import { requestErasure } from '../../../server/erasure/request-erasure.ts';
import type { Services } from '../../../server/services.ts';
import { deliveries, erasedKeys, erasures } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { watchStatements } from '../../support/watch-statements.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const SMALL = { rows: 2, bytes: 100 };

/** A webhook of the ATS with this body, which nobody has passed on. */
async function arrive(p: Pipeline, body: string): Promise<number> {
  const id = await p.deliver([{ event: 'x' }]);
  await p.db
    .update(deliveries)
    .set({ body: Buffer.from(body) })
    .where(eq(deliveries.id, id));
  return id;
}

async function arriveAll(p: Pipeline, bodies: readonly string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const body of bodies) ids.push(await arrive(p, body));
  return ids;
}

const bodiesOf = async (p: Pipeline, ids: readonly number[]) =>
  (
    await p.db
      .select()
      .from(deliveries)
      .where(inArray(deliveries.id, [...ids]))
      .orderBy(deliveries.id)
  ).map(({ body }) => body?.toString() ?? null);

/** Those that look into bodies, and those of them that hold what they find. */
const looks = (statements: readonly string[]) => statements.filter((text) => text.includes('encode('));
const boundless = (statements: readonly string[]) => looks(statements).filter((text) => !/"id" > .*"id" <= /s.test(text));

describe('a piece of the stored webhooks', () => {
  const piecesOf = async (p: Pipeline, size: { rows: number; bytes: number }, settledBefore?: Date) => {
    const pieces: [number, number][] = [];
    for await (const { after, last } of deliveryPieces(p.db, { size, settledBefore })) pieces.push([after, last]);
    return pieces;
  };

  test('ends with so many rows, or with so many bytes, and holds at least one', async () => {
    const p = given();
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = await arriveAll(p, ['1', '2', '3', '4'.repeat(500), '5']);
    expect(await piecesOf(p, { rows: 2, bytes: 1000 })).toEqual([
      [0, b],
      [b, d],
      [d, e],
    ]);
    expect(await piecesOf(p, { rows: 10, bytes: 2 })).toEqual([
      [0, b],
      [b, d],
      [d, e],
    ]);
    expect(await piecesOf(p, { rows: 1, bytes: 1000 })).toEqual(
      [a, b, c, d, e].map((id, place, all) => [all[place - 1] ?? 0, id]),
    );
  });

  test('ends before the first that came in too lately', async () => {
    const p = given();
    const [, b = 0] = await arriveAll(p, ['1', '2']);
    p.pass(10);
    const late = p.now;
    await arriveAll(p, ['3', '4']);
    expect(await piecesOf(p, { rows: 3, bytes: 1000 }, late)).toEqual([[0, b]]);
    expect(await piecesOf(p, { rows: 2, bytes: 1000 }, late)).toEqual([[0, b]]);
  });
});

describe('an erasure looks through many webhooks', () => {
  const asked = async (p: Pipeline) => {
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1', emails: ['ada@mail.example'] });
    const old = await arriveAll(p, ['of a-1', 'of a-2', 'of a-12', 'to ada@mail.example', 'of a-3']);
    p.pass(120);
    await p.db.transaction((tx) =>
      requestErasure(tx, p.parts, {
        connectionId: p.atsConnectionId,
        subject: { applicationIds: [], candidateIds: ['c-1'], goneCandidateIds: [] },
        askedBy: 'admin',
      }),
    );
    await p.settle();
    await p.settle();
    return old;
  };
  const finish = (p: Pipeline, services = p.services) =>
    finishErasures({ ...p.parts, services, forgetJobs: async () => 0, piece: SMALL });
  /** With something that happens between the look and the locks: before the first transaction that begins after it. */
  const finishAfter = async (p: Pipeline, statements: readonly string[], act: () => Promise<void>) => {
    const { db } = p.services;
    let isDone = false;
    const transaction: Services['db']['transaction'] = async (work, config) => {
      if (looks(statements).length > 0 && !isDone) {
        isDone = true;
        await act();
      }
      return await db.transaction(work, config);
    };
    return await finish(p, { ...p.services, db: Object.assign(Object.create(db), { transaction }) });
  };

  test('in pieces, each with an end, and almost all of them before anything is locked', async () => {
    const p = given();
    const old = await asked(p);
    const statements = watchStatements(p.database.pool);
    expect(await finish(p)).toBe(1);
    expect(await bodiesOf(p, old)).toEqual([null, 'of a-2', 'of a-12', null, 'of a-3']);
    expect(looks(statements).length).toBeGreaterThan(2);
    expect(boundless(statements)).toEqual([]);
    // Under the locks the two that were found are looked at again, and no other.
    expect(looks(statements).filter((text) => text.includes('for update'))).toHaveLength(1);
    expect((await p.db.select().from(erasures))[0]?.counts).toMatchObject({ deliveries: 2 });
  });

  test('and also finds what comes in after the look and before the commit', async () => {
    const p = given();
    const old = await asked(p);
    let late: number[] = [];
    const statements = watchStatements(p.database.pool);
    const finished = await finishAfter(p, statements, async () => {
      late = await arriveAll(p, ['of a-4', 'of a-1 again', 'of a-5', 'to ada@mail.example again', 'of a-6']);
    });
    expect(finished).toBe(1);
    expect(await bodiesOf(p, old)).toEqual([null, 'of a-2', 'of a-12', null, 'of a-3']);
    expect(await bodiesOf(p, late)).toEqual(['of a-4', null, 'of a-5', null, 'of a-6']);
    expect(boundless(statements)).toEqual([]);
  });

  test('and what was drawn a number before others and was committed after them', async () => {
    const p = given();
    await asked(p);
    const { rows } = await p.pool.query(`select nextval('tagalong.deliveries_id_seq')::int as id`);
    await arrive(p, 'of a-7');
    p.pass(10);
    const finished = await finishAfter(p, watchStatements(p.database.pool), async () => {
      const id = await arrive(p, 'of a-1 at last');
      await p.db.update(deliveries).set({ id: rows[0].id }).where(eq(deliveries.id, id));
    });
    expect(finished).toBe(1);
    expect(await bodiesOf(p, [rows[0].id])).toEqual([null]);
  });
});

describe('several who wait', () => {
  const asked = async (p: Pipeline, people: readonly string[]) => {
    for (const one of people)
      await p.sent({ applicationId: `a-${one}`, candidateId: `c-${one}`, emails: [`${one}@mail.example`] });
    const bodies = people.flatMap((one) => [`of a-${one}`, `of a-x${one}`, `to ${one.toUpperCase()}@mail.example`]);
    const old = await arriveAll(p, bodies);
    p.pass(120);
    for (const one of people)
      await p.db.transaction((tx) =>
        requestErasure(tx, p.parts, {
          connectionId: p.atsConnectionId,
          subject: { applicationIds: [], candidateIds: [`c-${one}`], goneCandidateIds: [] },
          askedBy: 'admin',
        }),
      );
    await p.settle();
    await p.settle();
    return { old, left: people.flatMap((one) => [null, `of a-x${one}`, null]) };
  };
  const PEOPLE = ['ada', 'bea', 'cem'];
  const pieces = (statements: readonly string[]) => looks(statements).filter((text) => !text.includes('for update'));

  test('are looked for together, each piece once', async () => {
    const p = given();
    const { old, left } = await asked(p, PEOPLE);
    let all = 0;
    for await (const _ of deliveryPieces(p.db, { size: SMALL, settledBefore: p.now })) all += 1;
    const statements = watchStatements(p.database.pool);
    expect(await finishErasures({ ...p.parts, forgetJobs: async () => 0, piece: SMALL })).toBe(PEOPLE.length);
    expect(await bodiesOf(p, old)).toEqual(left);
    expect(all).toBeGreaterThan(3);
    expect(pieces(statements)).toHaveLength(all);
  });

  test('are looked for by runs that end in time, each going on where the last one ended', async () => {
    const p = given();
    const { old, left } = await asked(p, PEOPLE);
    let at = 0;
    const statements = watchStatements(p.database.pool, async (text) => {
      if (looks([text]).length > 0) at += 25_000;
    });
    const chore = createErasureChore({ ...p.parts, forgetJobs: async () => 0, piece: SMALL, steadyMs: () => at });
    const took: number[] = [];
    for (let did = 1; did > 0; ) {
      const begun = at;
      did = await chore();
      took.push(at - begun);
    }
    // A minute, and the three looks of the one that was begun last.
    expect(Math.max(...took)).toBeLessThanOrEqual(60_000 + 3 * 25_000);
    expect(took.length).toBeGreaterThan(2);
    expect(await bodiesOf(p, old)).toEqual(left);
    let all = 0;
    for await (const _ of deliveryPieces(p.db, { size: SMALL, settledBefore: p.now })) all += 1;
    expect(pieces(statements)).toHaveLength(all);
  });
});

describe('what is put aside', () => {
  let erasureId: string;
  beforeEach(async () => {
    const p = given();
    erasureId = randomUUID();
    await p.db.insert(erasures).values({
      ...{ id: erasureId, connectionId: p.atsConnectionId, askedBy: 'admin', askedAt: p.now, finishedAt: p.now },
      ...{ applicationKeys: [], outside: [], counts: {} },
    });
    await p.db.transaction((tx) => rememberErased(tx, p.services, { erasureId, marks: [] }));
  });

  test('is looked for in pieces, too', async () => {
    const p = given();
    const key = await p.apply({ applicationId: 'a-9' });
    const old = await arriveAll(p, ['of a-8', 'of a-9', 'of a-7', 'of a-6']);
    p.pass(120);
    const statements = watchStatements(p.database.pool);
    const aside = { key, connectionId: p.atsConnectionId, applicationId: 'a-9', erasureId, unknownSince: null };
    await putAside(p.services, aside, SMALL);
    expect(await bodiesOf(p, old)).toEqual(['of a-8', null, 'of a-7', 'of a-6']);
    expect(await p.row(key)).toBeUndefined();
    expect(await p.db.select().from(erasedKeys)).toHaveLength(1);
    expect(looks(statements).length).toBeGreaterThan(2);
    expect(boundless(statements)).toEqual([]);
  });
});
