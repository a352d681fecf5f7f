import { and, asc, eq, gt, isNull, or } from 'drizzle-orm';
import type { Services } from '../services.ts';
import { isStoreDown, wasInTheWay } from '../storage/is-store-down.ts';
import { erasures } from '../storage/schema.ts';
import { tryAlone } from '../storage/try-alone.ts';
import type { PieceSize } from './delivery-pieces.ts';
import { type EraseMeans, eraseReady } from './erase-ready.ts';
import { createPauses, type Pauses } from './erasure-pauses.ts';
import { getReady, type ReadyErasure, type ReadyMeans } from './get-ready.ts';
import { beginLook, type DeliveryLook, lookOn } from './look-for-deliveries.ts';
import { textsAt } from './named-by.ts';
import { type ErasureRow, findUnfinished } from './unfinished.ts';

export interface FinishMeans extends ReadyMeans, EraseMeans {
  /** How much of the stored webhooks is looked through with one statement, where the usual is not meant. */
  piece?: PieceSize;
  /** Milliseconds that only ever grow. */
  steadyMs?: () => number;
}

/**
 * So long a run chooses whom it is for, and so long it is at work for them; what is not through by then goes on with the next one, where it
 * was. Only what is stuck lasts much longer.
 */
const RUN_MS = 60_000;
/** For no longer is the lock left alone: a piece is two statements. One that loses it nevertheless ends its run at the next step. */
const IDLE_MS = 60_000;
const PAGE = 100;
/** Looked for together at most: those of some twenty people, in a few times the time of one. */
const TEXTS_AT_ONCE = 100;

/** Those whom one look through the stored webhooks is for. */
interface Together {
  left: ReadyErasure[];
  look: DeliveryLook;
}

interface Run {
  finished: number;
  /** There is more to be done at once. */
  isMore: boolean;
}

/**
 * Erases who was asked to be erased, once what was going on about them has come to rest. Some twenty of those who are ready are looked for
 * with one look through the stored webhooks, and then each goes in one transaction: before it everything is there and stopped, after it
 * nothing, so it may be interrupted anywhere and taken up by any process. One process is at it at a time; a look that was begun is kept by
 * its process until that has its turn again, without those whom others have erased meanwhile. One that fails is told in the log and tried
 * again later and later, alone and with every second look at most, so that neither it nor any other waits for ever. Each call is a run that
 * ends in time and goes on where the one before it ended. Answers how much it did; 0 when there is nothing to be done just now.
 */
export function createErasureChore(means: FinishMeans): () => Promise<number> {
  const run = createRuns(means);
  return async () => {
    const { finished, isMore } = await run();
    return finished + (isMore ? 1 : 0);
  };
}

/** The same, until all who are ready are erased, or another process is at it. Returns how many were finished. */
export async function finishErasures(means: FinishMeans): Promise<number> {
  const run = createRuns(means);
  for (let all = 0; ; ) {
    const { finished, isMore } = await run();
    all += finished;
    if (finished === 0 && !isMore) return all;
  }
}

function createRuns(means: FinishMeans): () => Promise<Run> {
  const { services, steadyMs = () => performance.now() } = means;
  const given = { means, pauses: createPauses(steadyMs) };
  const choose = createChoice(given);
  let together: Together | null = null;
  const run = async (isStillAlone: () => Promise<boolean>): Promise<Run> => {
    const inTime = () => {
      const until = steadyMs() + RUN_MS;
      return async () => steadyMs() < until && (await isStillAlone());
    };
    const begun = together && (await stillWaiting(services.db, together));
    together = begun ?? (await choose(inTime()));
    if (!together) return { finished: 0, isMore: false };
    const finished = await workOn(given, together, inTime());
    return { finished, isMore: together.left.length > 0 };
  };
  // Nothing is read before the lock is held, for there may be many who wait for it.
  return async () => (await tryAlone(services.db, 'erasures', run, { idleMs: IDLE_MS })) ?? { finished: 0, isMore: false };
}

/** Without those whom others have erased meanwhile; null when that is all of them. */
async function stillWaiting(db: Services['db'], { left, look }: Together): Promise<Together | null> {
  const ids = await findUnfinished(
    db,
    left.map(({ erasure }) => erasure.id),
  );
  const waiting = left.filter(({ erasure }) => ids.has(erasure.id));
  return waiting.length > 0 ? { left: waiting, look } : null;
}

