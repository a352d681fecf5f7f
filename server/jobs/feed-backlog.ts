import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { ATS_KINDS, ATS_NAMES } from '../../lib/domain/ats.ts';
import { troubleWords } from '../effects/trouble-words.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import type { RateGovernor } from '../outbound/rate-governor.ts';
import type { Services, Transaction } from '../services.ts';
import { applications, effects } from '../storage/schema.ts';
import { BROUGHT_FORWARD, WAITS_FOR_ROOM } from './read-trouble.ts';
import { sendLanes, type WorkQueue } from './work-queue.ts';

export interface FeedParts {
  services: Services;
  queue: WorkQueue;
  governor: Pick<RateGovernor, 'roomForDeferred'>;
}

/** What a re-read or a write takes, or a little less: one too many costs a refusal, one too few leaves allowance unused. */
const CALLS_PER_WORK = 3;
/** Until the lane has set its next time by itself. */
const SAFETY_MS = 30_000;

/**
 * Brings forward writes and re-reads that were told to come back later, as many as there is room for by now. The time they were told is
 * an estimate made in the crowd; this keeps the allowance in use when the crowd is done sooner, or the allowance has grown. Writes go
 * first: they have been decided already. Returns how many were brought forward.
 */
export async function feedBacklog({ services, queue, governor }: FeedParts): Promise<number> {
  let fed = 0;
  for (const { connectionId, calls } of await governor.roomForDeferred()) {
    const room = Math.ceil(calls / CALLS_PER_WORK);
    fed += await services.db.transaction(async (tx) => {
      const place = { connectionId, now: services.clock.now() };
      const writes = await bringWrites(tx, queue, { ...place, room });
      return writes + (await bringReads(tx, queue, { ...place, room: room - writes }));
    });
  }
  return fed;
}

interface Place {
  connectionId: string;
  now: Date;
  room: number;
}

async function bringWrites(tx: Transaction, queue: WorkQueue, { connectionId, now, room }: Place): Promise<number> {
  // An effect keeps its trouble as the sentence that people read.
  const toldToWait: CallFailure = { kind: 'rate-limited', retryAfterMs: 0, detail: '' };
  const waits: CallFailure[] = [toldToWait, { ...toldToWait, inOurQueue: true }];
  const sentences = ATS_KINDS.flatMap((kind) => waits.map((wait) => troubleWords(wait, ATS_NAMES[kind])));
  const ofConnection = tx.select({ key: applications.key }).from(applications).where(eq(applications.connectionId, connectionId));
  const deferred = await tx
    .select({ id: effects.id })
    .from(effects)
    .where(
      and(
        // Not `calling`, which keeps its last trouble: until its time is up that call may still be on its way (run-effect.ts).
        eq(effects.state, 'queued'),
        gt(effects.runAfter, now),
        inArray(effects.error, sentences),
        inArray(effects.applicationKey, ofConnection),
      ),
    )
    .orderBy(asc(effects.createdAt))
    .limit(room)
    .for('update', { skipLocked: true });
  const ids = deferred.map(({ id }) => id).toSorted();
  if (ids.length > 0) await tx.update(effects).set({ runAfter: now }).where(inArray(effects.id, ids));
  for (const id of ids) await queue.sendEffect(tx, id);
  return ids.length;
}

async function bringReads(tx: Transaction, queue: WorkQueue, { connectionId, now, room }: Place): Promise<number> {
  if (room <= 0) return 0;
  const deferred = await tx
    .select({ key: applications.key })
    .from(applications)
    .where(
      and(
        eq(applications.connectionId, connectionId),
        inArray(applications.readTrouble, [...WAITS_FOR_ROOM]),
        gt(applications.dueAt, now),
      ),
    )
    .orderBy(asc(applications.dueAt))
    .limit(room)
    .for('update', { skipLocked: true });
  const keys = deferred.map(({ key }) => key);
  if (keys.length > 0)
    await tx
      .update(applications)
      .set({
        hinted: sql`${applications.hinted} + 1`,
        // Instead of the trouble for which it waited, so that it is not found here again; it is still unread, and the panel says so.
        readTrouble: BROUGHT_FORWARD,
        dueAt: new Date(now.getTime() + SAFETY_MS),
      })
      .where(inArray(applications.key, keys));
  await sendLanes(queue, tx, keys);
  return keys.length;
}
