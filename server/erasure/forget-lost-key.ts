import { and, isNotNull, isNull } from 'drizzle-orm';
import type { Services, Transaction } from '../services.ts';
import { erasedKeys, erasures } from '../storage/schema.ts';
import { UnreadableSecret } from '../storage/seal.ts';
import { rememberErased } from './erased-marks.ts';
import { forgetErasureKey, openErasureKey } from './erasure-key.ts';
import { readSubject } from './erasure-subject.ts';
import { marksOfSubject } from './marks-of.ts';

/**
 * Deletes the key of the erased if nothing opens it any more, with all hashes that were made under it, which can never match again: the
 * next erasure makes another. Whoever is just being erased is remembered anew at once, because it is still known whom they are by.
 * Answers how many hashes went; null when the key opens, or there is none.
 */
export async function forgetLostErasureKey(
  tx: Transaction,
  services: Pick<Services, 'sealer' | 'clock'>,
): Promise<number | null> {
  if (!(await isLost(tx, services))) return null;
  await forgetErasureKey(tx);
  const { rowCount } = await tx.delete(erasedKeys);
  const underWay = await tx
    .select({ id: erasures.id, connectionId: erasures.connectionId })
    .from(erasures)
    .where(and(isNull(erasures.finishedAt), isNotNull(erasures.connectionId)));
  for (const { id: erasureId, connectionId } of underWay) {
    const subject = await readSubject(tx, erasureId);
    if (subject && connectionId) await rememberErased(tx, services, { erasureId, marks: marksOfSubject(connectionId, subject) });
  }
  return rowCount ?? 0;
}

async function isLost(tx: Transaction, services: Pick<Services, 'sealer'>): Promise<boolean> {
  try {
    await openErasureKey(tx, services);
    return false;
  } catch (error) {
    if (error instanceof UnreadableSecret) return true;
    throw error;
  }
}
