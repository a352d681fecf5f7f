import type { Session } from './plant-many.ts';

/** Statements that make them anew, as they were. */
export interface IndexesOff {
  /** Of primary keys too; in any order, several at a time, the largest first. */
  indexes: string[];
  /** Once all indexes are there, one after the other. */
  foreignKeys: string[];
}

/**
 * Takes all indexes off these tables of ours, with the primary keys that they carry and the foreign keys that rest on those, so that rows
 * can be filled in at the speed of the heap. Those on which the server's chores live stay: they are partial, and cost nothing for people of
 * the past.
 */
export async function takeIndexesOff({ ask }: Pick<Session, 'ask'>, tables: readonly string[]): Promise<IndexesOff> {
  const foreign = await ask<Constraint>(constraintsSql(tables, 'f'));
  const primary = await ask<Constraint>(constraintsSql(tables, 'p'));
  const plain = await ask<{ name: string; table: string; definition: string }>(`
    select c.relname as name, t.relname as table, pg_get_indexdef(x.indexrelid) as definition
    from pg_index x join pg_class c on c.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    where ${isOneOf('x.indrelid', tables)} and not exists (select from pg_constraint where conindid = x.indexrelid and contype <> 'f')
      and (x.indpred is null or c.relname = any('{effects_invitation,invitations_external}'))
    order by c.relname`);
  for (const { table, name } of [...foreign, ...primary]) await ask(`alter table ${table} drop constraint "${name}"`);
  for (const { name } of plain) await ask(`drop index tagalong."${name}"`);
  const addConstraint = ({ table, name, definition }: Constraint) =>
    `alter table ${table} add constraint "${name}" ${definition}`;
  return {
    indexes: [...plain.map(({ definition }) => definition), ...primary.map(addConstraint)],
    foreignKeys: foreign.map(addConstraint),
  };
}

interface Constraint {
  table: string;
  name: string;
  definition: string;
}

function constraintsSql(tables: readonly string[], type: 'f' | 'p'): string {
  return `select format('%I.%I', n.nspname, t.relname) as table, c.conname as name, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
    where c.contype = '${type}' and (${isOneOf('c.conrelid', tables)} or ${isOneOf('c.confrelid', tables)})
    order by c.conname`;
}

/** By the table itself: its name is written with its schema or without, as the search path has it. */
function isOneOf(column: string, tables: readonly string[]): string {
  return `${column} = any(array[${tables.map((table) => `'tagalong.${table}'::regclass`).join(', ')}])`;
}
