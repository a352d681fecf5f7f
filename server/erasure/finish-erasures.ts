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
import type { ErasureRow } from './unfinished.ts';

export interface FinishMeans extends ReadyMeans, EraseMeans {
  /** How much of the stored webhooks is looked through with one statement, where the usual is not meant. */
  piece?: PieceSize;
  /** Milliseconds that only ever grow. */
  steadyMs?: () => number;
}

/** So long a run lasts; what is not through by then goes on with the next one, where it was. Only what is stuck lasts much longer. */
const RUN_MS = 60_000;
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
 * Erases who was asked to be erased, once what was going on about them has come to rest. All who are ready are looked for with one look
 * through the stored webhooks, and then each goes in one transaction: before it everything is there and stopped, after it nothing, so it may
 * be interrupted anywhere and taken up by any process. One that fails is told in the log and tried again later and later, for itself, so that
 * it takes no other's turn. Each call is a run that ends in time and goes on where the one before it ended. Answers how much it did; 0 when
 * there is nothing to be done just now.
 */
export function createErasureChore(means: FinishMeans): () => Promise<number> {
  const run = createRuns(means);
  return async () => {
    const { finished, isMore } = await run();
    return finished + (isMore ? 1 : 0);
  };
}

/** The same, until all who are ready are erased. Returns how many were finished. */
export async function finishErasures(means: FinishMeans): Promise<number> {
  const run = createRuns(means);
  for (let all = 0; ; ) {
    const { finished, isMore } = await run();
    all += finished;
    if (!isMore) return all;
  }
}

function createRuns(means: FinishMeans): () => Promise<Run> {
  const { services, steadyMs = () => performance.now() } = means;
  const pauses = createPauses(steadyMs);
  let together: Together | null = null;
  return async () => {
    const until = steadyMs() + RUN_MS;
    const isTimeUp = () => steadyMs() >= until;
    const current: Together | null = together;
    // Also while others are looked for, so that what slips in is stopped.
    const ready = await findReady(means, { pauses, isTimeUp, isEnough: (found) => !current && countOf(found) >= TEXTS_AT_ONCE });
    const chosen = current ?? choose(ready, pauses, means.piece);
    together = null;
    if (!chosen) return { finished: 0, isMore: false };
    const before = chosen.left.length;
    // The look through the webhooks may take minutes, and one process at it is enough.
    const finished = await tryAlone(services.db, 'erasures', () => workOn(means, chosen, { pauses, isTimeUp }));
    if (finished === undefined) return { finished: 0, isMore: false };
    if (chosen.left.length > 0) together = chosen;
    return { finished, isMore: chosen.left.length > 0 || (finished > 0 && ready.length > before) };
  };
}

/** Who has failed before is looked for alone, after all others: what is wrong with them is then nobody else's. */
function choose(ready: readonly ReadyErasure[], pauses: Pauses, size: PieceSize | undefined): Together | null {
  const others = ready.filter(({ erasure }) => !pauses.hasFailed(erasure.id));
  const left = others.length > 0 ? atMost(others) : ready.slice(0, 1);
  const wanted = left.map(({ whose: { connectionId }, named }) => ({ connectionId, named }));
  return left.length === 0 ? null : { left, look: beginLook(wanted, size) };
}

/** The first of them, one at least. */
function atMost(ready: readonly ReadyErasure[]): ReadyErasure[] {
  return ready.filter((_, place) => place === 0 || countOf(ready.slice(0, place + 1)) <= TEXTS_AT_ONCE);
}

function countOf(ready: readonly ReadyErasure[]): number {
  return ready.reduce((sum, { named }) => sum + textsAt(named, 'ats').length + named.externalIds.size, 0);
}

async function findReady(
  means: FinishMeans,
  { pauses, isTimeUp, isEnough }: { pauses: Pauses; isTimeUp: () => boolean; isEnough: (found: ReadyErasure[]) => boolean },
): Promise<ReadyErasure[]> {
  const found: ReadyErasure[] = [];
  let last: ErasureRow | undefined;
  for (;;) {
    const page = await listWaiting(means.services.db, last);
    for (const erasure of page) {
      if (isTimeUp() || isEnough(found)) return found;
      const ready = pauses.isDue(erasure.id) && (await tryFor(means, pauses, [erasure], () => getReady(means, erasure)));
      if (ready) found.push(ready);
    }
    if (page.length < PAGE) return found;
    last = page.at(-1);
  }
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

/** Looks on and erases until all are through or the time is up; who is through, or has failed, is left no more. Answers how many were finished. */
async function workOn(
  means: FinishMeans,
  { left, look }: Together,
  { pauses, isTimeUp }: { pauses: Pauses; isTimeUp: () => boolean },
): Promise<number> {
  const rows = left.map(({ erasure }) => erasure);
  const isThrough = await tryFor(means, pauses, rows, () => lookOn(means.services, look, isTimeUp));
  if (isThrough === null) left.length = 0;
  let finished = 0;
  while (isThrough && !isTimeUp()) {
    const next = left.shift();
    if (!next) break;
    if (await tryFor(means, pauses, [next.erasure], () => eraseReady(means, next, look))) finished += 1;
  }
  return finished;
}

/** Null: it failed. Throws when the store is down, which no other would fare better with. */
async function tryFor<T>(
  { services }: FinishMeans,
  pauses: Pauses,
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
