import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Services, Transaction } from '../services.ts';
import { oneFor } from '../storage/gather.ts';
import { readTogether } from '../storage/read-together.ts';
import { settings } from '../storage/schema.ts';
import { SEALED_FOR } from '../storage/seal-contexts.ts';

/** The row among the settings. */
const ROW = 'erasure-key';
const KEY_BYTES = 32;
const storedSchema = z.object({ sealed: z.string() });

/**
 * The key under which ids of the erased are hashed: its own and not the master key, so that hashes outlive a change of that one. Null
 * when nobody has been erased yet. Many who ask at once share a reading that began after the asking.
 */
export async function openErasureKey(db: Database | Transaction, { sealer }: Pick<Services, 'sealer'>): Promise<Buffer | null> {
  return openStored(await readerOf(db)(ROW), sealer);
}

const readerOf = oneFor((db: Database | Transaction) => {
  const stored = db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, sql.placeholder('row')))
    .prepare('erasure_key');
  return readTogether(async (row: string): Promise<unknown> => (await stored.execute({ row }))[0]?.value);
});

async function readStored(db: Database | Transaction, row: string): Promise<unknown> {
  const [stored] = await db.select().from(settings).where(eq(settings.key, row));
  return stored?.value;
}

function openStored(value: unknown, sealer: Services['sealer']): Buffer | null {
  return value === undefined ? null : Buffer.from(sealer.open(storedSchema.parse(value).sealed, SEALED_FOR.erasureKey), 'base64');
}

/** The same, made by the first erasure. Of two at once the first one's counts. Its bytes come from node:crypto, as those of all keys. */
export async function ensureErasureKey(
  db: Database | Transaction,
  services: Pick<Services, 'sealer' | 'clock'>,
): Promise<Buffer> {
  const open = async () => openStored(await readStored(db, ROW), services.sealer);
  const known = await open();
  if (known) return known;
  const sealed = services.sealer.seal(randomBytes(KEY_BYTES).toString('base64'), SEALED_FOR.erasureKey);
  await db.insert(settings).values({ key: ROW, value: { sealed }, updatedAt: services.clock.now() }).onConflictDoNothing();
  const made = await open();
  if (!made) throw new Error('the key of the erased was just made and is not there');
  return made;
}

/** Together with all that was hashed under it: see forget-lost-key.ts. */
export async function forgetErasureKey(tx: Transaction): Promise<void> {
  await tx.delete(settings).where(eq(settings.key, ROW));
}
