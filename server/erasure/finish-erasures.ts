import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import { ATS_KINDS, ATS_NAMES } from '../../lib/domain/ats.ts';
import type { Services, Transaction } from '../services.ts';
import { type AuditEntry, appendAudit } from '../storage/audit.repository.ts';
import { isStoreDown, wasInTheWay } from '../storage/is-store-down.ts';
import { connections, effects, erasures, inputs } from '../storage/schema.ts';
import { tryAlone } from '../storage/try-alone.ts';
import type { PieceSize } from './delivery-pieces.ts';
import { eraseDeliveries } from './erase-deliveries.ts';
import { eraseRows } from './erase-rows.ts';
import { rememberErased } from './erased-marks.ts';
import { type ErasureSubject, forgetSubject, readSubject } from './erasure-subject.ts';
import { type FoundApplication, findApplications, lockApplications } from './find-applications.ts';
import { findTraces, type Traces } from './find-traces.ts';
import { goneThere } from './gone-there.ts';
import { listOutside, type OutsideFacts } from './list-outside.ts';
import { lockDeliveries, lookForDeliveries, wasLookedFor } from './look-for-deliveries.ts';
import { marksOfRows } from './marks-of.ts';
import type { VendorFacts } from './standing-at-vendor.ts';
import { type ErasureMeans, stopApplications } from './stop-applications.ts';

export interface FinishMeans extends ErasureMeans {
  connector: {
    vendor(
      id: string,
    ): Promise<{ ok: true; value: { capabilities: { cancels: boolean; invite: 'api' | 'link' } } } | { ok: false }>;
  };
  /** Jobs that name one of these, in whatever state they are. */
  forgetJobs(tx: Transaction, names: readonly string[]): Promise<number>;
  /** How much of the stored webhooks is looked through with one statement, where the usual is not meant. */
  piece?: PieceSize;
}

type ErasureRow = typeof erasures.$inferSelect;

interface Whose {
  connectionId: string;
  subject: ErasureSubject;
}

/** For so long a vendor may take to cancel; the promise is a minute. Then it is listed as still open there. */
const PATIENCE_MS = 30_000;
/** No call of ours lasts longer than 20 s; one that began at the last moment has ended by then. */
const CALL_PATIENCE_MS = 52_000;
const AT_ONCE = 20;

/**
 * Erases who was asked to be erased, once what was going on about them has come to rest. Each in one transaction: before it everything
 * is there and stopped, after it nothing, so it may be interrupted anywhere and taken up by any process. One that fails is told in the log,
 * takes no other's turn, and is tried again next time. Returns how many were finished.
 */
export async function finishErasures(means: FinishMeans): Promise<number> {
  const { db } = means.services;
  let [finished, tried] = [0, 0];
  let last: ErasureRow | undefined;
  while (tried < AT_ONCE) {
    const waiting = await listWaiting(db, last);
    for (const erasure of waiting) {
      const isFinished = await tryToFinish(means, erasure);
      if (isFinished !== null) tried += 1;
      if (isFinished) finished += 1;
    }
    if (waiting.length < AT_ONCE) break;
    last = waiting.at(-1);
  }
  return finished;
}

async function listWaiting(db: Services['db'], after: ErasureRow | undefined): Promise<ErasureRow[]> {
  const { askedAt, id, finishedAt } = erasures;
  const isLater = after && or(gt(askedAt, after.askedAt), and(eq(askedAt, after.askedAt), gt(id, after.id)));
  return await db
    .select()
    .from(erasures)
    .where(and(isNull(finishedAt), isLater))
    .orderBy(asc(askedAt), asc(id))
    .limit(AT_ONCE);
}

/** Null: it failed. Throws when the store is down, which no other would fare better with. */
async function tryToFinish(means: FinishMeans, erasure: ErasureRow): Promise<boolean | null> {
  try {
    return await finish(means, erasure);
  } catch (error) {
    // What took too long, or was in another's way, is of this one alone.
    if (isStoreDown(error) && !wasInTheWay(error)) throw error;
    means.services.log.error({ err: error, erasure: erasure.id }, 'an erasure failed and is tried again');
    return null;
  }
}

