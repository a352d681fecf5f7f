import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { ATS_NAMES } from '../../lib/domain/ats.ts';
import { troubleWords } from '../effects/trouble-words.ts';
import type { Connector } from '../jobs/connector.ts';
import { say } from '../say.ts';
import type { Database, Services } from '../services.ts';
import { replaceAtsUsers } from '../storage/ats-users.repository.ts';
import { connections, settings } from '../storage/schema.ts';

export interface RefreshParts {
  services: Pick<Services, 'db' | 'clock' | 'log'>;
  connector: Pick<Connector, 'ats'>;
}

/** When the users of a connection were last asked for, and what stood in the way. */
export interface UsersRead {
  triedAt: string | null;
  trouble: string | null;
}

const HOUR_MS = 60 * 60_000;
/** Who opens the page twice in a minute sees the same. */
export const PAGE_FRESH_MS = 60_000;
/** A page or a form does not wait longer for somebody else's server; the list comes by itself then. */
const WAIT_AT_MOST_MS = 3000;

const usersReadSchema = z.object({ triedAt: z.string().nullable().catch(null), trouble: z.string().nullable().catch(null) });

export async function readUsersRead(db: Database, connectionId: string): Promise<UsersRead> {
  const [row] = await db
    .select()
    .from(settings)
    .where(eq(settings.key, keyOf(connectionId)));
  return usersReadSchema.safeParse(row?.value).data ?? { triedAt: null, trouble: null };
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
    if (!(await claim(services, connectionId, unlessWithinMs))) return;
    const adapter = await connector.ats(connectionId);
    const { listUsers } = adapter.ok ? adapter.value.operations : {};
    const listed = adapter.ok ? await listUsers?.() : adapter;
    if (listed?.ok) await replaceAtsUsers(db, { connectionId, users: listed.value, now: clock.now() });
    const system = adapter.ok ? ATS_NAMES[adapter.value.kind] : 'Tagalong';
    const trouble = listed === undefined ? say('server.users-not-listed') : listed.ok ? null : troubleWords(listed, system);
    await db
      .update(settings)
      .set({ value: { triedAt: clock.now().toISOString(), trouble }, updatedAt: clock.now() })
      .where(eq(settings.key, keyOf(connectionId)));
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
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WAIT_AT_MOST_MS);
  });
  await Promise.race([Promise.all(refreshing), patience]);
  clearTimeout(timer);
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

/** One row, changed by whoever comes first. */
async function claim({ db, clock }: RefreshParts['services'], connectionId: string, unlessWithinMs: number): Promise<boolean> {
  const now = clock.now();
  const value = { triedAt: now.toISOString(), trouble: null };
  const longAgo = new Date(now.getTime() - unlessWithinMs);
  const rows = await db
    .insert(settings)
    .values({ key: keyOf(connectionId), value, updatedAt: now })
    .onConflictDoUpdate({
      target: settings.key,
      set: { value: sql`${settings.value} || ${JSON.stringify({ triedAt: value.triedAt })}::jsonb`, updatedAt: now },
      setWhere: sql`${settings.updatedAt} <= ${longAgo}`,
    })
    .returning({ key: settings.key });
  return rows.length > 0;
}

function keyOf(connectionId: string): string {
  return `ats-users:${connectionId}`;
}
