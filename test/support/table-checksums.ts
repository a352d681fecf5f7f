import type { ClientBase } from 'pg';
import { listTables } from '../../server/storage/transfer/tables.ts';

/** By table, its columns and what is in them, in any order of the rows. */
export type TableChecksums = Map<string, { columns: string[]; rows: number; md5: string }>;

/** What is in every table of ours; with `like`, only in the tables and columns that were there then. */
export async function tableChecksums(client: ClientBase, like?: TableChecksums): Promise<TableChecksums> {
  const sums: TableChecksums = new Map();
  for (const table of like?.keys() ?? (await listTables(client))) {
    const columns = like?.get(table)?.columns ?? (await columnsOf(client, table));
    const list = columns.map((name) => `t."${name}"`).join(', ');
    const { rows } = await client.query<{ rows: number; md5: string }>(
      `select count(*)::int as rows, md5(coalesce(string_agg(md5(row(${list})::text), '' order by md5(row(${list})::text)), '')) as md5
         from tagalong."${table}" t`,
    );
    const [found] = rows;
    if (found) sums.set(table, { columns, ...found });
  }
  return sums;
}

async function columnsOf(client: ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'tagalong' and table_name = $1 order by ordinal_position`,
    [table],
  );
  return rows.map(({ name }) => name);
}
