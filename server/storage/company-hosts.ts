import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../services.ts';
import { connections } from './schema.ts';

/** The company's own Greenhouse addresses, of all connections that are switched on, each once. */
export async function readCompanyHosts(db: Database): Promise<string[]> {
  const rows = await db
    .select({ settings: connections.settings })
    .from(connections)
    .where(and(eq(connections.kind, 'greenhouse'), eq(connections.enabled, true), isNull(connections.deletedAt)));
  // Settings stored by an earlier version have none.
  const hosts = rows.flatMap(({ settings }) => (settings.kind === 'greenhouse' ? (settings.companyHosts ?? []) : []));
  return [...new Set(hosts)].toSorted();
}
