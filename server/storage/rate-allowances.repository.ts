import { eq, type SQL, sql } from 'drizzle-orm';
import type { Clock } from '../clock.ts';
import type { AllowanceStore } from '../outbound/allowance-store.ts';
import type { Database } from '../services.ts';
import { readyStatement } from './ready-statement.ts';
import { rateAllowances } from './schema.ts';

/**
 * The allowances in the database. Time is the database's own, and not the injected clock: what processes agree on must not depend on
 * how well their clocks agree, and an ATS counts real time, also in a test that moves the clock.
 *
 * A change is not waited for on its way to the disk: should the database itself fall, the last few calls are forgotten, and by the time
 * it is up again they do not count any more.
 */
export function createRateAllowances({ db, clock }: { db: Database; clock: Clock }): AllowanceStore {
  return {
    async read(key) {
      const { rows } = await db.execute<{ now: string; state: Record<string, unknown> | null }>(
        sql`select ${NOW_MS} as now, (select ${rateAllowances.state} from ${rateAllowances} where ${eq(rateAllowances.key, key)}) as state`,
      );
      return { state: rows[0]?.state ?? null, now: Number(rows[0]?.now) };
    },
    async swap(key, { expected, state }) {
      const given = { key, text: JSON.stringify(state), at: clock.now().toISOString() };
      const change = expected === null ? PUT(given) : CHANGE({ ...given, expected });
      const { rows } = await db.execute<{ now: string; changed: number }>(change);
      return { swapped: rows[0]?.changed === 1, now: Number(rows[0]?.now) };
    },
  };
}

const NOW_MS = sql<string>`extract(epoch from clock_timestamp()) * 1000`;

const quickly = (
  change: SQL,
) => sql`with quick as materialized (select set_config('synchronous_commit', 'off', true)), changed as (${change})
  select ${NOW_MS} as now, (select count(*)::int from changed) as changed, (select count(*) from quick) as quick`;

const PUT = readyStatement(['key', 'text', 'at'], ({ key, text, at }) =>
  quickly(sql`insert into ${rateAllowances} (key, state, updated_at) values (${key}, ${text}::jsonb, ${at})
    on conflict (key) do nothing returning 1`),
);

const CHANGE = readyStatement(['key', 'text', 'at', 'expected'], ({ key, text, at, expected }) =>
  quickly(sql`update ${rateAllowances} set state = ${text}::jsonb, updated_at = ${at}
    where key = ${key} and coalesce((state ->> 'version')::bigint, 0) = ${expected} returning 1`),
);
