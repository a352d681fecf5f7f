import { createHmac } from 'node:crypto';
import { eq, inArray, sql } from 'drizzle-orm';
import type { Database, Services, Transaction } from '../services.ts';
import { erasedKeys, erasures } from '../storage/schema.ts';
import { ensureErasureKey, openErasureKey } from './erasure-key.ts';

/**
 * What a late webhook, a sweep or a page would know somebody by. `scope` is the connection at which the id means something.
 * `vendor-person` is the address under which a vendor speaks of an invitation that is erased: it tells whose word a vendor's message
 * is once no invitation of ours fits it, and never keeps anybody from applying or being invited again. `address` is each by which the erased
 * were known, also one that we never wrote to, for somebody may have invited them by hand: it means the same at every vendor, also at one
 * that is connected after the erasure (`scope` is empty), and says nothing while anybody who is here has it, nor of what comes in long after
 * the erasure (take-out-erased.ts). `last-candidate` is somebody whose last application here was erased and who may apply anew; what only
 * speaks of the person concerns nobody until then.
 */
export interface ErasedMark {
  what: 'application' | 'candidate' | 'invitation' | 'vendor-invitation' | 'vendor-person' | 'address' | 'last-candidate';
  scope: string;
  id: string;
}

/** HMAC-SHA-256, hex: who has the hashes and not the key can try no ids on them. */
function hashMark(key: Buffer, { what, scope, id }: ErasedMark): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([what, scope, id]))
    .digest('hex');
}

/** From the commit of `tx` on, nobody with one of these marks comes in any more. */
export async function rememberErased(
  tx: Transaction,
  services: Pick<Services, 'sealer' | 'clock'>,
  { erasureId, marks }: { erasureId: string; marks: readonly ErasedMark[] },
): Promise<void> {
  const key = await ensureErasureKey(tx, services);
  const rows = [...new Set(marks.map((mark) => hashMark(key, mark)))].toSorted().map((hash) => ({ hash, erasureId }));
  if (rows.length === 0) return;
  // Who was erased, came anew and is erased once more is out from this time on.
  const set = { erasureId: sql`excluded.erasure_id` };
  await tx.insert(erasedKeys).values(rows).onConflictDoUpdate({ target: erasedKeys.hash, set });
}

export async function wasAnybodyErased(db: Database | Transaction): Promise<boolean> {
  const [row] = await db.select({ hash: erasedKeys.hash }).from(erasedKeys).limit(1);
  return row !== undefined;
}

/** By which erasure, and when that was asked for. */
export interface Erased {
  erasureId: string;
  askedAt: Date;
  askedBy: 'admin' | 'ats-deleted' | 'ats-anonymised';
  memberId: string | null;
}

/** Which of these are erased. Costs one small query while nobody ever was. */
export async function findErased(
  db: Database | Transaction,
  services: Pick<Services, 'sealer'>,
  marks: readonly ErasedMark[],
): Promise<ReadonlyMap<ErasedMark, Erased>> {
  const key = marks.length > 0 ? await openErasureKey(db, services) : null;
  if (!key) return new Map();
  const byHash = new Map(marks.map((mark) => [mark, hashMark(key, mark)]));
  const rows = await db
    .select({
      hash: erasedKeys.hash,
      erasureId: erasures.id,
      askedAt: erasures.askedAt,
      askedBy: erasures.askedBy,
      memberId: erasures.memberId,
    })
    .from(erasedKeys)
    .innerJoin(erasures, eq(erasures.id, erasedKeys.erasureId))
    .where(inArray(erasedKeys.hash, [...new Set(byHash.values())]));
  const erased = new Map(rows.map(({ hash, ...row }) => [hash, row]));
  const found = new Map<ErasedMark, Erased>();
  for (const [mark, hash] of byHash) {
    const by = erased.get(hash);
    if (by) found.set(mark, by);
  }
  return found;
}

/** When this application was erased; null for every other, also for a new one of somebody who was. */
export async function whenErased(
  db: Database | Transaction,
  services: Pick<Services, 'sealer'>,
  { connectionId, applicationId }: { connectionId: string; applicationId: string },
): Promise<Date | null> {
  const [found] = (await findErased(db, services, [{ what: 'application', scope: connectionId, id: applicationId }])).values();
  return found?.askedAt ?? null;
}

/** The erasure of this person at this ATS, the last one where there were several. It keeps out what they applied for before it. */
export async function findErasedCandidate(
  db: Database | Transaction,
  services: Pick<Services, 'sealer'>,
  { connectionId, candidateId }: { connectionId: string; candidateId: string | null | undefined },
): Promise<Erased | null> {
  if (!candidateId) return null;
  const [found] = (await findErased(db, services, [{ what: 'candidate', scope: connectionId, id: candidateId }])).values();
  return found ?? null;
}

/**
 * Whether somebody who was erased has applied anew since: by the time that the ATS itself gives the application, never by a webhook's body,
 * which may be late or forged. `unknown` where it gives none. Pure.
 */
export function hasAppliedSince(
  { askedAt }: Pick<Erased, 'askedAt'>,
  { createdAt, clockAheadMs = 0 }: { createdAt?: string | null; clockAheadMs?: number },
): 'yes' | 'no' | 'unknown' {
  const created = Date.parse(createdAt ?? '');
  if (Number.isNaN(created)) return 'unknown';
  return created - clockAheadMs > askedAt.getTime() ? 'yes' : 'no';
}
