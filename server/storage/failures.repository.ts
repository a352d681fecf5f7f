import { and, eq, gte, inArray, sql } from 'drizzle-orm';
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

/** How many gaps there are on a day, by a line's key. `forGood`: that no webhook can tell any more, since the last look; `soFar`: all others. */
export interface FoundGaps {
  key: string;
  forGood: number;
  soFar: number;
}

/**
 * The gaps of a connection's days from the line `since` on: more of them open its line, fewer leave it as it is, and where none is left nobody
 * has to do anything. Returns how many more.
 */
export async function noteGaps(
  tx: Transaction,
  { clock, random }: Pick<Services, 'clock' | 'random'>,
  { connectionId, since, found }: { connectionId: string; since: string; found: readonly FoundGaps[] },
): Promise<number> {
  const now = clock.now();
  const ofConnection = and(eq(failures.connectionId, connectionId), eq(failures.kind, 'gap'), gte(failures.key, since));
  const lines = await tx.select().from(failures).where(ofConnection).for('update');
  const lineOf = new Map(lines.map((line) => [line.key, line]));
  const foundOf = new Map(found.map((one) => [one.key, one]));
  let more = 0;
  for (const key of new Set([...lineOf.keys(), ...foundOf.keys()])) {
    const line = lineOf.get(key);
    const { forGood, soFar } = foundOf.get(key) ?? { forGood: 0, soFar: 0 };
    const final = forGoodOf(line) + forGood;
    const times = final + soFar;
    const known = line?.times ?? 0;
    const reason = { code: 'gap', values: { final: `${final}` } };
    more += Math.max(times - known, 0);
    if (!line) {
      const row = {
        id: random.uuid(),
        kind: 'gap',
        key,
        connectionId,
        reason,
        state: 'open',
        times,
        firstAt: now,
        lastAt: now,
      } as const;
      if (times > 0) await tx.insert(failures).values(row);
    } else if (times > known) {
      const opened = { state: 'open', lastAt: now, closedAt: null, closedBy: null, comment: null } as const;
      await tx
        .update(failures)
        .set({ reason, times, ...opened })
        .where(eq(failures.id, line.id));
    } else if (times < known || line.reason.values.final !== reason.values.final) {
      const isOver = times === 0 && (line.state === 'open' || line.state === 'retried');
      const closed = isOver ? ({ state: 'settled', closedAt: now } as const) : {};
      await tx
        .update(failures)
        .set({ reason, times, ...closed })
        .where(eq(failures.id, line.id));
    }
  }
  return more;
}

/** A line of an older version counted for good only. */
function forGoodOf(line: typeof failures.$inferSelect | undefined): number {
  return line ? Number(line.reason.values.final ?? line.times) : 0;
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
