import { and, eq, isNull, sql } from 'drizzle-orm';
import { connections } from '../storage/schema.ts';
import { changeSweepState, readSweepState, type SweepState } from '../storage/sweep-state.ts';
import { lookAtDeleted } from './look-at-deleted.ts';
import { aheadOf, lookedUpTo, lookFrom } from './look-from.ts';
import { lookInSlices } from './look-in-slices.ts';
import type { SweepParts } from './sweep.ts';

/** Who is listed as deleted is to be gone within a minute, finding and erasing together; so this list is read more often than the changes. */
const WATCH_EVERY_MS = 20_000;
/** Without the right to that list, or without such a list: until somebody may have given it. */
const ASK_AGAIN_MS = 10 * 60_000;

/**
 * Reads what is new in the deleted lists of the ATSs that have one, between the sweeps. No webhook may come of a deletion, and one that
 * comes may be faster than the list. Each connection is claimed for one look, so that of several processes one reads it. Returns how many
 * applications of ours were found.
 */
export async function watchDeleted(parts: SweepParts): Promise<number> {
  let found = 0;
  for (const { id, state } of await claimDue(parts)) {
    const startedAt = parts.services.clock.now();
    const adapter = await parts.connector.ats(id);
    if (!adapter.ok) continue;
    if (!adapter.value.operations.findDeletedSince) {
      await setWatch(parts, id, { readAt: null, dueAt: after(startedAt, ASK_AGAIN_MS) });
      continue;
    }
    // What is older is found by the sweep.
    const mark = state.deleted?.readAt ? new Date(state.deleted.readAt) : startedAt;
    const isOfAts = Boolean(state.deleted?.readAt);
    const since = lookFrom(mark, { startedAt, aheadMs: aheadOf(adapter.value), isOfAts });
    const upTo = () => lookedUpTo({ startedAt, since }, { now: parts.services.clock.now(), adapter: adapter.value });
    const readUntil = (time: Date) =>
      setWatch(parts, id, { readAt: time.toISOString(), dueAt: after(startedAt, WATCH_EVERY_MS) });
    const look = await lookInSlices(since, {
      upTo,
      look: (slice) => lookAtDeleted(parts, { connectionId: id, adapter: adapter.value, ...slice }),
      onWhole: async (until) => {
        if (until > mark && upTo()) await readUntil(until);
      },
    });
    found += look.found;
    const readAt = look.ended === 'complete' ? upTo() : null;
    if (readAt) await readUntil(readAt);
    // What was not read whole is read again from where it began.
    if (look.ended === 'forbidden')
      await setWatch(parts, id, { readAt: state.deleted?.readAt ?? null, dueAt: after(startedAt, ASK_AGAIN_MS) });
  }
  return found;
}

const after = (time: Date, ms: number) => new Date(time.getTime() + ms).toISOString();

async function claimDue({ services }: SweepParts): Promise<{ id: string; state: SweepState }[]> {
  const now = services.clock.now();
  const claimed = JSON.stringify(after(now, WATCH_EVERY_MS));
  const dueAt = sql`(${connections.sweepState} #>> '{deleted,dueAt}')::timestamptz`;
  const rows = await services.db
    .update(connections)
    .set({
      sweepState: sql`jsonb_set(coalesce(${connections.sweepState}, '{}'::jsonb), '{deleted}',
        jsonb_build_object('readAt', ${connections.sweepState} #> '{deleted,readAt}', 'dueAt', ${claimed}::jsonb))`,
    })
    .where(
      and(
        eq(connections.side, 'ats'),
        eq(connections.enabled, true),
        isNull(connections.deletedAt),
        // One that lies further ahead was written by a clock that was wrong then.
        sql`(${dueAt} is null or ${dueAt} <= ${now.toISOString()}::timestamptz or ${dueAt} > ${after(now, ASK_AGAIN_MS)}::timestamptz)`,
      ),
    )
    .returning({ id: connections.id, sweepState: connections.sweepState });
  return rows.map(({ id, sweepState }) => ({ id, state: readSweepState(sweepState) }));
}

async function setWatch(
  { services }: SweepParts,
  connectionId: string,
  deleted: NonNullable<SweepState['deleted']>,
): Promise<void> {
  await changeSweepState(services.db, connectionId, { deleted });
}
