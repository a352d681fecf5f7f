import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';
import type { Database, Transaction } from '../services.ts';
import { expectCommit, tellCommitted } from './after-commit.ts';
import * as schema from './schema.ts';

/**
 * The query layer over a pool. Transactions are its own: drizzle-orm 0.45 takes a connection of the pool and begins outside the `try` that
 * gives it back, so that every `begin` that fails (the connection was cut at rest, the database hangs) costs a place in the pool for good.
 * Here the connection always goes back, and one that is left in the middle of a transaction is closed instead.
 */
export function queryLayer(pool: Pool): Database {
  const database = drizzle(pool, { schema });
  // Kept with its connection: making one reads the whole schema.
  const kept = new WeakMap<PoolClient, Database>();
  const over = (client: PoolClient): Database => {
    const known = kept.get(client) ?? drizzle(client, { schema });
    kept.set(client, known);
    return known;
  };
  const transaction: Database['transaction'] = async (work, config) => {
    const client = await pool.connect();
    let begun: Transaction | undefined;
    const watched = (tx: Transaction) => {
      begun = tx;
      expectCommit(tx);
      return work(tx);
    };
    let result: Awaited<ReturnType<typeof work>>;
    try {
      result = await over(client).transaction(watched, config);
    } finally {
      client.release(client.getTransactionStatus() !== 'I');
    }
    if (begun) tellCommitted(begun);
    return result;
  };
  return Object.assign(database, { transaction });
}
