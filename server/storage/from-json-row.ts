import { getTableColumns } from 'drizzle-orm';
import { type PgTable, PgTimestamp } from 'drizzle-orm/pg-core';

/** A row as PostgreSQL's `row_to_json` writes it. */
export type JsonRow = Record<string, unknown>;

const columnsOf = new WeakMap<PgTable, { field: string; name: string; isTime: boolean }[]>();

/** The row as a select of its table would give it. For tables without bytes, and without numbers beyond the exact range of a double. */
export function fromJsonRow<Row>(table: PgTable, json: JsonRow): Row {
  const row: Record<string, unknown> = {};
  for (const { field, name, isTime } of knownColumns(table)) {
    const value = json[name] ?? null;
    row[field] = isTime && typeof value === 'string' ? new Date(value) : value;
  }
  return row as Row;
}

function knownColumns(table: PgTable) {
  const known = columnsOf.get(table);
  if (known) return known;
  const columns = Object.entries(getTableColumns(table)).map(([field, column]) => ({
    ...{ field, name: column.name, isTime: column instanceof PgTimestamp },
  }));
  columnsOf.set(table, columns);
  return columns;
}

/** The way back: what `json_populate_record` makes a row of. What is not given is null. */
export function toJsonRow(table: PgTable, row: Readonly<Record<string, unknown>>): JsonRow {
  return Object.fromEntries(knownColumns(table).map(({ field, name }) => [name, row[field] ?? null]));
}