async function finish(means: FinishMeans, erasure: ErasureRow): Promise<boolean> {
  const { services } = means;
  const subject = await readSubject(services.db, erasure.id);
  const { connectionId } = erasure;
  if (!connectionId || !subject) return false;
  const whose = { connectionId, subject };
  if (isMore(erasure, await findApplications(services.db, connectionId, subject))) return await takeIn(means, erasure, whose);
  if (!(await isAtRest(services, erasure))) return false;
  // The look through the webhooks may take minutes, and one process at it is enough.
  return (await tryAlone(services.db, `erasure:${erasure.id}`, () => eraseAlone(means, erasure, whose))) ?? false;
}

async function eraseAlone(means: FinishMeans, erasure: ErasureRow, whose: Whose): Promise<boolean> {
  const { services, piece: size } = means;
  const { id } = erasure;
  const { connectionId, subject } = whose;
  const seen = await findTraces(services.db, whose);
  const hasHadItsTime = ageOf(services, erasure) >= CALL_PATIENCE_MS;
  if (!hasHadItsTime && (await services.db.transaction((tx) => countUnderWay(tx, seen))) > 0) return false;
  const can = await readWhatTheyCan(means, seen);
  const look = await lookForDeliveries(services, { connectionId, named: seen.named, size });
  const outcome = await services.db.transaction(async (tx) => {
    const mine = await holdUnfinished(tx, id);
    if (!mine) return 'later';
    const before = await findTraces(tx, whose);
    if (isMore(mine, before.found)) return 'more';
    if (!wasLookedFor(seen.named, before.named)) return 'later';
    const underWay = await countUnderWay(tx, before);
    if (underWay > 0 && !hasHadItsTime) return 'later';
    // First the deliveries and then the applications, as the relay does: two that lock in two orders wait for each other in a circle.
    const rows = await lockDeliveries(tx, look, before.named);
    // A lane that has read and decided meanwhile finds no row to commit to.
    await lockApplications(tx, before.keys);
    const traces = await findTraces(tx, whose);
    // What came between is not locked, and to lock it now might close a circle. Nothing has been written yet.
    if (isMore(mine, traces.found)) return 'more';
    if (!wasLookedFor(before.named, traces.named)) return 'later';
    const now = services.clock.now();
    const deliveryIds = await eraseDeliveries(tx, { rows, named: before.named, now });
    const outside = listOutside(traces, await factsOf(tx, { erasure, subject, traces, can, underWay }));
    await rememberErased(tx, services, { erasureId: id, marks: marksOfRows(connectionId, traces) });
    const counts = await eraseRows(tx, traces, { deliveryIds, random: services.random });
    counts.deliveries = deliveryIds.length;
    counts.jobs = await means.forgetJobs(tx, [...traces.keys, ...traces.asked.map((effect) => effect.id)]);
    await forgetSubject(tx, id);
    await tx.update(erasures).set({ finishedAt: now, outside, counts }).where(eq(erasures.id, id));
    await tell(tx, means, mine);
    return 'finished';
  });
  if (outcome === 'more') return await takeIn(means, erasure, whose);
  return outcome === 'finished';
}

/** Unless it is finished, or another process is just at it. */
async function holdUnfinished(tx: Transaction, id: string): Promise<ErasureRow | undefined> {
  const [mine] = await tx
    .select()
    .from(erasures)
    .where(and(eq(erasures.id, id), isNull(erasures.finishedAt)))
    .for('update', { skipLocked: true });
  return mine;
}

function isMore({ applicationKeys }: ErasureRow, found: readonly FoundApplication[]): boolean {
  return found.some(({ key }) => !applicationKeys.includes(key));
}

function ageOf({ clock }: Services, { askedAt }: ErasureRow): number {
  return clock.now().getTime() - askedAt.getTime();
}

/** Nothing is under way any more, or it has had its time. */
async function isAtRest(services: Services, erasure: ErasureRow): Promise<boolean> {
  const { applicationKeys: keys } = erasure;
  if (keys.length === 0 || ageOf(services, erasure) >= PATIENCE_MS) return true;
  const { db } = services;
  const running = await db
    .select({ id: effects.id })
    .from(effects)
    .where(and(inArray(effects.applicationKey, keys), inArray(effects.state, ['queued', 'calling'])))
    .limit(1);
  if (running.length > 0) return false;
  // Also what came of the last of them: only then an invitation that was taken back counts as that.
  const undecided = await db
    .select({ id: inputs.id })
    .from(inputs)
    .where(and(inArray(inputs.applicationKey, keys), isNull(inputs.handledAt)))
    .limit(1);
  return undecided.length === 0;
}

