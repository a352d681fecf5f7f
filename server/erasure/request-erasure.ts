import { and, eq, inArray, sql } from 'drizzle-orm';
import { OPEN_STATES } from '../../lib/domain/invitation.ts';
import type { Services, Transaction } from '../services.ts';
import { isBeingErased } from '../storage/being-erased.ts';
import { applications, effects, erasures, inputs, invitations } from '../storage/schema.ts';
import type { Input } from '../workflow/input.ts';
import { findErased, rememberErased } from './erased-marks.ts';
import { type ErasureSubject, keepSubject } from './erasure-subject.ts';
import { findApplications, lockApplications } from './find-applications.ts';
import { marksOfRows, marksOfSubject } from './marks-of.ts';

/** What the erasure needs of the rooms that it stops. */
export interface ErasureMeans {
  services: Services;
  queue: { sendLane(tx: Transaction, applicationKey: string): Promise<void> };
  announce(tx: Transaction, change: { key: string; version: number; erased?: true }): Promise<void>;
}

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
  { services, queue, announce }: ErasureMeans,
  { connectionId, subject, askedBy, memberId }: ErasureRequest,
): Promise<string> {
  const named = marksOfSubject(connectionId, subject);
  const found = await findApplications(tx, connectionId, subject);
  const keys = found.map(({ key }) => key);
  await lockApplications(tx, keys);
  const earlier = await earlierErasure(tx, services, named);
  if (earlier && (await areBeingErased(tx, keys))) return earlier;
  const invited = keys.length > 0 ? await tx.select().from(invitations).where(inArray(invitations.applicationKey, keys)) : [];
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
  const marks = [...named, ...marksOfRows(connectionId, { found, invited })];
  await rememberErased(tx, services, { erasureId: id, marks });
  await stopWaitingEffects(tx, services, keys);
  const out: readonly string[] = OPEN_STATES.filter((state) => state !== 'held');
  const open = new Set(invited.filter(({ state }) => out.includes(state)).map(({ applicationKey }) => applicationKey));
  for (const key of keys) {
    if (open.has(key)) await takeBack(tx, services, { key, erasureId: id });
    await queue.sendLane(tx, key);
    await announce(tx, { key, version: await nextVersion(tx, key), erased: true });
  }
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

/** What is with a worker at this moment ends by itself; it, too, asks before it calls once more (run-effect.ts). */
async function stopWaitingEffects(tx: Transaction, { clock }: Services, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx
    .update(effects)
    .set({ state: 'failed', error: null, runAfter: null, finishedAt: clock.now() })
    .where(
      and(inArray(effects.applicationKey, [...keys]), eq(effects.state, 'queued'), sql`${effects.kind} <> 'cancel-invitation'`),
    );
}

/** By the way of an application that its ATS deleted: what is held is stopped, and what is out is cancelled at the vendor. */
async function takeBack(
  tx: Transaction,
  { clock }: Services,
  { key, erasureId }: { key: string; erasureId: string },
): Promise<void> {
  const input: Input = { kind: 'deleted' };
  await tx
    .insert(inputs)
    .values({ applicationKey: key, key: `erasure:${erasureId}:${key}`, input: { ...input }, createdAt: clock.now() });
}

async function nextVersion(tx: Transaction, key: string): Promise<number> {
  const [row] = await tx
    .update(applications)
    .set({ version: sql`${applications.version} + 1` })
    .where(eq(applications.key, key))
    .returning({ version: applications.version });
  return row?.version ?? 0;
}
