import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Services, Transaction } from '../services.ts';
import { oneFor } from '../storage/gather.ts';
import { readTogether } from '../storage/read-together.ts';
import { settings } from '../storage/schema.ts';
import { SEALED_FOR } from '../storage/seal-contexts.ts';

/** The row among the settings, and what its sealed text belongs to: whoever changes the master key seals it anew under the same. */
export const ERASURE_KEY = { row: 'erasure-key', context: SEALED_FOR.erasureKey } as const;

const KEY_BYTES = 32;
const storedSchema = z.object({ sealed: z.string() });

/**
 * The key under which ids of the erased are hashed: its own and not the master key, so that hashes outlive a change of that one. Null
 * when nobody has been erased yet.
 */
export async function openErasureKey(db: Database | Transaction, { sealer }: Pick<Services, 'sealer'>): Promise<Buffer | null> {
  return openStored(await readStored(db), sealer);
}

/** The same for many who ask at once, by a reading that began after the asking. */
export async function openErasureKeyTogether(
  db: Database | Transaction,
  { sealer }: Pick<Services, 'sealer'>,
): Promise<Buffer | null> {
  return openStored(await readerOf(db)(ERASURE_KEY.row), sealer);
}

async function readStored(db: Database | Transaction): Promise<unknown> {
  const [row] = await db.select().from(settings).where(eq(settings.key, ERASURE_KEY.row));
  return row?.value;
}

const readerOf = oneFor((db: Database | Transaction) => readTogether((_row: string) => readStored(db)));

function openStored(value: unknown, sealer: Services['sealer']): Buffer | null {
  return value === undefined ? null : Buffer.from(sealer.open(storedSchema.parse(value).sealed, ERASURE_KEY.context), 'base64');
}

/** The same, made by the first erasure. Of two at once the first one's counts. Its bytes come from node:crypto, as those of all keys. */
export async function ensureErasureKey(
  db: Database | Transaction,
  services: Pick<Services, 'sealer' | 'clock'>,
): Promise<Buffer> {
  const known = await openErasureKey(db, services);
  if (known) return known;
  const sealed = services.sealer.seal(randomBytes(KEY_BYTES).toString('base64'), ERASURE_KEY.context);
  await db
    .insert(settings)
    .values({ key: ERASURE_KEY.row, value: { sealed }, updatedAt: services.clock.now() })
    .onConflictDoNothing();
  const made = await openErasureKey(db, services);
  if (!made) throw new Error('the key of the erased was just made and is not there');
  return made;
}