/** One more application of theirs came in between the word and its commit: it is stopped like the others, and all are looked at again. */
async function takeIn(means: FinishMeans, { id }: ErasureRow, { connectionId, subject }: Whose): Promise<false> {
  await means.services.db.transaction(async (tx) => {
    const mine = await holdUnfinished(tx, id);
    if (!mine) return;
    const known = new Set(mine.applicationKeys);
    const found = (await findApplications(tx, connectionId, subject)).filter(({ key }) => !known.has(key));
    const keys = found.map(({ key }) => key);
    await lockApplications(tx, keys);
    await tx
      .update(erasures)
      .set({ applicationKeys: [...known, ...keys] })
      .where(eq(erasures.id, id));
    await stopApplications(tx, means, { erasureId: id, connectionId, found, marks: [] });
  });
  return false;
}

/** Their runners hold a lock for as long as they call; those that have none were cut off, and nobody runs them again. */
async function countUnderWay(tx: Transaction, { asked }: Traces): Promise<number> {
  let held = 0;
  for (const { id } of asked.filter(({ state }) => state === 'calling')) {
    const { rows } = await tx.execute<{ free: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended(${id}, 0)) as free`,
    );
    if (rows[0]?.free !== true) held += 1;
  }
  return held;
}

type WhatTheyCan = ReadonlyMap<string, Omit<VendorFacts, 'name'>>;

/** By vendor connection. One that cannot be asked may have made what we sent it, and takes nothing back. */
async function readWhatTheyCan({ connector }: FinishMeans, { invited }: Traces): Promise<WhatTheyCan> {
  const can = new Map<string, Omit<VendorFacts, 'name'>>();
  for (const id of new Set(invited.map(({ vendorConnectionId }) => vendorConnectionId))) {
    const vendor = await connector.vendor(id);
    if (vendor.ok) can.set(id, { cancels: vendor.value.capabilities.cancels, makes: vendor.value.capabilities.invite === 'api' });
  }
  return can;
}

async function factsOf(
  tx: Transaction,
  given: { erasure: ErasureRow; subject: ErasureSubject; traces: Traces; can: WhatTheyCan; underWay: number },
): Promise<OutsideFacts> {
  const { erasure, subject, traces, can, underWay } = given;
  const rows = await tx.select({ id: connections.id, kind: connections.kind, name: connections.name }).from(connections);
  const ats = ATS_KINDS.find((kind) => kind === rows.find(({ id }) => id === erasure.connectionId)?.kind);
  const used = new Set(traces.invited.map(({ vendorConnectionId }) => vendorConnectionId));
  const vendors = rows
    .filter(({ id }) => used.has(id))
    .map(({ id, name }) => [id, { name, ...(can.get(id) ?? { cancels: false, makes: true }) }] as const);
  return {
    atsName: ats ? ATS_NAMES[ats] : '',
    goneThere: goneThere(ats, erasure, subject),
    vendors: new Map(vendors),
    underWay,
  };
}

/** The audit keeps the random key under which the person was known; browsers are told to wipe what they keep under it. */
async function tell(tx: Transaction, { services, announce }: FinishMeans, erasure: ErasureRow): Promise<void> {
  const { askedBy, memberId, connectionId, applicationKeys } = erasure;
  const who: AuditEntry['who'] = memberId ? { kind: 'member', id: memberId } : { kind: askedBy === 'admin' ? 'system' : 'ats' };
  const entry = { who, action: 'candidate.erased', connectionId };
  if (applicationKeys.length === 0) await appendAudit(tx, services, entry);
  for (const applicationKey of applicationKeys) {
    await appendAudit(tx, services, { ...entry, applicationKey });
    await announce(tx, { key: applicationKey, version: Number.MAX_SAFE_INTEGER, erased: true });
  }
}