interface Given {
  means: FinishMeans;
  pauses: Pauses;
}

/** Whom the next look is for. Who failed is looked for alone: what is wrong with them is then nobody else's. */
function createChoice({ means, pauses }: Given): (mayGoOn: () => Promise<boolean>) => Promise<Together | null> {
  let failedFirst = false;
  return async (mayGoOn) => {
    const turns = failedFirst ? [true, false] : [false, true];
    failedFirst = !failedFirst;
    for (const failed of turns) {
      const isWanted = (id: string) => pauses.hasFailed(id) === failed && pauses.isDue(id);
      const left = await findReady({ means, pauses }, { isWanted, mayGoOn, most: failed ? 1 : TEXTS_AT_ONCE });
      if (left.length === 0) continue;
      if (failed) failedFirst = false;
      const wanted = left.map(({ whose: { connectionId }, named }) => ({ connectionId, named }));
      return { left, look: beginLook(wanted, means.piece) };
    }
    return null;
  };
}

/**
 * Those who asked first, until their texts are so many; one at least. Where the time is up before anybody was found, the first has had its time
 * to come to rest by the next run.
 */
async function findReady(
  { means, pauses }: Given,
  { isWanted, mayGoOn, most }: { isWanted: (id: string) => boolean; mayGoOn: () => Promise<boolean>; most: number },
): Promise<ReadyErasure[]> {
  const found: ReadyErasure[] = [];
  let last: ErasureRow | undefined;
  for (;;) {
    const page = await listWaiting(means.services.db, last);
    for (const erasure of page) {
      if (!isWanted(erasure.id)) continue;
      if (countOf(found) >= most || !(await mayGoOn())) return found;
      const ready = await tryFor({ means, pauses }, [erasure], () => getReady(means, erasure));
      if (!ready) continue;
      if (found.length > 0 && countOf([...found, ready]) > most) return found;
      found.push(ready);
    }
    if (page.length < PAGE) return found;
    last = page.at(-1);
  }
}

function countOf(ready: readonly ReadyErasure[]): number {
  return ready.reduce((sum, { named }) => sum + textsAt(named, 'ats').length + named.externalIds.size, 0);
}

async function listWaiting(db: Services['db'], after: ErasureRow | undefined): Promise<ErasureRow[]> {
  const { askedAt, id, finishedAt } = erasures;
  const isLater = after && or(gt(askedAt, after.askedAt), and(eq(askedAt, after.askedAt), gt(id, after.id)));
  return await db
    .select()
    .from(erasures)
    .where(and(isNull(finishedAt), isLater))
    .orderBy(asc(askedAt), asc(id))
    .limit(PAGE);
}

/**
 * Looks on and erases until all are through or it may not go on, one at least where the look is through; who is through, or has failed, is
 * left no more. Answers how many were finished.
 */
async function workOn(given: Given, { left, look }: Together, mayGoOn: () => Promise<boolean>): Promise<number> {
  const { means, pauses } = given;
  const rows = left.map(({ erasure }) => erasure);
  const isThrough = await tryFor(given, rows, () => lookOn(means.services, look, mayGoOn));
  if (isThrough === null) left.length = 0;
  if (!isThrough) return 0;
  let finished = 0;
  do {
    const next = left.shift();
    if (!next) break;
    const isFinished = await tryFor(given, [next.erasure], () => eraseReady(means, next, look));
    if (isFinished !== null) pauses.forget(next.erasure.id);
    if (isFinished) finished += 1;
  } while (await mayGoOn());
  return finished;
}

/** Null: it failed. Throws when the store is down, which no other would fare better with. */
async function tryFor<T>(
  { means: { services }, pauses }: Given,
  tried: readonly ErasureRow[],
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    // What took too long, or was in another's way, is of these alone.
    if (isStoreDown(error) && !wasInTheWay(error)) throw error;
    for (const { id } of tried) {
      pauses.fail(id);
      services.log.error({ err: error, erasure: id }, 'an erasure failed and is tried again');
    }
    return null;
  }
}
