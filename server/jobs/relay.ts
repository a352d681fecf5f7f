import type { InferSelectModel } from 'drizzle-orm';
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { VENDOR_KINDS, VENDOR_NAMES } from '../../lib/domain/assessment.ts';
import { OPEN_STATES } from '../../lib/domain/invitation.ts';
import type { AtsHint } from '../ats/port.ts';
import type { Services, Transaction } from '../services.ts';
import { ensureApplication } from '../storage/ensure-application.ts';
import { applications, connections, deliveries, inputs, invitations } from '../storage/schema.ts';
import type { VendorHint } from '../vendors/port.ts';
import type { Input } from '../workflow/input.ts';
import { personKey } from '../workflow/prepare-invitation.ts';
import type { WorkQueue } from './work-queue.ts';

type DeliveryRow = InferSelectModel<typeof deliveries>;
export interface RelayParts {
  services: Services;
  queue: WorkQueue;
}

const BATCH = 100;

/** What stands in `hints`: written by the accept path from an adapter's own words, read back here. */
const atsHintSchema = z.object({ applicationId: z.string().optional(), candidateId: z.string().optional(), event: z.string() });

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
    for (const delivery of waiting) {
      const connection = byId.get(delivery.connectionId);
      if (!connection) continue;
      const { kind, side } = connection;
      const keys = side === 'ats' ? await hintAts(tx, services, delivery) : await hintVendor(tx, services, delivery, kind);
      for (const key of new Set(keys)) await queue.sendLane(tx, key);
      await tx
        .update(deliveries)
        .set({ relayedAt: services.clock.now(), outcome: keys.length > 0 ? 'hinted' : 'nobody' })
        .where(eq(deliveries.id, delivery.id));
    }
    return waiting.length;
  });
}

async function hintAts(tx: Transaction, services: Services, delivery: DeliveryRow): Promise<string[]> {
  const hints: AtsHint[] = z.array(atsHintSchema).parse(delivery.hints);
  const keys: string[] = [];
  for (const hint of hints) {
    if (hint.applicationId)
      keys.push(
        await ensureApplication(tx, services, { connectionId: delivery.connectionId, applicationId: hint.applicationId }),
      );
    else if (hint.candidateId) keys.push(...(await applicationsOf(tx, delivery.connectionId, hint.candidateId)));
  }
  await raiseHint(tx, keys);
  return keys;
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

async function hintVendor(tx: Transaction, services: Services, delivery: DeliveryRow, kind: string): Promise<string[]> {
  const vendor = VENDOR_KINDS.find((known) => known === kind);
  if (!vendor) return [];
  const keys: string[] = [];
  for (const [index, hint] of (delivery.hints as unknown as VendorHint[]).entries()) {
    const found = await findInvitation(tx, delivery.connectionId, hint);
    if (!found) continue;
    const input: Input = {
      kind: 'vendor-hint',
      invitationId: found.id,
      vendor: VENDOR_NAMES[vendor],
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
  const mine = eq(invitations.vendorConnectionId, connectionId);
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
  if (!hint.assessmentExternalId || !hint.email) return undefined;
  return await pick(
    and(eq(invitations.assessmentExternalId, hint.assessmentExternalId), eq(invitations.person, personKey(hint.email))),
  );
}
