import type { InferSelectModel } from 'drizzle-orm';
import { and, asc, eq, gt, inArray, isNotNull, isNull, not, or, type SQL, sql } from 'drizzle-orm';
import { type ErasureRequest, requestErasure } from '../erasure/request-erasure.ts';
import { faultName } from '../failures/fault-name.ts';
import type { Database, Services, Transaction } from '../services.ts';
import { ensureApplication } from '../storage/ensure-application.ts';
import { failureKeys, noteFailure, settleFailures } from '../storage/failures.repository.ts';
import { isStoreDown } from '../storage/is-store-down.ts';
import { listOf } from '../storage/list-of.ts';
import { lacksPageHost, learnPageHost } from '../storage/page-hosts.repository.ts';
import { type NewInput, putInputs } from '../storage/put-inputs.ts';
import { connections, deliveries, failures } from '../storage/schema.ts';
import { UnreadableSecret } from '../storage/seal.ts';
import { pageHostIn } from '../webhooks/page-host-in.ts';
import { announce } from './announce.ts';
import { findNamed, hintFrom, isUnreadReport, raiseHint } from './delivery-hints.ts';
import { readAtsHints } from './stored-hints.ts';
import { takeOutErased, wordsOf } from './take-out-erased.ts';
import { sendLanes, type WorkQueue } from './work-queue.ts';

type DeliveryRow = InferSelectModel<typeof deliveries>;
type ConnectionRow = InferSelectModel<typeof connections>;
type ById = ReadonlyMap<string, ConnectionRow>;

export interface RelayParts {
  services: Services;
  queue: WorkQueue;
}

const BATCH = 100;
/** After so many failures on one webhook alone it is left to a person. */
const TRIES_MAX = 5;
/** Seconds after the first failure, the second, ...: about ten minutes in all. */
const PAUSE_BASE = 8;

/**
 * Turns stored deliveries into hints, oldest first, in one transaction: a delivery is marked as relayed if and only if its hint
 * and the job are there. Several processes may relay at once; each takes what no other holds. When one of them makes that fail, they are
 * passed on by halves, and the one at fault waits, longer and longer, and ends on the failures list. Returns how many came to their end.
 * Throws when the store is down.
 */
export async function relayDeliveries(parts: RelayParts): Promise<number> {
  const { services } = parts;
  await endOfDeleted(services);
  const byId = await readConnections(services);
  const again = await findDueAgain(services, byId);
  return (await relayBatch(parts, byId)) + (await relayThese(parts, byId, again));
}

/** The same, for those alone that have just come in. */
export async function relayFresh(parts: RelayParts): Promise<number> {
  return await relayBatch(parts, await readConnections(parts.services));
}

/** Those that are on, and removed ATSs: their word that somebody is to be erased stands. */
async function readConnections({ db }: Services): Promise<ById> {
  const isRemovedAts = and(eq(connections.side, 'ats'), isNotNull(connections.deletedAt));
  const read = await db
    .select()
    .from(connections)
    .where(or(eq(connections.enabled, true), isRemovedAts));
  return new Map(read.map((connection) => [connection.id, connection]));
}

async function relayBatch(parts: RelayParts, byId: ById): Promise<number> {
  const { services } = parts;
  let taken: DeliveryRow[] = [];
  try {
    return await services.db.transaction(async (tx) => {
      taken = await tx
        .select()
        .from(deliveries)
        .where(and(isNull(deliveries.relayedAt), eq(deliveries.attempts, 0), inArray(deliveries.connectionId, [...byId.keys()])))
        .orderBy(asc(deliveries.id))
        .limit(BATCH)
        .for('update', { skipLocked: true });
      await passOn(tx, parts, { waiting: taken, byId });
      return taken.length;
    });
  } catch (error) {
    if (taken.length === 0 || isNobodysFault(error)) throw error;
    const ids = taken.map(({ id }) => id);
    services.log.warn({ err: error, deliveries: ids.length }, 'webhooks could not be passed on together; now by halves');
    return await relayHalves(parts, byId, ids);
  }
}

/** The store is down, or the key of the erased does not open with this master key: all of them wait until that is mended. */
function isNobodysFault(error: unknown): boolean {
  return error instanceof UnreadableSecret || isStoreDown(error);
}

/**
 * Together; what fails together is tried by halves, so that the one at fault is found in a few steps and holds up nobody else. How many
 * came to their end.
 */
