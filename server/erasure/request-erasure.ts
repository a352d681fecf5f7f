import type { Services, Transaction } from '../services.ts';
import { isBeingErased } from '../storage/being-erased.ts';
import { erasures } from '../storage/schema.ts';
import { findErased } from './erased-marks.ts';
import { type ErasureSubject, keepSubject } from './erasure-subject.ts';
import { findApplications, lockApplications } from './find-applications.ts';
import { marksOfSubject } from './marks-of.ts';
import { type ErasureMeans, stopApplications } from './stop-applications.ts';

export interface ErasureRequest {
  connectionId: string;
  subject: ErasureSubject;
  askedBy: 'admin' | 'ats-deleted' | 'ats-anonymised';
  memberId?: string | null;
}

/**
 * Stops everything that is going on about somebody and has them erased a moment later (finish-erasures.ts), whatever happens to this
 * process. From the commit of `tx` on no webhook, sweep, page or click reaches them any more, nothing that waits is carried out, and
 * what is out at a vendor is taken back by the ordinary way of a deletion. Answers the erasure, which is the earlier one where the same
 * was asked for before.
 */
export async function requestErasure(
  tx: Transaction,
  means: ErasureMeans,
  { connectionId, subject, askedBy, memberId }: ErasureRequest,
): Promise<string> {
  const { services } = means;
  const named = marksOfSubject(connectionId, subject);
  const found = await findApplications(tx, { connectionId, subject });
  const keys = found.map(({ key }) => key);
  await lockApplications(tx, keys);
  const earlier = await earlierErasure(tx, services, named);
  if (earlier && (await areBeingErased(tx, keys))) return earlier;
  const id = services.random.uuid();
  await tx.insert(erasures).values({
    id,
    connectionId,
    askedBy,
    memberId: memberId ?? null,
    askedAt: services.clock.now(),
    applicationKeys: keys,
    outside: [],
    counts: {},
  });
  await keepSubject(tx, services, { erasureId: id, subject });
  await stopApplications(tx, means, { erasureId: id, connectionId, found, marks: named });
  return id;
}

/** Also of nothing. What came in past all guards after an erasure is not, and is erased once more. */
async function areBeingErased(tx: Transaction, keys: readonly string[]): Promise<boolean> {
  for (const key of keys) if (!(await isBeingErased(tx, key))) return false;
  return true;
}

/** Where all of them were erased before, or are about to be. */
async function earlierErasure(
  tx: Transaction,
  services: Services,
  named: Parameters<typeof findErased>[2],
): Promise<string | null> {
  const known = await findErased(tx, services, named);
  const first = named[0] && known.get(named[0]);
  return known.size === named.length && first ? first.erasureId : null;
}
