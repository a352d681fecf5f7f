import { eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Snapshot } from '../../lib/domain/application.ts';
import { hostOfIds, isGreenhouseHost, onGreenhouseHost } from '../../lib/domain/greenhouse-host.ts';
import type { Database, Transaction } from '../services.ts';
import { connections, settings } from './schema.ts';

/** Where the host of an account's pages was seen. What a member's browser shows counts for more than what a webhook names. */
const learnedSchema = z.object({ host: z.string(), from: z.enum(['page', 'webhook']) });
export type LearnedHost = z.infer<typeof learnedSchema>;

const keyOf = (connectionId: string) => `page-host:${connectionId}`;

/** People of one company may come by two hosts: which one is kept then changes once a day at most. */
const KEPT_MS = 24 * 60 * 60_000;

/**
 * Remembers on which host a Greenhouse account's pages are, since its API never says. To be called with hosts that were really used: of a page
 * whose candidate the account knows, or of a signed webhook. Anything but a host of Greenhouse is ignored.
 */
export async function learnPageHost(
  db: Database | Transaction,
  { connectionId, host, from, now }: LearnedHost & { connectionId: string; now: Date },
): Promise<void> {
  if (!isGreenhouseHost(host)) return;
  const key = keyOf(connectionId);
  const [row] = await db.select().from(settings).where(eq(settings.key, key));
  const known = learnedSchema.safeParse(row?.value).data;
  if (row && known && !isNews(known, { host, from }, now.getTime() - row.updatedAt.getTime())) return;
  const value = { host, from };
  await db
    .insert(settings)
    .values({ key, value, updatedAt: now })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: now } });
}

function isNews(known: LearnedHost, seen: LearnedHost, ageMs: number): boolean {
  if (known.from !== seen.from) return seen.from === 'page';
  return known.host !== seen.host && ageMs > KEPT_MS;
}

/** True while nothing was learned about this account. */
export async function lacksPageHost(db: Database | Transaction, connectionId: string): Promise<boolean> {
  const rows = await db
    .select({ key: settings.key })
    .from(settings)
    .where(eq(settings.key, keyOf(connectionId)));
  return rows.length === 0;
}

/**
 * The addresses of these candidates' profiles, on the hosts where their companies open them: what an admin has named, else what was
 * seen, else what the ids tell. Lever's API names the address itself.
 */
export async function profileUrls(db: Database, snapshots: readonly (Snapshot | null)[]): Promise<(string | null)[]> {
  const ids = [...new Set(snapshots.flatMap((snapshot) => (snapshot?.ats === 'greenhouse' ? [snapshot.connectionId] : [])))];
  const hosts = ids.length > 0 ? await readHosts(db, ids) : new Map<string, string>();
  return snapshots.map((snapshot) => {
    if (!snapshot?.profileUrl || snapshot.ats !== 'greenhouse') return snapshot?.profileUrl ?? null;
    const { connectionId, applicationId, candidateId, profileUrl } = snapshot;
    const host = hosts.get(connectionId) ?? hostOfIds([applicationId, ...(candidateId ? [candidateId] : [])]);
    return host ? onGreenhouseHost(profileUrl, host) : profileUrl;
  });
}

async function readHosts(db: Database, connectionIds: string[]): Promise<Map<string, string>> {
  const learned = await db
    .select()
    .from(settings)
    .where(inArray(settings.key, connectionIds.map(keyOf)));
  const rows = await db.select().from(connections).where(inArray(connections.id, connectionIds));
  const pairs = rows.flatMap(({ id, settings: own }) => {
    const named = own.kind === 'greenhouse' ? own.companyHosts?.[0] : undefined;
    const seen = learnedSchema.safeParse(learned.find(({ key }) => key === keyOf(id))?.value).data?.host;
    const host = named ?? seen;
    return host ? [[id, host] as const] : [];
  });
  return new Map(pairs);
}