async function relayThese(parts: RelayParts, byId: ById, ids: readonly number[]): Promise<number> {
  const { services } = parts;
  if (ids.length === 0) return 0;
  try {
    return await services.db.transaction(async (tx) => {
      const waiting = await tx
        .select()
        .from(deliveries)
        .where(and(inArray(deliveries.id, [...ids]), isNull(deliveries.relayedAt)))
        .orderBy(asc(deliveries.id))
        .for('update', { skipLocked: true });
      const again = waiting.filter(({ attempts }) => attempts > 0);
      // Before it is passed on: what still cannot be read is listed anew.
      await settleFailures(
        tx,
        services,
        again.map(({ id }) => failureKeys.delivery(id)),
      );
      await passOn(tx, parts, { waiting, byId });
      return waiting.length;
    });
  } catch (error) {
    if (isNobodysFault(error)) throw error;
    const [only] = ids;
    if (ids.length > 1 || only === undefined) return await relayHalves(parts, byId, ids);
    services.log.error({ err: error, delivery: only }, 'a webhook could not be passed on');
    return (await countFault(parts, only, faultName(error))) ? 1 : 0;
  }
}

async function relayHalves(parts: RelayParts, byId: ById, ids: readonly number[]): Promise<number> {
  const middle = Math.ceil(ids.length / 2);
  return (await relayThese(parts, byId, ids.slice(0, middle))) + (await relayThese(parts, byId, ids.slice(middle)));
}

async function countFault({ services }: RelayParts, id: number, fault: string): Promise<boolean> {
  return await services.db.transaction(async (tx) => {
    const [row] = await tx
      .update(deliveries)
      .set({ attempts: sql`${deliveries.attempts} + 1`, error: fault })
      .where(and(eq(deliveries.id, id), isNull(deliveries.relayedAt)))
      .returning();
    if (!row) return false;
    const isOver = row.attempts >= TRIES_MAX;
    if (isOver)
      await tx
        .update(deliveries)
        // Where an erasure took the body, the hints were kept for the relay alone; else a person may have it run again.
        .set({ relayedAt: services.clock.now(), outcome: 'failed', ...(row.body === null ? { hints: [] } : {}) })
        .where(eq(deliveries.id, id));
    await noteFailure(tx, services, {
      key: failureKeys.delivery(id),
      kind: 'delivery',
      connectionId: row.connectionId,
      reason: { code: isOver ? 'delivery-failed' : 'delivery-again', values: { event: row.event, fault } },
      state: isOver ? 'open' : 'retried',
    });
    return isOver;
  });
}

/**
 * Those that have failed before and have waited long enough since, or that somebody wants tried now; when and whether that was stands on the
 * failures list.
 */
async function findDueAgain({ db, clock }: Services, byId: ById): Promise<number[]> {
  const pause = sql`make_interval(secs => power(${PAUSE_BASE}, ${deliveries.attempts} - 1))`;
  const waitsStill = sql`exists (select 1 from ${failures}
    where ${failures.key} = 'delivery:' || ${deliveries.id} and ${failures.closedBy} is null
      and ${failures.lastAt} + ${pause} > ${clock.now().toISOString()}::timestamptz)`;
  const rows = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        isNull(deliveries.relayedAt),
        gt(deliveries.attempts, 0),
        inArray(deliveries.connectionId, [...byId.keys()]),
        sql`not ${waitsStill}`,
      ),
    )
    .orderBy(asc(deliveries.id))
    .limit(BATCH);
  return rows.map(({ id }) => id);
}

/**
 * What still waited when its connection was deleted concerns nobody any more, and nobody can have it run again; nor does the failures list say
 * any longer that it is tried again. Only the word that somebody is to be erased is left, for `passOn`: nobody sends it again.
 */
async function endOfDeleted(services: Services): Promise<void> {
  const { db, clock } = services;
  const waits = and(isNull(deliveries.relayedAt), isOfDeleted(db));
  // There is hardly ever one, and this is asked each time.
  const [any] = await db.select({ id: deliveries.id }).from(deliveries).where(waits).limit(1);
  if (!any) return;
  await db.transaction(async (tx) => {
    const ended = await tx
      .update(deliveries)
      .set({ relayedAt: clock.now(), outcome: 'nobody', hints: [] })
      .where(waits)
      .returning({ id: deliveries.id });
    await settleFailures(
      tx,
      services,
      ended.map(({ id }) => failureKeys.delivery(id)),
    );
  });
}

