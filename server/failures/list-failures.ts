import { and, desc, eq, inArray, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { Reason } from '../../lib/domain/reason.ts';
import type { Database } from '../services.ts';
import { effectOfFailure, type FailureKind, type FailureState } from '../storage/failures.repository.ts';
import { applications, connections, effects, failures, members } from '../storage/schema.ts';
import type { Effect } from '../workflow/effect.ts';

/** A failure with what it is about, as that stands now. */
export interface FailureRow {
  failure: typeof failures.$inferSelect;
  effect: Effect | null;
  error: string | null;
  /** Why it was not tried again, as a sentence. */
  refusal: string | null;
  snapshot: Snapshot | null;
  connectionId: string | null;
  connectionName: string | null;
  closedBy: string | null;
}

/** The newest first; `before` is the end of the page before. */
export async function listFailures(
  db: Database,
  given: { state: FailureState; kind: FailureKind | undefined; before: string | undefined; limit: number },
  say: (reason: Reason) => string,
): Promise<{ rows: FailureRow[]; next: string | null }> {
  const rows = await db
    .select({
      failure: failures,
      effect: effects.effect,
      error: effects.error,
      snapshot: applications.snapshot,
      connectionId: connections.id,
      connectionName: connections.name,
      closedBy: members.name,
    })
    .from(failures)
    .leftJoin(effects, eq(effects.id, effectOfFailure))
    .leftJoin(applications, eq(applications.key, failures.applicationKey))
    .leftJoin(connections, sql`${connections.id} = coalesce(${failures.connectionId}, ${applications.connectionId})`)
    .leftJoin(members, eq(members.id, failures.closedBy))
    .where(and(eq(failures.state, given.state), given.kind ? eq(failures.kind, given.kind) : undefined, olderThan(given.before)))
    .orderBy(desc(failures.lastAt), desc(failures.id))
    .limit(given.limit + 1);
  const page = rows.slice(0, given.limit);
  const last = rows.length > given.limit ? page.at(-1)?.failure : undefined;
  return {
    rows: page.map((row) => ({ ...row, refusal: refusalOf(row.failure.reason, say) })),
    next: last ? `${last.lastAt.toISOString()}_${last.id}` : null,
  };
}

function refusalOf({ values }: { values: Record<string, string> }, say: (reason: Reason) => string): string | null {
  const { because, ...rest } = values;
  return because ? say({ code: because as Reason['code'], values: rest }) : null;
}

/** `before` as the contract has it: the time and the id of the last one on the page before. */
function olderThan(before: string | undefined): SQL | undefined {
  if (before === undefined) return undefined;
  const [at = '', id = ''] = before.split('_');
  const time = new Date(at);
  return or(lt(failures.lastAt, time), and(eq(failures.lastAt, time), lt(failures.id, id)));
}

export async function countFailures(db: Database): Promise<Record<FailureState, number>> {
  const rows = await db
    .select({ state: failures.state, count: sql<number>`count(*)::int` })
    .from(failures)
    .groupBy(failures.state);
  const counts: Record<FailureState, number> = { open: 0, retried: 0, discarded: 0, settled: 0 };
  for (const { state, count } of rows) counts[state] = count;
  return counts;
}

/** Open ones by their ids, or as many of all, the oldest first; `first`: of all, those that are so come before all others. */
export async function findOpen(db: Database, ids: readonly string[] | null, limit: number, first?: SQL) {
  return await db
    .select()
    .from(failures)
    .where(and(eq(failures.state, 'open'), ids ? inArray(failures.id, [...ids]) : undefined))
    .orderBy(...(first ? [desc(first)] : []), failures.firstAt, failures.id)
    .limit(limit);
}
