import { eq } from 'drizzle-orm';
import { ATS_KINDS, ATS_NAMES } from '../../lib/domain/ats.ts';
import type { Transaction } from '../services.ts';
import { type AuditEntry, appendAudit } from '../storage/audit.repository.ts';
import { connections, erasures } from '../storage/schema.ts';
import { countUnderWay } from './count-under-way.ts';
import { eraseDeliveries } from './erase-deliveries.ts';
import { eraseRows } from './erase-rows.ts';
import { rememberErased } from './erased-marks.ts';
import { type ErasureSubject, forgetSubject } from './erasure-subject.ts';
import { lockApplications } from './find-applications.ts';
import { findTraces, type Traces } from './find-traces.ts';
import { hasHadItsTime, type ReadyErasure, takeIn, type WhatTheyCan } from './get-ready.ts';
import { goneThere } from './gone-there.ts';
import { listOutside, type OutsideFacts } from './list-outside.ts';
import { cameBetween, type DeliveryLook, lockDeliveries, wasLookedFor } from './look-for-deliveries.ts';
import { marksOfRows } from './marks-of.ts';
import type { ErasureMeans } from './stop-applications.ts';
import { type ErasureRow, holdUnfinished, isMore } from './unfinished.ts';

export interface EraseMeans extends ErasureMeans {
  /** Jobs that name one of these, in whatever state they are. */
  forgetJobs(tx: Transaction, names: readonly string[]): Promise<number>;
}

/** A webhook may come in between two locks, hardly ever in each of several tries. */
const TRIES = 3;

/**
 * Erases who is ready, in one transaction: before it everything is there and stopped, after it nothing. `look` has found the stored webhooks
 * that name them, perhaps among others. False: something came between, and it is to be tried again from the start.
 */
export async function eraseReady(means: EraseMeans, ready: ReadyErasure, look: DeliveryLook): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const outcome = await tryToErase(means, ready, look);
    if (outcome === 'more') await takeIn(means, ready.erasure, ready.whose);
    if (outcome !== 'again') return outcome === 'finished';
  }
  return false;
}

/** `again`: the same look will do. */
async function tryToErase(
  means: EraseMeans,
  { erasure, whose, named: seen, can }: ReadyErasure,
  look: DeliveryLook,
): Promise<'finished' | 'more' | 'later' | 'again'> {
  const { services } = means;
  const { id } = erasure;
  const { connectionId, subject } = whose;
  return await services.db.transaction(async (tx) => {
    const mine = await holdUnfinished(tx, id);
    if (!mine) return 'later';
    const whoseNow = { ...whose, asked: mine };
    const before = await findTraces(tx, whoseNow);
    if (isMore(mine, before.found)) return 'more';
    if (!wasLookedFor(seen, before.named)) return 'later';
    const underWay = await countUnderWay(tx, before);
    if (underWay > 0 && !hasHadItsTime(services, mine)) return 'later';
    // First the deliveries and then the applications, as the relay does: two that lock in two orders wait for each other in a circle.
    const rows = await lockDeliveries(tx, look, { connectionId, named: before.named });
    // A lane that has read and decided meanwhile finds no row to commit to.
    await lockApplications(tx, before.keys);
    const traces = await findTraces(tx, whoseNow);
    // What came between is not locked, and to lock it now might close a circle. Nothing has been written yet.
    if (isMore(mine, traces.found)) return 'more';
    if (!wasLookedFor(before.named, traces.named)) return 'later';
    // From here on none can be passed on that is about them, for that needs the applications.
    if (await cameBetween(tx, look, { connectionId, named: traces.named, rows })) return 'again';
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
}

async function factsOf(
  tx: Transaction,
  given: { erasure: ErasureRow; subject: ErasureSubject; traces: Traces; can: WhatTheyCan; underWay: number },
): Promise<OutsideFacts> {
  const { erasure, subject, traces, can, underWay } = given;
  const { id: connectionId, kind, name: connectionName, deletedAt } = connections;
  const rows = await tx.select({ id: connectionId, kind, name: connectionName, deletedAt }).from(connections);
  const own = rows.find(({ id }) => id === erasure.connectionId);
  const ats = ATS_KINDS.find((known) => known === own?.kind);
  const used = new Set(traces.invited.map(({ vendorConnectionId }) => vendorConnectionId));
  const vendors = rows
    .filter(({ id }) => used.has(id))
    .map(({ id, name, deletedAt: removedAt }) => {
      const facts = can.get(id) ?? { cancels: false, makes: true };
      return [id, { name, isRemoved: removedAt !== null, ...facts }] as const;
    });
  return {
    atsName: ats ? ATS_NAMES[ats] : '',
    isAtsRemoved: Boolean(own?.deletedAt),
    goneThere: goneThere(ats, erasure, subject),
    vendors: new Map(vendors),
    underWay,
  };
}

/** The audit keeps the random key under which the person was known; browsers are told to wipe what they keep under it. */
async function tell(tx: Transaction, { services, announce }: EraseMeans, erasure: ErasureRow): Promise<void> {
  const { askedBy, memberId, connectionId, applicationKeys } = erasure;
  const who: AuditEntry['who'] = memberId ? { kind: 'member', id: memberId } : { kind: askedBy === 'admin' ? 'system' : 'ats' };
  const entry = { who, action: 'candidate.erased', connectionId };
  if (applicationKeys.length === 0) await appendAudit(tx, services, entry);
  for (const applicationKey of applicationKeys) {
    await appendAudit(tx, services, { ...entry, applicationKey });
    await announce(tx, { key: applicationKey, version: Number.MAX_SAFE_INTEGER, erased: true });
  }
}
