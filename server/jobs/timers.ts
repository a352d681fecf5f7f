import { and, asc, eq, inArray, isNotNull, isNull, lt, lte, not, or, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { vendorNameOf } from '../../lib/contract/settings.ts';
import type { Services } from '../services.ts';
import { isRunning } from '../storage/effect-lock.ts';
import { isFree } from '../storage/lease.ts';
import { applications, connections, effects, inputs, invitations } from '../storage/schema.ts';
import type { Input } from '../workflow/input.ts';
import { nextPollAt } from './poll-schedule.ts';
import { sendLanes, type WorkQueue } from './work-queue.ts';

export interface TimerParts {
  services: Services;
  queue: WorkQueue;
}

const BATCH = 200;
/** A lane sets its next time when it commits; until then this keeps a failed attempt from being forgotten. */
const SAFETY_MS = 30_000;

/** Wakes the applications for which something is due: holds, second looks, graces, deadlines. Returns how many. */
export async function wakeDue({ services, queue }: TimerParts): Promise<number> {
  const now = services.clock.now();
  return await services.db.transaction(async (tx) => {
    const due = await tx
      .select({ key: applications.key })
      .from(applications)
      .where(lte(applications.dueAt, now))
      .orderBy(asc(applications.dueAt))
      .limit(BATCH)
      .for('update', { skipLocked: true });
    for (const { key } of due) {
      await tx
        .update(applications)
        .set({ hinted: sql`${applications.hinted} + 1`, dueAt: new Date(now.getTime() + SAFETY_MS) })
        .where(eq(applications.key, key));
    }
    await sendLanes(
      queue,
      tx,
      due.map(({ key }) => key),
    );
    return due.length;
  });
}

/** Puts the question to the vendor into the lane of each invitation that is to be asked about now. Returns how many. */
export async function wakePolls({ services, queue }: TimerParts): Promise<number> {
  const now = services.clock.now();
  return await services.db.transaction(async (tx) => {
    const due = await tx
      .select()
      .from(invitations)
      .where(lte(invitations.pollDueAt, now))
      .orderBy(asc(invitations.pollDueAt))
      .limit(BATCH)
      .for('update', { skipLocked: true });
    const vendors = await tx
      .select({ id: connections.id, settings: connections.settings })
      .from(connections)
      .where(eq(connections.side, 'vendor'));
    for (const row of due) {
      const polls = row.polls + 1;
      const connection = vendors.find(({ id }) => id === row.vendorConnectionId);
      const input: Input = {
        kind: 'poll',
        invitationId: row.id,
        vendor: (connection && vendorNameOf(connection.settings)) ?? '',
      };
      await tx
        .update(invitations)
        .set({ polls, pollDueAt: nextPollAt(whenOf(row), polls, now) })
        .where(eq(invitations.id, row.id));
      await tx
        .insert(inputs)
        .values({
          applicationKey: row.applicationKey,
          key: `poll:${row.id}:${now.getTime()}`,
          input: { ...input },
          createdAt: now,
        })
        .onConflictDoNothing();
    }
    await sendLanes(
      queue,
      tx,
      due.map(({ applicationKey }) => applicationKey),
    );
    return due.length;
  });
}

function whenOf({ createdAt, closedAt, state }: typeof invitations.$inferSelect) {
  return { createdAt: createdAt.toISOString(), closedAt: closedAt?.toISOString() ?? null, state };
}

/** Left alone for so long after it was sent, because its job may just be on its way. */
const ON_ITS_WAY_MS = 3000;

/**
 * What a process that died left behind is picked up: lanes with work that nobody holds, effects that nobody runs. A job that it had taken
 * comes back by itself only much later, so a new one is sent. Sending one too many is harmless: who runs it finds nothing to do.
 */
export async function findAbandoned({ services, queue }: TimerParts): Promise<number> {
  const now = services.clock.now();
  const settled = new Date(now.getTime() - ON_ITS_WAY_MS);
  const isIdle = and(isFree(now), noJob(queue, 'lane', applications.key));
  // What could not be read has its time, which whoever let go of the lane wrote down; one that was cut off did neither.
  const hasNoTime = or(isNull(applications.readTrouble), isNotNull(applications.leaseToken));
  // With a vendor in trouble the application itself was read: a hint is news.
  const isNews = or(hasNoTime, eq(applications.readTrouble, 'vendor'));
  const lanes = await services.db
    .select({ key: applications.key })
    .from(applications)
    .where(and(sql`${applications.hinted} > ${applications.handled}`, isIdle, isNews))
    .limit(BATCH);
  const waiting = await services.db
    .selectDistinct({ key: inputs.applicationKey })
    .from(inputs)
    .innerJoin(applications, eq(applications.key, inputs.applicationKey))
    .where(and(isNull(inputs.handledAt), lt(inputs.createdAt, settled), isIdle, hasNoTime))
    .limit(BATCH);
  const idle = await services.db
    .select({ id: effects.id })
    .from(effects)
    .where(
      and(
        inArray(effects.state, ['queued', 'calling']),
        lt(effects.createdAt, settled),
        or(isNull(effects.runAfter), lt(effects.runAfter, now)),
        noJob(queue, 'effect', effects.id),
        not(isRunning(effects.id)),
      ),
    )
    .limit(BATCH);
  await services.db.transaction(async (tx) => {
    await sendLanes(
      queue,
      tx,
      [...lanes, ...waiting].map(({ key }) => key),
    );
    for (const id of idle.map((effect) => effect.id).toSorted()) await queue.sendEffect(tx, id);
  });
  return lanes.length + waiting.length + idle.length;
}

function noJob(queue: WorkQueue, name: 'lane' | 'effect', key: AnyPgColumn): SQL | undefined {
  return queue.hasJob && not(queue.hasJob(name, key));
}
