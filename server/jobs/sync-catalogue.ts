import { and, eq, isNull } from 'drizzle-orm';
import { vendorNameOf } from '../../lib/contract/settings.ts';
import { VENDOR_NAMES } from '../../lib/domain/assessment.ts';
import { troubleWords } from '../effects/trouble-words.ts';
import type { CallFailure, CallResult } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import type { Database, Services } from '../services.ts';
import {
  claimRemoteList,
  findRemoteListRead,
  type RemoteListRead,
  recordRemoteListRead,
} from '../storage/remote-list-reads.repository.ts';
import { connections } from '../storage/schema.ts';
import { forgetCatalogue, storeCatalogue } from '../storage/vendor-catalogue.repository.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import { waitAtMost } from '../wait-at-most.ts';

export interface CatalogueParts {
  services: Pick<Services, 'db' | 'clock' | 'log'>;
  connector: { vendor(connectionId: string): Promise<CallResult<VendorAdapter>> };
}

const SYNC_EVERY_MS = 30 * 60_000;
/** Who opens the page twice in a minute sees the same. */
export const CATALOGUE_FRESH_MS = 60_000;
/** A page does not wait longer for somebody else's server; the list comes by itself then. */
const WAIT_AT_MOST_MS = 3000;

/** When a vendor was last asked what it offers, and what stood in the way. */
export function readCatalogueRead(db: Database, connectionId: string): Promise<RemoteListRead> {
  return findRemoteListRead(db, keyOf(connectionId));
}

/**
 * Asks a vendor what it offers, if nobody, in any process, has within `unlessWithinMs`. What was listed before stays when it cannot be
 * had. Answers the failure, which is kept too; null when there was none, or nothing to ask. Of a vendor that cannot list nothing is known.
 */
export async function syncCatalogue(
  { services, connector }: CatalogueParts,
  { connectionId, unlessWithinMs }: { connectionId: string; unlessWithinMs: number },
): Promise<CallFailure | null> {
  const { db, clock, log } = services;
  const adapter = await connector.vendor(connectionId);
  if (!adapter.ok) return null;
  if (!adapter.value.capabilities.listsAssessments) {
    await forgetCatalogue(db, connectionId);
    return null;
  }
  if (!(await claimRemoteList(services, keyOf(connectionId), unlessWithinMs))) return null;
  const listed = await adapter.value.listAssessments();
  const name = await nameOf(db, connectionId, adapter.value);
  const isTaken =
    listed.ok && (await storeCatalogue(db, { vendorConnectionId: connectionId, listed: listed.value, now: clock.now() }));
  const trouble = listed.ok ? (isTaken ? null : say('server.catalogue.empty', { vendor: name })) : troubleWords(listed, name);
  if (trouble !== null)
    log.warn({ connection: connectionId, failure: listed.ok ? 'empty' : listed.kind }, 'a catalogue was not taken in');
  await recordRemoteListRead(services, keyOf(connectionId), trouble);
  return listed.ok ? null : listed;
}

/** In the background: every vendor connection that is on, every half hour. One that fails does not keep the others from theirs. */
export async function syncOldCatalogues(parts: CatalogueParts): Promise<number> {
  await syncAll(parts, SYNC_EVERY_MS);
  return 0;
}

/** The same for a page, as long as a person may be kept waiting. */
export async function syncForPage(parts: CatalogueParts): Promise<void> {
  await waitAtMost(WAIT_AT_MOST_MS, syncAll(parts, CATALOGUE_FRESH_MS));
}

async function syncAll(parts: CatalogueParts, unlessWithinMs: number): Promise<void> {
  const { db, log } = parts.services;
  const rows = await db
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.side, 'vendor'), eq(connections.enabled, true), isNull(connections.deletedAt)));
  const synced = rows.map(({ id }) => syncCatalogue(parts, { connectionId: id, unlessWithinMs }));
  for (const one of await Promise.allSettled(synced))
    if (one.status === 'rejected') log.warn({ err: one.reason }, 'what a vendor offers could not be read');
}

/** As this company calls the vendor. */
async function nameOf(db: Database, connectionId: string, { kind }: VendorAdapter): Promise<string> {
  const [row] = await db.select({ settings: connections.settings }).from(connections).where(eq(connections.id, connectionId));
  return (row && vendorNameOf(row.settings)) ?? VENDOR_NAMES[kind];
}

function keyOf(connectionId: string): string {
  return `vendor-catalogue:${connectionId}`;
}
