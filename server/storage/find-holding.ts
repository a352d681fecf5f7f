import { sql } from 'drizzle-orm';
import type { Transaction } from '../services.ts';

/**
 * Which of these columns hold a text that fits the regular expression. Looks through so many pages of the table with one statement, so that
 * it may be of any size. A row that is written anew moves, maybe to where was looked already: `tx` must see all pieces as of one moment.
 * https://www.postgresql.org/docs/current/ddl-system-columns.html#DDL-SYSTEM-COLUMNS-CTID
 */
export async function findHolding(
  tx: Transaction,
  { table, columns, pattern, pages }: { table: string; columns: readonly string[]; pattern: string; pages: number },
): Promise<string[]> {
  const name = sql`tagalong.${sql.identifier(table)}`;
  const { rows } = await tx.execute<{ pages: number }>(
    sql`select (pg_relation_size(format('tagalong.%I', ${table}::text)::regclass) / current_setting('block_size')::int)::int as pages`,
  );
  const holding = new Set<string>();
  for (let from = 0; from < (rows[0]?.pages ?? 0); from += pages) {
    const left = columns.filter((column) => !holding.has(column));
    if (left.length === 0) break;
    const asked = left.map((column) => {
      const id = sql.identifier(column);
      return sql`bool_or(${id}::text ~ ${pattern}) as ${id}`;
    });
    const { rows: found } = await tx.execute<Record<string, boolean | null>>(
      sql`select ${sql.join(asked, sql`, `)} from ${name} where ctid >= ${`(${from},0)`}::tid and ctid < ${`(${from + pages},0)`}::tid`,
    );
    for (const column of left) if (found[0]?.[column]) holding.add(column);
  }
  return [...holding];
}
