import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Services, Transaction } from '../services.ts';
import { accommodations } from './schema.ts';
import { UnreadableSecret } from './seal.ts';
import { SEALED_FOR } from './seal-contexts.ts';

/**
 * What a person needs at every test. It tells of their health: sealed at rest, read only where it is used or shown to a recruiter, and
 * never copied into anything else that is stored.
 */
const keptSchema = z.object({ extraTimePercent: z.number().int().min(1).max(300) });

type Means = { db: Database | Transaction; sealer: Services['sealer'] };

/** In percent of a test's own duration; null for none. `person` as in `invitations.person`. */
export async function findExtraTime({ db, sealer }: Means, person: string): Promise<number | null> {
  const [row] = await db.select({ sealed: accommodations.sealed }).from(accommodations).where(eq(accommodations.person, person));
  return row ? keptSchema.parse(JSON.parse(sealer.open(row.sealed, SEALED_FOR.accommodation(person)))).extraTimePercent : null;
}

/** The first that is set for one of these, who are the same person. One that does not open is told, because it has to be set again. */
export async function showExtraTime(
  { db, sealer }: Means,
  persons: readonly string[],
): Promise<{ percent: number | null; isLocked?: true }> {
  let isLocked = false;
  for (const person of persons) {
    try {
      const percent = await findExtraTime({ db, sealer }, person);
      if (percent !== null) return { percent };
    } catch (error) {
      if (!(error instanceof UnreadableSecret)) throw error;
      isLocked = true;
    }
  }
  return { percent: null, ...(isLocked && { isLocked }) };
}

/** Null takes it away. */
export async function setExtraTime(
  { db, sealer }: Means,
  { person, percent, setBy, now }: { person: string; percent: number | null; setBy: string; now: Date },
): Promise<void> {
  if (percent === null) {
    await db.delete(accommodations).where(eq(accommodations.person, person));
    return;
  }
  const sealed = sealer.seal(JSON.stringify(keptSchema.parse({ extraTimePercent: percent })), SEALED_FOR.accommodation(person));
  const row = { person, sealed, setBy, setAt: now };
  await db.insert(accommodations).values(row).onConflictDoUpdate({ target: accommodations.person, set: row });
}

/** The same person under another address; what was set for that address already stays. */
export async function carryExtraTime(
  means: Means,
  { from, to, setBy, now }: { from: string; to: string; setBy: string; now: Date },
): Promise<void> {
  const percent = await findExtraTime(means, from);
  if (percent === null || (await findExtraTime(means, to)) !== null) return;
  await setExtraTime(means, { person: to, percent, setBy, now });
}
