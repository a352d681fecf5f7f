import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Services } from '../services.ts';
import { effects, erasures, inputs } from '../storage/schema.ts';
import { countUnderWay } from './count-under-way.ts';
import { readSubject } from './erasure-subject.ts';
import { findApplications, lockApplications, type Whose } from './find-applications.ts';
import { findTraces, type Traces } from './find-traces.ts';
import type { NamedBy } from './named-by.ts';
import type { VendorFacts } from './standing-at-vendor.ts';
import { type ErasureMeans, stopApplications } from './stop-applications.ts';
import { type ErasureRow, holdUnfinished, isMore } from './unfinished.ts';

export interface ReadyMeans extends ErasureMeans {
  connector: {
    vendor(
      id: string,
    ): Promise<{ ok: true; value: { capabilities: { cancels: boolean; invite: 'api' | 'link' } } } | { ok: false }>;
  };
}

/** By vendor connection. One that cannot be asked may have made what we sent it, and takes nothing back. */
export type WhatTheyCan = ReadonlyMap<string, Omit<VendorFacts, 'name'>>;

/** What was going on about them has come to rest, or has had its time: the stored webhooks may be looked through, and then they go. */
export interface ReadyErasure {
  erasure: ErasureRow;
  whose: Whose;
  /** By what they are named, as far as is known before the look. */
  named: NamedBy;
  can: WhatTheyCan;
}

/** For so long a vendor may take to cancel; the promise is a minute. Then it is listed as still open there. */
const PATIENCE_MS = 30_000;
/** No call of ours lasts longer than 20 s; one that began at the last moment has ended by then. */
const CALL_PATIENCE_MS = 52_000;

/** Null: not yet. What of theirs has come in since the word is stopped first, like the others. */
export async function getReady(means: ReadyMeans, erasure: ErasureRow): Promise<ReadyErasure | null> {
  const { services } = means;
  const subject = await readSubject(services.db, erasure.id);
  const { connectionId } = erasure;
  if (!connectionId || !subject) return null;
  const whose = { connectionId, subject, asked: erasure };
  if (isMore(erasure, await findApplications(services.db, whose))) {
    await takeIn(means, erasure, whose);
    return null;
  }
  if (!(await isAtRest(services, erasure))) return null;
  const seen = await findTraces(services.db, whose);
  if (!hasHadItsTime(services, erasure) && (await services.db.transaction((tx) => countUnderWay(tx, seen))) > 0) return null;
  return { erasure, whose, named: seen.named, can: await readWhatTheyCan(means, seen) };
}

/** What is still under way of theirs is waited for no longer. */
export function hasHadItsTime(services: Services, erasure: ErasureRow): boolean {
  return ageOf(services, erasure) >= CALL_PATIENCE_MS;
}

/** One more application of theirs came in between the word and its commit: it is stopped like the others, and all are looked at again. */
export async function takeIn(means: ErasureMeans, { id }: Pick<ErasureRow, 'id'>, whose: Whose): Promise<void> {
  await means.services.db.transaction(async (tx) => {
    const mine = await holdUnfinished(tx, id);
    if (!mine) return;
    const known = new Set(mine.applicationKeys);
    const found = (await findApplications(tx, { ...whose, asked: mine })).filter(({ key }) => !known.has(key));
    const keys = found.map(({ key }) => key);
    await lockApplications(tx, keys);
    await tx
      .update(erasures)
      .set({ applicationKeys: [...known, ...keys] })
      .where(eq(erasures.id, id));
    await stopApplications(tx, means, { erasureId: id, connectionId: whose.connectionId, found, marks: [] });
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

async function readWhatTheyCan({ connector }: ReadyMeans, { invited }: Traces): Promise<WhatTheyCan> {
  const can = new Map<string, Omit<VendorFacts, 'name'>>();
  for (const id of new Set(invited.map(({ vendorConnectionId }) => vendorConnectionId))) {
    const vendor = await connector.vendor(id);
    if (vendor.ok) can.set(id, { cancels: vendor.value.capabilities.cancels, makes: vendor.value.capabilities.invite === 'api' });
  }
  return can;
}
