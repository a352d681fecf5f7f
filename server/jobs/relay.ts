import type { InferSelectModel } from 'drizzle-orm';
import { and, asc, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type ConnectionSettings, vendorNameOf } from '../../lib/contract/settings.ts';
import { type InvitationState, OPEN_STATES } from '../../lib/domain/invitation.ts';
import type { AtsHint } from '../ats/port.ts';
import type { Services, Transaction } from '../services.ts';
import { ensureApplication } from '../storage/ensure-application.ts';
import { lacksPageHost, learnPageHost } from '../storage/page-hosts.repository.ts';
import { applications, connections, deliveries, inputs, invitations } from '../storage/schema.ts';
import type { VendorHint } from '../vendors/port.ts';
import { pageHostIn } from '../webhooks/page-host-in.ts';
import type { Input } from '../workflow/input.ts';
import { personKey } from '../workflow/prepare-invitation.ts';
import { readAtsHints, readVendorHints } from './stored-hints.ts';
import { sendLanes, type WorkQueue } from './work-queue.ts';

type DeliveryRow = InferSelectModel<typeof deliveries>;
export interface RelayParts {
  services: Services;
  queue: WorkQueue;
}

const BATCH = 100;

/**
 * Turns stored deliveries into hints, oldest first, in one transaction: a delivery is marked as relayed if and only if its hint
 * and the job are there. Several processes may relay at once; each takes what no other holds. Returns how many were relayed.
 */
