import type { ClientBase } from 'pg';

/** drizzle's own list of what has been migrated; it is made anew, not carried over. */
const MIGRATIONS_TABLE = 'migrations';

/** Our tables, each behind those that its foreign keys point to. Throws when they point in a circle. */
export async function listTables(client: ClientBase): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'tagalong' and tablename <> $1 order by tablename`,
    [MIGRATIONS_TABLE],
  );
  const { rows: keys } = await client.query<{ child: string; parent: string }>(
    `select child.relname as child, parent.relname as parent
       from pg_constraint c
       join pg_class child on child.oid = c.conrelid
       join pg_class parent on parent.oid = c.confrelid
       join pg_namespace n on n.oid = child.relnamespace
      where c.contype = 'f' and n.nspname = 'tagalong' and child.oid <> parent.oid`,
  );
  return inOrder(
    tables.map(({ name }) => name),
    keys,
  );
}

/** Parents first; among equals as given. Pure. */
export function inOrder(tables: readonly string[], keys: readonly { child: string; parent: string }[]): string[] {
  const ordered: string[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const ready = left.filter((table) => keys.every(({ child, parent }) => child !== table || ordered.includes(parent)));
    if (ready.length === 0) throw new Error(`These tables point to each other in a circle: ${left.join(', ')}`);
    ordered.push(...ready);
    left = left.filter((table) => !ready.includes(table));
  }
  return ordered;
}

/** The counters behind our numbered columns, with the last number that was given; null where none was yet. */
export async function readSequences(client: ClientBase): Promise<{ name: string; value: string | null }[]> {
  const { rows } = await client.query<{ name: string; value: string | null }>(
    `select sequencename as name, last_value::text as value from pg_sequences
      where schemaname = 'tagalong' and sequencename not like $1 order by sequencename`,
    [`${MIGRATIONS_TABLE}%`],
  );
  return rows;
}
