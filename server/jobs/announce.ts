import { sql } from 'drizzle-orm';
import type { Transaction } from '../services.ts';
import { readyStatement } from '../storage/ready-statement.ts';

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
  await tx.execute(NOTIFY({ channel: CHANGES_CHANNEL, payloads: changes.map((change) => JSON.stringify(change)) }));
};

const NOTIFY = readyStatement(
  ['channel', 'payloads'],
  ({ channel, payloads }) => sql`select pg_notify(${channel}, payload) from unnest(${payloads}::text[]) as payload`,
);
