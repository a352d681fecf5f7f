import { and, asc, eq, ne, notInArray, sql } from 'drizzle-orm';
import type { CatalogueState } from '../../lib/domain/assessment.ts';
import type { Database, Transaction } from '../services.ts';
import type { VendorAssessment } from '../vendors/port.ts';
import { vendorCatalogue } from './schema.ts';

export type CatalogueRow = typeof vendorCatalogue.$inferSelect;

/** What a vendor offers, as last listed, with what has vanished since; by name. Empty when it was never listed. */
export async function readCatalogue(db: Database | Transaction, vendorConnectionId: string): Promise<CatalogueRow[]> {
  return await db
    .select()
    .from(vendorCatalogue)
    .where(eq(vendorCatalogue.vendorConnectionId, vendorConnectionId))
    .orderBy(asc(vendorCatalogue.name), asc(vendorCatalogue.externalId));
}

/** What vendors say against their assessments; null where nothing is known against one. */
export async function readCatalogueStates(
  db: Database | Transaction,
): Promise<(one: { vendorConnectionId: string; externalId: string }) => CatalogueState | null> {
  const { vendorConnectionId, externalId, state } = vendorCatalogue;
  return statesBy(await db.select({ vendorConnectionId, externalId, state }).from(vendorCatalogue).where(ne(state, 'active')));
}

/** The same, by the rows of those that are not active. */
export function statesBy(
  rows: readonly Pick<CatalogueRow, 'vendorConnectionId' | 'externalId' | 'state'>[],
): (one: { vendorConnectionId: string; externalId: string }) => CatalogueState | null {
  const known = new Map(rows.map((row) => [keyOf(row), row.state]));
  return (one) => known.get(keyOf(one)) ?? null;
}

/** Whether a vendor that lists what it offers has never listed this one: a new one perhaps, or an id with a slip in it. */
export async function readUnlisted(
  db: Database | Transaction,
): Promise<(one: { vendorConnectionId: string; externalId: string }) => boolean> {
  const { vendorConnectionId, externalId } = vendorCatalogue;
  const rows = await db.select({ vendorConnectionId, externalId }).from(vendorCatalogue);
  const listed = new Set(rows.map(keyOf));
  const listing = new Set(rows.map((row) => row.vendorConnectionId));
  return (one) => listing.has(one.vendorConnectionId) && !listed.has(keyOf(one));
}

/**
 * Takes in a vendor's list, all or nothing. What is no longer in it stays as `gone`; what comes back is itself again. A list without
 * anything, where there was something, is more likely a fault than the truth and changes nothing. False: it was such a list.
 */
export async function storeCatalogue(
  db: Database,
  given: { vendorConnectionId: string; listed: readonly VendorAssessment[]; now: Date },
): Promise<boolean> {
  const { vendorConnectionId, listed, now } = given;
  const rows = [...new Map(listed.map((one) => [one.externalId, one])).values()].map(
    ({ externalId, name, kind, durationMinutes, state = 'active' }) => ({
      vendorConnectionId,
      externalId,
      name,
      kind,
      durationMinutes,
      state,
      firstSeenAt: now,
      seenAt: now,
    }),
  );
  return await db.transaction(async (tx) => {
    if (rows.length === 0) return (await readCatalogue(tx, vendorConnectionId)).length === 0;
    const excluded = (column: string) => sql.raw(`excluded.${column}`);
    await tx
      .insert(vendorCatalogue)
      .values(rows)
      .onConflictDoUpdate({
        target: [vendorCatalogue.vendorConnectionId, vendorCatalogue.externalId],
        set: {
          name: excluded('name'),
          kind: excluded('kind'),
          durationMinutes: excluded('duration_minutes'),
          state: excluded('state'),
          seenAt: now,
        },
      });
    const ids = rows.map(({ externalId }) => externalId);
    await tx
      .update(vendorCatalogue)
      .set({ state: 'gone' })
      .where(and(eq(vendorCatalogue.vendorConnectionId, vendorConnectionId), notInArray(vendorCatalogue.externalId, ids)));
    return true;
  });
}

/** Nobody can say any more what the vendor offers. */
export async function forgetCatalogue(db: Database, vendorConnectionId: string): Promise<void> {
  await db.delete(vendorCatalogue).where(eq(vendorCatalogue.vendorConnectionId, vendorConnectionId));
}

function keyOf({ vendorConnectionId, externalId }: { vendorConnectionId: string; externalId: string }): string {
  return `${vendorConnectionId} ${externalId}`;
}
