import { and, eq, isNull } from 'drizzle-orm';
import { ATS_NAMES } from '../../lib/domain/ats.ts';
import { troubleWords } from '../effects/trouble-words.ts';
import type { Connector } from '../jobs/connector.ts';
import { say } from '../say.ts';
import type { Database, Services } from '../services.ts';
import { replaceAtsUsers } from '../storage/ats-users.repository.ts';
import {
  claimRemoteList,
  findRemoteListRead,
  type RemoteListRead,
  recordRemoteListRead,
} from '../storage/remote-list-reads.repository.ts';
import { connections } from '../storage/schema.ts';
import { waitAtMost } from '../wait-at-most.ts';

export interface RefreshParts {
  services: Pick<Services, 'db' | 'clock' | 'log'>;
  connector: Pick<Connector, 'ats'>;
}

const HOUR_MS = 60 * 60_000;
/** Who opens the page twice in a minute sees the same. */
export const PAGE_FRESH_MS = 60_000;
/** A page or a form does not wait longer for somebody else's server; the list comes by itself then. */
const WAIT_AT_MOST_MS = 3000;

/** When the users of a connection were last asked for, and what stood in the way. */
export function readUsersRead(db: Database, connectionId: string): Promise<RemoteListRead> {
  return findRemoteListRead(db, keyOf(connectionId));
}

/**
 * Lists the users of an ATS again, if nobody, in any process, has within `unlessWithinMs`. Never throws: what stands in the way is
 * kept, and shown on the people page. The earlier list stays then.
 */
export async function refreshUsers(
  { services, connector }: RefreshParts,
  { connectionId, unlessWithinMs }: { connectionId: string; unlessWithinMs: number },
): Promise<void> {
  const { db, clock, log } = services;
  try {
    if (!(await claimRemoteList(services, keyOf(connectionId), unlessWithinMs))) return;
    const adapter = await connector.ats(connectionId);
    const { listUsers } = adapter.ok ? adapter.value.operations : {};
    const listed = adapter.ok ? await listUsers?.() : adapter;
    if (listed?.ok) await replaceAtsUsers(db, { connectionId, users: listed.value, now: clock.now() });
    const system = adapter.ok ? ATS_NAMES[adapter.value.kind] : 'Tagalong';
    const trouble = listed === undefined ? say('server.users-not-listed') : listed.ok ? null : troubleWords(listed, system);
    await recordRemoteListRead(services, keyOf(connectionId), trouble);
  } catch (error) {
    log.warn({ err: error, connection: connectionId }, 'the users of an ATS could not be read');
  }
}

/** The same for several, as long as a person may be kept waiting. */
export async function refreshForPage(
  parts: RefreshParts,
  connectionIds: readonly string[],
  unlessWithinMs: number,
): Promise<void> {
  const refreshing = connectionIds.map((connectionId) => refreshUsers(parts, { connectionId, unlessWithinMs }));
  await waitAtMost(WAIT_AT_MOST_MS, Promise.all(refreshing));
}

/** In the background: every connection that is on, once an hour. Returns 0, as a chore that has done all there is. */
export async function refreshOldUsers(parts: RefreshParts): Promise<number> {
  const rows = await parts.services.db
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.side, 'ats'), eq(connections.enabled, true), isNull(connections.deletedAt)));
  for (const { id: connectionId } of rows) await refreshUsers(parts, { connectionId, unlessWithinMs: HOUR_MS });
  return 0;
}

function keyOf(connectionId: string): string {
  return `ats-users:${connectionId}`;
}
