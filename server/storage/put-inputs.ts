import { sql } from 'drizzle-orm';
import type { Transaction } from '../services.ts';
import { toStorableJson } from '../storable-text.ts';
import type { Input } from '../workflow/input.ts';
import { readyStatement } from './ready-statement.ts';

export interface NewInput {
  applicationKey: string;
  /** What makes it count once. */
  key: string;
  input: Input;
  createdAt: Date;
}

/** Puts each into its lane, once under its key, in their order and with one statement. */
export async function putInputs(tx: Transaction, given: readonly NewInput[]): Promise<void> {
  if (given.length === 0) return;
  const rows = given.map(({ applicationKey, key, input, createdAt }) => ({
    application: applicationKey,
    key,
    input,
    at: createdAt,
  }));
  await tx.execute(INSERT({ rows: toStorableJson(rows) }));
}

const INSERT = readyStatement(
  ['rows'],
  ({ rows }) => sql`
    insert into tagalong.inputs (application_key, key, input, created_at)
    select application, key, input, at from rows from (json_to_recordset(${rows}::json) as (application uuid, key text, input jsonb,
      at timestamptz)) with ordinality as given (application, key, input, at, place) order by place
    on conflict do nothing`,
);
