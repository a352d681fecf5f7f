import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Services } from '../services.ts';
import { settings } from './schema.ts';

/** When a list that lives in another system was last asked for, and what stood in the way. */
export interface RemoteListRead {
  triedAt: string | null;
  trouble: string | null;
}

const readSchema = z.object({ triedAt: z.string().nullable().catch(null), trouble: z.string().nullable().catch(null) });

type Means = Pick<Services, 'db' | 'clock'>;

/** One row per `key`, among the settings. */
export async function findRemoteListRead(db: Database, key: string): Promise<RemoteListRead> {
  const [row] = await db.select().from(settings).where(eq(settings.key, key));
  return readSchema.safeParse(row?.value).data ?? { triedAt: null, trouble: null };
}

/** True for whoever comes first, in any process, if nobody has within `unlessWithinMs`. The trouble of the last time stays meanwhile. */
export async function claimRemoteList({ db, clock }: Means, key: string, unlessWithinMs: number): Promise<boolean> {
  const now = clock.now();
  const value = { triedAt: now.toISOString(), trouble: null };
  const longAgo = new Date(now.getTime() - unlessWithinMs);
  const rows = await db
    .insert(settings)
    .values({ key, value, updatedAt: now })
    .onConflictDoUpdate({
      target: settings.key,
      set: { value: sql`${settings.value} || ${JSON.stringify({ triedAt: value.triedAt })}::jsonb`, updatedAt: now },
      setWhere: sql`${settings.updatedAt} <= ${longAgo}`,
    })
    .returning({ key: settings.key });
  return rows.length > 0;
}

/** What came of it. When the next may ask is counted from the claim. */
export async function recordRemoteListRead({ db, clock }: Means, key: string, trouble: string | null): Promise<void> {
  const value = { triedAt: clock.now().toISOString(), trouble };
  await db.update(settings).set({ value }).where(eq(settings.key, key));
}
