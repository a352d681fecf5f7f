import { and, eq, inArray, sql } from 'drizzle-orm';
import { OPEN_STATES } from '../../lib/domain/invitation.ts';
import type { Services, Transaction } from '../services.ts';
import { applications, effects, inputs, invitations } from '../storage/schema.ts';
import type { Input } from '../workflow/input.ts';
import { type ErasedMark, rememberErased } from './erased-marks.ts';
import type { FoundApplication } from './find-applications.ts';
import { marksOfRows } from './marks-of.ts';

/** What the erasure needs of the rooms that it stops. */
export interface ErasureMeans {
  services: Services;
  queue: { sendLane(tx: Transaction, applicationKey: string): Promise<void> };
  announce(tx: Transaction, change: { key: string; version: number; erased?: true }): Promise<void>;
}

/**
 * Stops what is going on about these applications of somebody who is to be erased: from the commit of `tx` on no webhook brings them back,
 * nothing that waits is carried out, and what is out at a vendor is taken back by the ordinary way of a deletion. They are locked, and stand
 * with the erasure. `marks`: by what else they are to be known.
 */
export async function stopApplications(
  tx: Transaction,
  { services, queue, announce }: ErasureMeans,
  given: { erasureId: string; connectionId: string; found: readonly FoundApplication[]; marks: readonly ErasedMark[] },
): Promise<void> {
  const { erasureId, connectionId, found } = given;
  const keys = found.map(({ key }) => key);
  const invited = keys.length > 0 ? await tx.select().from(invitations).where(inArray(invitations.applicationKey, keys)) : [];
  // All at once, in their order: two that remember in two orders wait for each other in a circle.
  const marks = [...given.marks, ...marksOfRows(connectionId, { found, invited })];
  await rememberErased(tx, services, { erasureId, marks });
  await stopWaitingEffects(tx, services, keys);
  const out: readonly string[] = OPEN_STATES.filter((state) => state !== 'held');
  const open = new Set(invited.filter(({ state }) => out.includes(state)).map(({ applicationKey }) => applicationKey));
  for (const key of keys) {
    if (open.has(key)) await takeBack(tx, services, { key, erasureId });
    await queue.sendLane(tx, key);
    await announce(tx, { key, version: await nextVersion(tx, key), erased: true });
  }
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
