import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { ATS_KINDS, ATS_NAMES } from '../../lib/domain/ats.ts';
import type { Services, Transaction } from '../services.ts';
import { type AuditEntry, appendAudit } from '../storage/audit.repository.ts';
import { connections, effects, erasures, inputs } from '../storage/schema.ts';
import { eraseDeliveries } from './erase-deliveries.ts';
import { eraseRows } from './erase-rows.ts';
import { rememberErased } from './erased-marks.ts';
import { type ErasureSubject, forgetSubject, readSubject } from './erasure-subject.ts';
import { lockApplications } from './find-applications.ts';
import { findTraces, type Traces } from './find-traces.ts';
import { goneThere } from './gone-there.ts';
import { listOutside, type OutsideFacts } from './list-outside.ts';
import { marksOfRows } from './marks-of.ts';
import type { ErasureMeans } from './request-erasure.ts';
import type { VendorFacts } from './standing-at-vendor.ts';

export interface FinishMeans extends ErasureMeans {
  connector: {
    vendor(
      id: string,
    ): Promise<{ ok: true; value: { capabilities: { cancels: boolean; invite: 'api' | 'link' } } } | { ok: false }>;
  };
  /** Jobs that name one of these, in whatever state they are. */
  forgetJobs(tx: Transaction, names: readonly string[]): Promise<number>;
}

type ErasureRow = typeof erasures.$inferSelect;

/** For so long a vendor may take to cancel; the promise is a minute. Then it is listed as still open there. */
const PATIENCE_MS = 30_000;
/** No call of ours lasts longer than 20 s; one that began at the last moment has ended by then. */
const CALL_PATIENCE_MS = 52_000;
const AT_ONCE = 20;

/**
 * Erases who was asked to be erased, once what was going on about them has come to rest. Each in one transaction: before it everything
 * is there and stopped, after it nothing, so it may be interrupted anywhere and taken up by any process. Returns how many were finished.
 */
export async function finishErasures(means: FinishMeans): Promise<number> {
  const { db } = means.services;
  const waiting = await db
    .select()
    .from(erasures)
    .where(isNull(erasures.finishedAt))
    .orderBy(asc(erasures.askedAt))
    .limit(AT_ONCE);
  let finished = 0;
  for (const erasure of waiting) if (await finish(means, erasure)) finished += 1;
  return finished;
}

async function finish(means: FinishMeans, erasure: ErasureRow): Promise<boolean> {
  const { services } = means;
  const { id, connectionId } = erasure;
  const subject = await readSubject(services.db, id);
  if (!connectionId || !subject) return false;
  if (!(await isAtRest(services, erasure))) return false;
  const can = await readWhatTheyCan(means, connectionId, subject);
  return await services.db.transaction(async (tx) => {
    const [mine] = await tx
      .select({ id: erasures.id })
      .from(erasures)
      .where(and(eq(erasures.id, id), isNull(erasures.finishedAt)))
      .for('update', { skipLocked: true });
    if (!mine) return false;
    const before = await findTraces(tx, { connectionId, subject });
    if (before.keys.some((key) => !erasure.applicationKeys.includes(key))) return await takeIn(tx, erasure, before.keys);
    const underWay = await countUnderWay(tx, before);
    if (underWay > 0 && ageOf(services, erasure) < CALL_PATIENCE_MS) return false;
    // First the deliveries and then the applications, as the relay does: two that lock in two orders wait for each other in a circle.
    const now = services.clock.now();
    const deliveryIds = await eraseDeliveries(tx, { connectionId, named: before.named, now });
    // A lane that has read and decided meanwhile finds no row to commit to.
    await lockApplications(tx, before.keys);
    const traces = await findTraces(tx, { connectionId, subject });
    const outside = listOutside(traces, await factsOf(tx, { erasure, subject, traces, can, underWay }));
    await rememberErased(tx, services, { erasureId: id, marks: marksOfRows(connectionId, traces) });
    const counts = await eraseRows(tx, traces, { deliveryIds, random: services.random });
    counts.deliveries = deliveryIds.length;
    counts.jobs = await means.forgetJobs(tx, [...traces.keys, ...traces.asked.map((effect) => effect.id)]);
    await forgetSubject(tx, id);
    await tx.update(erasures).set({ finishedAt: now, outside, counts }).where(eq(erasures.id, id));
    await tell(tx, means, erasure);
    return true;
  });
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

/** One more application of theirs came in between the word and its commit: it is stopped like the others, and looked at again. */
async function takeIn(tx: Transaction, { id, applicationKeys }: ErasureRow, keys: readonly string[]): Promise<false> {
  const all = [...new Set([...applicationKeys, ...keys])];
  await tx.update(erasures).set({ applicationKeys: all }).where(eq(erasures.id, id));
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
async function readWhatTheyCan(
  { services, connector }: FinishMeans,
  connectionId: string,
  subject: ErasureSubject,
): Promise<WhatTheyCan> {
  const { invited } = await findTraces(services.db, { connectionId, subject });
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
