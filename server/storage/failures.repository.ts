import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Services, Transaction } from '../services.ts';
import { listOf } from './list-of.ts';
import { failures } from './schema.ts';

export type FailureKind = typeof failures.$inferSelect.kind;
export type FailureState = typeof failures.$inferSelect.state;

/** Something that did not go well, by the key under which it stands on the list once. */
export interface Failure {
  key: string;
  kind: FailureKind;
  applicationKey?: string | null;
  connectionId?: string | null;
  /** What `failureWords` (server/failures) makes a sentence of. Nothing personal: what names a person is looked up when it is shown. */
  reason: { code: string; values?: Record<string, string> };
  /** More than one at once, where single ones would only fill the list. */
  times?: number;
  /** `retried`: it is tried again by itself, and nobody is needed yet. */
  state?: 'open' | 'retried';
}

export const failureKeys = {
  effect: (id: string) => `effect:${id}`,
  delivery: (id: number) => `delivery:${id}`,
  job: (queue: string, about: string) => `job:${queue}:${about}`,
  input: (id: number) => `job:input:${id}`,
  unnamed: (connectionId: string, event: string) => `unnamed:${connectionId}:${event.slice(0, 100)}`,
  /** One for a connection and a day: a webhook that is broken misses everybody. */
  gap: (connectionId: string, day: string) => `gap:${connectionId}:${day}`,
};

/** The id of the effect that a failure is about; null where it is about something else. So written that the effect is found by its index. */
export const effectOfFailure = sql<string>`case when ${failures.key} like 'effect:%' then substr(${failures.key}, 8)::uuid end`;

/**
 * Of an application's lines those that a round which comes through has put right: that nothing could be decided for it, and inputs that are tried
 * again. An input that was put aside stays for a person. So written that it holds wherever the table goes by its own name.
 */
export const PUT_RIGHT_BY_ROUND = sql.raw(
  `((failures.key like 'job:lane:%' and failures.state in ('open', 'retried')) or (failures.key like 'job:input:%' and failures.state = 'retried'))`,
);

/** Puts it on the list, or counts it there once more and opens it again. To be called in the transaction of what it tells. */
export async function noteFailure(tx: Transaction | Database, given: Pick<Services, 'clock' | 'random'>, failure: Failure) {
  const now = given.clock.now();
  const { key, kind, applicationKey = null, connectionId = null, times = 1, state = 'open' } = failure;
  const reason = { code: failure.reason.code, values: failure.reason.values ?? {} };
  const row = { kind, applicationKey, connectionId, reason, state, lastAt: now };
  await tx
    .insert(failures)
    .values({ ...row, id: given.random.uuid(), key, firstAt: now, times })
    .onConflictDoUpdate({
      target: failures.key,
      set: { ...row, times: sql`${failures.times} + ${times}`, closedAt: null, closedBy: null, comment: null },
    });
}

/** It came out well after all, so that nobody has to do anything. What was discarded stays that. */
export async function settleFailures(
  tx: Transaction | Database,
  { clock }: Pick<Services, 'clock'>,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  await tx
    .update(failures)
    .set({ state: 'settled', closedAt: clock.now() })
    .where(and(sql`${failures.key} = any${listOf('text', [...keys])}`, inArray(failures.state, ['open', 'retried'])));
}

/**
 * Takes an open one off the list: two admins, or a double click, do it once. Undefined when somebody else was first.
 */
export async function closeFailure(
  tx: Transaction,
  { clock }: Pick<Services, 'clock'>,
  given: { id: string; state: 'retried' | 'discarded'; memberId: string; comment: string | null },
): Promise<typeof failures.$inferSelect | undefined> {
  const { id, state, memberId, comment } = given;
  const [closed] = await tx
    .update(failures)
    .set({ state, closedAt: clock.now(), closedBy: memberId, comment })
    .where(and(eq(failures.id, id), eq(failures.state, 'open')))
    .returning();
  return closed;
}

/** How many wait for somebody. */
export async function countOpenFailures(db: Database): Promise<number> {
  const [row] = await db.select({ open: sql<number>`count(*)::int` }).from(failures).where(eq(failures.state, 'open'));
  return row?.open ?? 0;
}