export async function relayDeliveries({ services, queue }: RelayParts): Promise<number> {
  return await services.db.transaction(async (tx) => {
    const on = await tx.select().from(connections).where(eq(connections.enabled, true));
    const byId = new Map(on.map((connection) => [connection.id, connection]));
    const waiting = await tx
      .select()
      .from(deliveries)
      .where(and(isNull(deliveries.relayedAt), inArray(deliveries.connectionId, [...byId.keys()])))
      .orderBy(asc(deliveries.id))
      .limit(BATCH)
      .for('update', { skipLocked: true });
    await ensureApplications(
      tx,
      services,
      waiting.filter(({ connectionId }) => byId.get(connectionId)?.side === 'ats'),
    );
    await learnPageHosts(tx, services, { waiting, byId });
    const hinted: string[] = [];
    const told: string[] = [];
    for (const delivery of waiting) {
      const connection = byId.get(delivery.connectionId);
      if (!connection) continue;
      const { side } = connection;
      const keys =
        side === 'ats' ? await hintAts(tx, services, delivery) : await hintVendor(tx, services, delivery, connection.settings);
      (side === 'ats' ? hinted : told).push(...(keys ?? []));
      if (!keys) services.log.warn({ delivery: delivery.id, event: delivery.event }, 'a webhook told what cannot be read');
      // An ATS speaks of all its candidates; a vendor only of those it was asked to test.
      else if (side === 'vendor' && keys.length === 0)
        services.log.warn({ delivery: delivery.id, event: delivery.event }, 'a vendor told of no invitation of ours');
      await tx
        .update(deliveries)
        .set({ relayedAt: services.clock.now(), outcome: outcomeOf(keys) })
        .where(eq(deliveries.id, delivery.id));
    }
    await raiseHint(tx, hinted);
    await sendLanes(queue, tx, [...hinted, ...told]);
    return waiting.length;
  });
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

function outcomeOf(keys: readonly string[] | null): string {
  if (!keys) return 'unreadable';
  return keys.length > 0 ? 'hinted' : 'nobody';
}

async function hintAts(tx: Transaction, services: Services, delivery: DeliveryRow): Promise<string[] | null> {
  const hints = readAtsHints(delivery.hints);
  if (!hints) return null;
  const keys: string[] = [];
  for (const hint of hints) {
    const about = await applicationsOfHint(tx, services, delivery.connectionId, hint);
    if (hint.anonymised) for (const key of about) await tellAnonymised(tx, services, { delivery, key });
    if (hint.deleted) for (const key of about) await tellDeleted(tx, services, { key, word: `delivery:${delivery.id}:${key}` });
    keys.push(...about);
  }
  return keys;
}

async function applicationsOfHint(
  tx: Transaction,
  services: Services,
  connectionId: string,
  { applicationId, candidateId, deleted }: AtsHint,
): Promise<string[]> {
  // Whom we have never heard of, we need not hear of now.
  if (deleted && applicationId) return await knownApplications(tx, connectionId, applicationId);
  if (applicationId) return [await ensureApplication(tx, services, { connectionId, applicationId })];
  return candidateId ? await applicationsOf(tx, connectionId, candidateId) : [];
}

/** A fact and no hint, so it waits in the lane until it is taken. */
async function tellAnonymised(
  tx: Transaction,
  { clock }: Services,
  { delivery, key }: { delivery: DeliveryRow; key: string },
): Promise<void> {
  const input: Input = { kind: 'anonymised' };
  await tx
    .insert(inputs)
    .values({ applicationKey: key, key: `delivery:${delivery.id}:${key}`, input: { ...input }, createdAt: clock.now() })
    .onConflictDoNothing();
}

/** The ATS's own word that an application was deleted; `word` tells one such word from another. The hint makes the lane look. */
export async function tellDeleted(
  tx: Transaction,
  { clock }: Pick<Services, 'clock'>,
  { key, word }: { key: string; word: string },
): Promise<void> {
  const input: Input = { kind: 'deleted' };
  await tx
    .insert(inputs)
    .values({ applicationKey: key, key: `deleted:${word}`, input: { ...input }, createdAt: clock.now() })
    .onConflictDoNothing();
}

async function knownApplications(tx: Transaction, connectionId: string, applicationId: string): Promise<string[]> {
  const rows = await tx
    .select({ key: applications.key })
    .from(applications)
    .where(and(eq(applications.connectionId, connectionId), eq(applications.applicationId, applicationId)));
  return rows.map((row) => row.key);
}

async function applicationsOf(tx: Transaction, connectionId: string, candidateId: string): Promise<string[]> {
  const rows = await tx
    .select({ key: applications.key })
    .from(applications)
    .where(and(eq(applications.connectionId, connectionId), eq(applications.candidateId, candidateId)));
  return rows.map((row) => row.key);
}

/** "Something may have changed": the lane re-reads because the counter moved. */
export async function raiseHint(tx: Transaction, keys: readonly string[]): Promise<void> {
  // In a fixed order, so that two relays never wait for each other in a circle.
  for (const key of [...new Set(keys)].toSorted()) {
    await tx
      .update(applications)
      .set({ hinted: sql`${applications.hinted} + 1` })
      .where(eq(applications.key, key));
  }
}

async function hintVendor(
  tx: Transaction,
  services: Services,
  delivery: DeliveryRow,
  settings: ConnectionSettings,
): Promise<string[] | null> {
  const vendor = vendorNameOf(settings);
  const hints = readVendorHints(delivery.hints);
  if (!vendor || !hints) return null;
  const keys: string[] = [];
  for (const [index, hint] of hints.entries()) {
    const found = await findInvitation(tx, delivery.connectionId, hint);
    if (!found) continue;
    const input: Input = {
      kind: 'vendor-hint',
      invitationId: found.id,
      vendor,
      trusted: hint.trusted === true,
      claim: hint.claim,
    };
    await tx
      .insert(inputs)
      .values({
        applicationKey: found.applicationKey,
        key: `delivery:${delivery.id}:${index}`,
        input: { ...input },
        createdAt: services.clock.now(),
      })
      .onConflictDoNothing();
    keys.push(found.applicationKey);
  }
  return keys;
}

/**
 * Whose invitation a vendor speaks of: our id, else the vendor's, else assessment and address. Among several the open one, else
 * the newest; the same person invited twice to one assessment cannot be told apart by such a vendor's words.
 */
async function findInvitation(
  tx: Transaction,
  connectionId: string,
  hint: VendorHint,
): Promise<{ id: string; applicationKey: string } | undefined> {
  // Of what has not gone out no vendor can know.
  const mine = and(
    eq(invitations.vendorConnectionId, connectionId),
    notInArray(invitations.state, ['held', 'undone'] satisfies InvitationState[]),
  );
  const isOpenFirst = sql`case when ${inArray(invitations.state, [...OPEN_STATES])} then 0 else 1 end`;
  const pick = async (condition: ReturnType<typeof and>) => {
    const [row] = await tx
      .select({ id: invitations.id, applicationKey: invitations.applicationKey })
      .from(invitations)
      .where(and(mine, condition))
      .orderBy(isOpenFirst, sql`${invitations.createdAt} desc`)
      .limit(1);
    return row;
  };
  if (hint.invitationId && z.uuid().safeParse(hint.invitationId).success) {
    const found = await pick(eq(invitations.id, hint.invitationId));
    if (found) return found;
  }
  if (hint.externalId) {
    const found = await pick(eq(invitations.externalId, hint.externalId));
    if (found) return found;
  }
  const { assessmentExternalId: assessment, email } = hint;
  if (!assessment || !email) return undefined;
  const person = eq(invitations.person, personKey(email));
  const byId = await pick(and(eq(invitations.assessmentExternalId, assessment), person));
  // Who writes the report by hand or by script knows the name, not the id.
  return byId ?? (await pick(and(sql`lower(${invitations.assessmentName}) = ${assessment.toLowerCase()}`, person)));
}