/** Those that are passed on no more, because their connection was deleted; all but the word that somebody is to be erased. */
export function isOfDeleted(db: Database | Transaction): SQL | undefined {
  const deleted = db.select({ id: connections.id }).from(connections).where(isNotNull(connections.deletedAt));
  return and(inArray(deliveries.connectionId, deleted), not(MAY_ERASE));
}

/** Whether one holds a word of `wordsOf`, or might; what cannot be read is found to hold none when it is passed on. */
const MAY_ERASE = sql`(${deliveries.hints} @> '[{"deleted": true}]' or ${deliveries.hints} @> '[{"anonymised": true}]')`;

interface PassedOn {
  waiting: readonly DeliveryRow[];
  byId: ById;
  /** By hand, once more; how often that was is part of the word under which what it tells is put into the lanes. */
  isReplay?: boolean;
}

/**
 * Puts what webhooks tell into the lanes, and notes with each what became of it. All in the caller's transaction. Of one whose connection was
 * deleted nothing is taken but the word that somebody is to be erased.
 */
export async function passOn(
  tx: Transaction,
  { services, queue }: RelayParts,
  { waiting: stored, byId, isReplay = false }: PassedOn,
): Promise<void> {
  const waiting = await withoutErased(tx, services, { stored, byId });
  const living = waiting.filter(({ connectionId }) => !byId.get(connectionId)?.deletedAt);
  await ensureApplications(
    tx,
    services,
    living.filter(({ connectionId }) => byId.get(connectionId)?.side === 'ats'),
  );
  await learnPageHosts(tx, services, { waiting: living, byId });
  const hinted: string[] = [];
  const told: string[] = [];
  const puts: NewInput[] = [];
  const ended: Relayed[] = [];
  const named = await findNamed(
    tx,
    waiting.filter(({ connectionId }) => byId.get(connectionId)?.side === 'vendor'),
  );
  let erasing = false;
  for (const row of waiting) {
    const connection = byId.get(row.connectionId);
    if (!connection) continue;
    const { side } = connection;
    // One before it in this very batch may have been the word that somebody is to be erased.
    const left: Taken[] = erasing ? await withoutErased(tx, services, { stored: [row], byId }) : [row];
    const delivery: Taken = left[0] ?? row;
    const words: ErasureRequest[] = side === 'ats' ? wordsOf(delivery) : [];
    for (const word of words) await requestErasure(tx, { services, queue, announce }, word);
    erasing ||= words.length > 0;
    if (connection.deletedAt) {
      ended.push({ delivery, outcome: words.length > 0 ? 'hinted' : outcomeOf(delivery, []), isLast: true });
      continue;
    }
    const word = isReplay ? `replay:${delivery.id}:${delivery.replays}` : `delivery:${delivery.id}`;
    const keys = await hintFrom(tx, services, { delivery, connection, word, isReplay, named, put: (put) => puts.push(put) });
    if (!isReplay) services.meter.told(keys ?? [], delivery.receivedAt);
    (side === 'ats' ? hinted : told).push(...(keys ?? []));
    if (!keys) await noteUnreadable(tx, services, { delivery, connection });
    else if (isUnnamed(delivery, side)) await noteUnnamed(tx, services, delivery);
    // An ATS speaks of all its candidates; a vendor only of those it was asked to test.
    else if (side === 'vendor' && keys.length === 0 && !delivery.named)
      services.log.warn({ delivery: delivery.id, event: delivery.event }, 'a vendor told of no invitation of ours');
    ended.push({ delivery, outcome: outcomeOf(delivery, isUnnamed(delivery, side) ? null : keys) });
  }
  await putInputs(tx, puts);
  await endRelay(tx, services, ended);
  await raiseHint(tx, hinted);
  await sendLanes(queue, tx, [...hinted, ...told]);
}

interface Relayed {
  delivery: Taken;
  outcome: string;
  /** Nobody can have it run again, so its hints are kept for nobody. */
  isLast?: boolean;
}

async function endRelay(tx: Transaction, services: Services, ended: readonly Relayed[]): Promise<void> {
  const relayedAt = services.clock.now();
  const byOutcome = Map.groupBy(
    ended.filter((one) => !hasLeft(one)),
    ({ outcome }) => outcome,
  );
  for (const [outcome, ones] of byOutcome) {
    const ids = ones.map(({ delivery }) => delivery.id);
    await tx
      .update(deliveries)
      .set({ relayedAt, outcome, error: null })
      .where(sql`${deliveries.id} = any${listOf('bigint', ids)}`);
  }
  for (const one of ended.filter(hasLeft))
    await tx
      .update(deliveries)
      .set({ relayedAt, outcome: one.outcome, error: null, ...leftOf(one) })
      .where(eq(deliveries.id, one.delivery.id));
}

