import { and, isNull, sql } from 'drizzle-orm';
import { neededSecrets, vendorNameOf } from '../../lib/contract/settings.ts';
import { VENDOR_NAMES } from '../../lib/domain/assessment.ts';
import type { AtsAdapter } from '../ats/port.ts';
import type { CallResult } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { openConnectionSecrets } from '../storage/connection-secrets.ts';
import { noteTrouble } from '../storage/connections.repository.ts';
import { gather } from '../storage/gather.ts';
import { listOf } from '../storage/list-of.ts';
import { connections } from '../storage/schema.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import type { Connector } from './connector.ts';
import { type ShownTrouble, type WatchMeans, watchVendor } from './watch-vendor.ts';

type ConnectionRow = typeof connections.$inferSelect;
type Opened = Pick<ConnectionRow, 'id' | 'settings'> & { secrets: Record<string, string> };

export interface AdapterMakers {
  makeAts(connection: Opened): CallResult<AtsAdapter>;
  makeVendor(connection: Opened): CallResult<VendorAdapter>;
}

/** What adapters remember (names, pace, tokens) is worth keeping; a changed connection gets a new one. */
interface Kept<Adapter> {
  updatedAt: number;
  adapter: CallResult<Adapter>;
  /** As the row had it when the adapter was last asked for. */
  shown: ShownTrouble;
}

/**
 * Adapters by connection, made from what is stored and kept as long as the connection stays as it is. `evenOff` is for the set-up
 * page, which proves a connection before it is switched on; all others get `misconfigured` for one that is off. What a call to a vendor
 * learns of the credential is kept with the connection.
 */
export function createAdapters(services: Services, makers: AdapterMakers): Connector & { evenOff: Connector } {
  const keptAts = new Map<string, Kept<AtsAdapter>>();
  const keptVendors = new Map<string, Kept<VendorAdapter>>();
  const present = services.db
    .select()
    .from(connections)
    .where(and(sql`${connections.id} = any${listOf('uuid', sql`${sql.placeholder('ids')}`)}`, isNull(connections.deletedAt)))
    .prepare('present_connections');
  const readConnection = gather(async (ids: readonly string[]) => {
    const rows = await present.execute({ ids: [...new Set(ids)] });
    return ids.map((id) => rows.find((row) => row.id === id));
  });
  const find = async <Adapter>(
    id: string,
    given: {
      side: 'ats' | 'vendor';
      kept: Map<string, Kept<Adapter>>;
      make: (opened: Opened, row: ConnectionRow, shown: ShownTrouble) => CallResult<Adapter>;
      evenOff: boolean;
    },
  ): Promise<CallResult<Adapter>> => {
    const row = await readConnection(id);
    if (!row || row.side !== given.side) return { ok: false, kind: 'misconfigured', detail: 'this connection was removed.' };
    if (!row.enabled && !given.evenOff) return { ok: false, kind: 'misconfigured', detail: `${row.name} is switched off.` };
    const known = given.kept.get(id);
    if (known?.updatedAt === row.updatedAt.getTime()) {
      // Another process may have learned something meanwhile.
      known.shown.trouble = row.trouble;
      return known.adapter;
    }
    const shown: ShownTrouble = { trouble: row.trouble };
    const secrets = openNeeded(services, row);
    // Nothing that was asked of it has failed, and nothing is lost: it waits for the key or the credential. Kept, so that it is logged once.
    const adapter: CallResult<Adapter> = secrets
      ? given.make({ id: row.id, settings: row.settings, secrets }, row, shown)
      : { ok: false, kind: 'misconfigured', detail: say('server.unreadable.needed', { name: row.name }) };
    given.kept.set(id, { updatedAt: row.updatedAt.getTime(), adapter, shown });
    return adapter;
  };
  const makeVendor = (opened: Opened, row: ConnectionRow, shown: ShownTrouble): CallResult<VendorAdapter> => {
    const made = makers.makeVendor(opened);
    return made.ok ? { ok: true, value: watchVendor(made.value, watchOf(services, { adapter: made.value, row, shown })) } : made;
  };
  const connector = (evenOff: boolean): Connector => ({
    ats: (id) => find(id, { side: 'ats', kept: keptAts, make: makers.makeAts, evenOff }),
    vendor: (id) => find(id, { side: 'vendor', kept: keptVendors, make: makeVendor, evenOff }),
  });
  return { ...connector(false), evenOff: connector(true) };
}

/** What was learned with an older credential is not stored: the row has changed since. */
function watchOf(
  { db, clock, log }: Services,
  { adapter, row, shown }: { adapter: VendorAdapter; row: ConnectionRow; shown: ShownTrouble },
): WatchMeans {
  return {
    name: vendorNameOf(row.settings) ?? VENDOR_NAMES[adapter.kind],
    shown,
    nowMs: () => clock.now().getTime(),
    async note(trouble) {
      try {
        const change = { id: row.id, updatedAt: row.updatedAt, from: shown.trouble, to: trouble, now: clock.now() };
        if (await noteTrouble(db, change)) shown.trouble = trouble;
      } catch (error) {
        // The call was made, and its caller has to hear how it ended; the next one tells the same of the credential.
        log.warn({ err: error, connection: row.id }, 'what a call learned of the credential could not be stored');
      }
    },
  };
}

/** Null when one without which it cannot work was sealed with another master key, or altered. Without any other it works. */
function openNeeded({ sealer, log }: Services, row: ConnectionRow): Record<string, string> | null {
  const { opened, locked } = openConnectionSecrets(sealer, row);
  if (locked.length > 0) log.warn({ connection: row.id, secrets: locked }, 'the credential of a connection does not open');
  return neededSecrets(row.settings).some((name) => locked.includes(name)) ? null : opened;
}
