import { and, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../services.ts';
import { gather, oneFor } from './gather.ts';
import { listOf } from './list-of.ts';
import { isGone } from './presence.ts';
import { readyStatement } from './ready-statement.ts';
import { applications } from './schema.ts';

/** Renewed while the work goes on (keep-lease.ts), so a slow holder keeps it; one cut off from the database costs this much at most. */
export const LEASE_MS = 10_000;

/** Who asks for a lease: the work, and the process that does it (null: one that shows no presence, and whose lease only runs out). */
export interface LeaseTaker {
  token: string;
  holder: string | null;
}

/** True for the lanes that nobody holds: never taken, run out, or held by a process that is gone. */
export function isFree(now: Date | SQL): SQL | undefined {
  return or(
    isNull(applications.leaseToken),
    isNull(applications.leaseUntil),
    lt(applications.leaseUntil, now),
    isGone(applications.leaseHolder),
  );
}

/** Takes the lane of one application, unless somebody holds it. */
export async function takeLease(db: Database, key: string, { token, holder }: LeaseTaker, now: Date): Promise<boolean> {
  const until = new Date(now.getTime() + LEASE_MS);
  return await takerOf(db)({ key, token, holder, until: until.toISOString(), now: now.toISOString() });
}

interface Taking {
  key: string;
  token: string;
  holder: string | null;
  until: string;
  now: string;
}

/** Of two in one group that want the same lane one gets it. */
const takerOf = oneFor((db: Database) =>
  gather(async (takings: readonly Taking[]) => {
    const { rows } = await db.execute<{ token: string }>(TAKE({ rows: JSON.stringify(takings), keys: keysOf(takings) }));
    const tokens = new Set(rows.map(({ token }) => token));
    return takings.map(({ token }) => tokens.has(token));
  }),
);

const TAKE = readyStatement(['rows', 'keys'], ({ rows, keys }) =>
  quickly(
    sql`given as (select * from json_to_recordset(${rows}::json) as given(key uuid, token uuid, holder uuid, until timestamptz,
          now timestamptz)),
        free as materialized (select ${applications.key} as key, given.token, given.holder, given.until
          from ${applications} join given on given.key = ${applications.key}
          where ${applications.key} = any${listOf('uuid', sql`${keys}`)} and ${isFree(sql`given.now`)}
          order by ${applications.key} for no key update of applications)`,
    sql`update ${applications} set lease_token = free.token, lease_holder = free.holder, lease_until = free.until
        from free where free.key = ${applications.key} and ${applications.key} = any${listOf('uuid', sql`${keys}`)}`,
  ),
);

/** Holds on for another round; false when somebody else has taken over meanwhile. */
export async function renewLease(db: Database, key: string, token: string, now: Date): Promise<boolean> {
  const until = new Date(now.getTime() + LEASE_MS).toISOString();
  const change = sql`update ${applications} set lease_until = ${until} where ${isHeldBy(key, token)}`;
  return (await db.execute(quickly(null, change))).rows.length > 0;
}

export async function releaseLease(db: Database, key: string, token: string): Promise<void> {
  await releaserOf(db)({ key, token });
}

const releaserOf = oneFor((db: Database) =>
  gather(async (held: readonly { key: string; token: string }[]) => {
    await db.execute(LET_GO({ rows: JSON.stringify(held), keys: keysOf(held) }));
    return held.map(() => undefined);
  }),
);

const LET_GO = readyStatement(['rows', 'keys'], ({ rows, keys }) =>
  quickly(
    sql`given as (select * from json_to_recordset(${rows}::json) as given(key uuid, token uuid)),
        held as materialized (select ${applications.key} as key from ${applications} join given on given.key = ${applications.key}
          where ${applications.key} = any${listOf('uuid', sql`${keys}`)} and given.token = ${applications.leaseToken}
          order by ${applications.key} for no key update of applications)`,
    sql`update ${applications} set lease_token = null, lease_holder = null, lease_until = null
        from held where held.key = ${applications.key} and ${applications.key} = any${listOf('uuid', sql`${keys}`)}`,
  ),
);

function keysOf(given: readonly { key: string }[]): string[] {
  return given.map(({ key }) => key);
}

function isHeldBy(key: string, token: string): SQL | undefined {
  return and(eq(applications.key, key), eq(applications.leaseToken, token));
}

/**
 * A lease is not waited for on its way to the disk. Should the database itself fall, the last ones are forgotten: one that was taken is held
 * by nobody, which its commit notices, and one that was let go of runs out.
 */
function quickly(before: SQL | null, change: SQL): SQL {
  return sql`with quick as materialized (select set_config('synchronous_commit', 'off', true)), ${before ? sql`${before},` : sql``} changed as (${change}
          returning ${applications.leaseToken} as token)
        select changed.*, quick.* from changed cross join quick`;
}