/** Whether less of it is kept than came in. */
function hasLeft({ delivery, isLast }: Relayed): boolean {
  return isLast === true || delivery.named === true;
}

async function noteUnreadable(
  tx: Transaction,
  services: Services,
  told: { delivery: Taken; connection: ConnectionRow },
): Promise<void> {
  const { id, event, connectionId } = told.delivery;
  services.log.warn({ delivery: id, event }, 'a webhook told what cannot be read');
  const reason = { code: isUnreadReport(told) ? 'report-unreadable' : 'delivery-unreadable', values: { event } };
  await noteFailure(tx, services, { key: failureKeys.delivery(id), kind: 'delivery', connectionId, reason });
}

/** Every webhook that an ATS is asked for is about somebody. That we know nothing of them is another matter. */
function isUnnamed({ hints, named }: Taken, side: 'ats' | 'vendor'): boolean {
  return side === 'ats' && hints.length === 0 && !named;
}

/** One line for all of a kind: an address may have been given to a webhook that tells of jobs, say. */
async function noteUnnamed(tx: Transaction, services: Services, { id, event, connectionId }: DeliveryRow): Promise<void> {
  services.log.warn({ delivery: id, event }, 'a webhook names nobody');
  const reason = { code: 'delivery-unnamed', values: { event } };
  await noteFailure(tx, services, { key: failureKeys.unnamed(connectionId, event), kind: 'delivery', connectionId, reason });
}

/** A Greenhouse webhook names the host of the account's pages, which the API never does. The first one is enough. */
async function learnPageHosts(
  tx: Transaction,
  { clock }: Services,
  { waiting, byId }: { waiting: readonly DeliveryRow[]; byId: ReadonlyMap<string, { kind: string }> },
): Promise<void> {
  const ofGreenhouse = waiting.filter(({ connectionId, body }) => body && byId.get(connectionId)?.kind === 'greenhouse');
  for (const connectionId of [...new Set(ofGreenhouse.map((delivery) => delivery.connectionId))].toSorted()) {
    if (!(await lacksPageHost(tx, connectionId))) continue;
    const own = ofGreenhouse.filter((delivery) => delivery.connectionId === connectionId);
    const host = own.map(({ body }) => body && pageHostIn(body)).find((found) => found);
    if (host) await learnPageHost(tx, { connectionId, host, from: 'webhook', now: clock.now() });
  }
}

/** All that these deliveries name, in a fixed order: two relays that make the same rows must never wait for each other in a circle. */
async function ensureApplications(tx: Transaction, services: Services, rows: readonly DeliveryRow[]): Promise<void> {
  const named = rows.flatMap(({ connectionId, hints }) =>
    (readAtsHints(hints) ?? []).flatMap(({ applicationId, deleted }) =>
      applicationId && !deleted ? [{ connectionId, applicationId }] : [],
    ),
  );
  const byName = new Map(named.map((one) => [`${one.connectionId} ${one.applicationId}`, one]));
  for (const [, one] of [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1))) await ensureApplication(tx, services, one);
}

type Taken = DeliveryRow & { named?: boolean };

/** Who was erased is not let in again by a webhook that comes late. */
async function withoutErased(
  tx: Transaction,
  services: Services,
  { stored, byId }: { stored: readonly Taken[]; byId: ById },
): Promise<Taken[]> {
  const known = stored.flatMap((delivery) => {
    const side = byId.get(delivery.connectionId)?.side;
    return side ? [{ delivery, side }] : [];
  });
  const left = await takeOutErased(tx, services, known);
  return known.map(({ delivery }, place) => ({
    ...delivery,
    hints: left[place]?.hints ?? delivery.hints,
    named: left[place]?.named === true || delivery.named === true,
  }));
}

/** Of a webhook that names somebody who was erased, no more is kept than what it says of others. */
function leftOf({ delivery: { named, hints }, isLast }: Relayed): Partial<DeliveryRow> {
  return { hints: isLast ? [] : hints, ...(named ? { body: null } : {}) };
}

function outcomeOf({ named, hints }: Taken, keys: readonly string[] | null): string {
  if (named && hints.length === 0) return 'erased';
  if (!keys) return 'unreadable';
  return keys.length > 0 ? 'hinted' : 'nobody';
}
