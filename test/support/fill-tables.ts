import type { ClientBase } from 'pg';
import { listTables } from '../../server/storage/transfer/tables.ts';

interface Column {
  name: string;
  type: string;
  nullable: boolean;
}

/**
 * Puts `rows` rows into every table of ours, whatever its columns are: for schemas of the past, of which no code is left that could make
 * rows. Texts hold what is hard to carry: quotes, line ends, astral characters, a backslash.
 */
export async function fillTables(client: ClientBase, rows: number): Promise<void> {
  for (const table of await listTables(client)) {
    const columns = await columnsOf(client, table);
    const parents = await parentsOf(client, table);
    const values = columns.map((column) => expressionOf(column, parents.get(column.name)));
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    await client.query(
      `insert into tagalong."${table}" (${names}) select ${values.join(', ')} from generate_series(1, ${rows}) n on conflict do nothing`,
    );
  }
}

async function columnsOf(client: ClientBase, table: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `select column_name as name, udt_name as type, is_nullable = 'YES' as nullable from information_schema.columns
      where table_schema = 'tagalong' and table_name = $1 order by ordinal_position`,
    [table],
  );
  return rows;
}

async function parentsOf(client: ClientBase, table: string): Promise<Map<string, { table: string; column: string }>> {
  const { rows } = await client.query<{ name: string; table: string; column: string }>(
    `select a.attname as name, p.relname as "table", pa.attname as "column"
       from pg_constraint c
       join pg_class t on t.oid = c.conrelid
       join pg_namespace s on s.oid = t.relnamespace
       join pg_class p on p.oid = c.confrelid
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       join pg_attribute pa on pa.attrelid = c.confrelid and pa.attnum = c.confkey[1]
      where c.contype = 'f' and s.nspname = 'tagalong' and t.relname = $1`,
    [table],
  );
  return new Map(rows.map(({ name, ...parent }) => [name, parent]));
}

/** An expression over `n`, different for each row. */
function expressionOf({ name, type, nullable }: Column, parent: { table: string; column: string } | undefined): string {
  if (parent) {
    const all = `(select array_agg("${parent.column}" order by "${parent.column}") from tagalong."${parent.table}")`;
    return `(${all})[n]`;
  }
  const value = valueByType(name, type);
  return nullable ? `case when n % 3 = 0 then null else ${value} end` : value;
}

function valueByType(name: string, type: string): string {
  switch (type) {
    case 'uuid':
      return `md5('${name}' || n)::uuid`;
    case 'text':
      return `'${name} ' || n || E' "\\'\\\\ \\n \\U0001F642'`;
    case 'jsonb':
      return `jsonb_build_object('n', n, 'large', 9007199254740993, 'small', 1.10, 'text', E'"\\U0001F642"')`;
    case 'timestamptz':
      return `timestamptz '2026-03-29 00:59:59.123456+00' + n * interval '1 hour'`;
    case 'bool':
      return name === 'one' ? 'true' : 'n % 2 = 0';
    case 'bytea':
      return `decode(md5(n::text), 'hex')`;
    case 'int4':
    case 'int8':
      return 'n';
    case 'float8':
      return 'n / 3.0';
    default:
      throw new Error(`No value for ${name} of the type ${type}`);
  }
}
