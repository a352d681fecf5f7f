import { type SQL, sql } from 'drizzle-orm';

/**
 * The right side of `= any(...)` for statements that are asked with ever other lengths. The database does not look into it while it plans, so
 * that one plan, by the index, serves all of them; else it would plan each anew, which takes longer than to carry it out. Beside rows given as
 * JSON it also tells that few are meant.
 */
export function listOf(type: 'uuid' | 'bigint' | 'text', values: readonly (string | number)[] | SQL): SQL {
  const given = Array.isArray(values) ? sql.param(values) : values;
  return sql`(array(select unnest(${given}::${sql.raw(type)}[])))`;
}
