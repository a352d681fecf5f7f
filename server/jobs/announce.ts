import { sql } from 'drizzle-orm';
import type { Transaction } from '../services.ts';

/** One application changed. Reaches every process that shares the database, when and only when the transaction commits. */
export interface Change {
  key: string;
  version: number;
  /** It is erased: whoever keeps a copy wipes it. */
  erased?: true | undefined;
}

export const CHANGES_CHANNEL = 'tagalong_changes';

export type Announce = (tx: Transaction, ...changes: Change[]) => Promise<void>;

export const announce: Announce = async (tx, ...changes) => {
  const payloads = sql.param(changes.map((change) => JSON.stringify(change)));
  await tx.execute(sql`select pg_notify(${CHANGES_CHANNEL}, payload) from unnest(${payloads}::text[]) as payload`);
};
