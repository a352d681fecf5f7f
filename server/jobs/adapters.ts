import { and, eq, isNull } from 'drizzle-orm';
import type { AtsAdapter } from '../ats/port.ts';
import type { CallResult } from '../outbound/outcome.ts';
import type { Services } from '../services.ts';
import { openConnectionSecrets } from '../storage/connection-secrets.ts';
import { readTogether } from '../storage/read-together.ts';
import { connections } from '../storage/schema.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import type { Connector } from './connector.ts';

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
}

/**
 * Adapters by connection, made from what is stored and kept as long as the connection stays as it is. `evenOff` is for the set-up
 * page, which proves a connection before it is switched on; all others get `misconfigured` for one that is off.
 */
export function createAdapters(services: Services, makers: AdapterMakers): Connector & { evenOff: Connector } {
  const keptAts = new Map<string, Kept<AtsAdapter>>();
  const keptVendors = new Map<string, Kept<VendorAdapter>>();
  const readConnection = readTogether(async (id: string) => {
    const [row] = await services.db
      .select()
      .from(connections)
      .where(and(eq(connections.id, id), isNull(connections.deletedAt)));
    return row;
  });
  const find = async <Adapter>(
    id: string,
    given: {
      side: 'ats' | 'vendor';
      kept: Map<string, Kept<Adapter>>;
      make: (opened: Opened) => CallResult<Adapter>;
      evenOff: boolean;
    },
  ): Promise<CallResult<Adapter>> => {
    const row = await readConnection(id);
    if (!row || row.side !== given.side) return { ok: false, kind: 'misconfigured', detail: 'this connection was removed.' };
    if (!row.enabled && !given.evenOff) return { ok: false, kind: 'misconfigured', detail: `${row.name} is switched off.` };
    const known = given.kept.get(id);
    if (known?.updatedAt === row.updatedAt.getTime()) return known.adapter;
    const secrets = openOrNull(services, row);
    // Nothing that was asked of it has failed, and nothing is lost: it waits for the key or the credential. Kept, so that it is logged once.
    const adapter: CallResult<Adapter> = secrets
      ? given.make({ id: row.id, settings: row.settings, secrets })
      : { ok: false, kind: 'misconfigured', detail: lockedOut(row.name) };
    given.kept.set(id, { updatedAt: row.updatedAt.getTime(), adapter });
    return adapter;
  };
  const connector = (evenOff: boolean): Connector => ({
    ats: (id) => find(id, { side: 'ats', kept: keptAts, make: makers.makeAts, evenOff }),
    vendor: (id) => find(id, { side: 'vendor', kept: keptVendors, make: makers.makeVendor, evenOff }),
  });
  return { ...connector(false), evenOff: connector(true) };
}

/** Null when they were sealed with another master key, or altered; the log says which. */
function openOrNull({ sealer, log }: Services, row: ConnectionRow): Record<string, string> | null {
  try {
    return openConnectionSecrets(sealer, row);
  } catch (error) {
    log.warn({ error, connection: row.id }, 'the credential of a connection does not open');
    return null;
  }
}

function lockedOut(name: string): string {
  return `the credential of ${name} cannot be opened with this master key. Start the server with the key it was sealed with, or enter the credential again.`;
}
