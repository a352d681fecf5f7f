import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Database } from '../services.ts';
import { createPool } from './create-pool.ts';
import type { DatabaseAddress } from './database-address.ts';
import { findStoreWarnings } from './find-store-warnings.ts';
import { queryLayer } from './query-layer.ts';

export interface OpenDatabase {
  db: Database;
  pool: Pool;
  /** Waits for running queries and closes all connections. */
  close(): Promise<void>;
}

export interface OpenDatabaseOptions {
  address: DatabaseAddress;
  log: Logger;
  /** Connections of this process at most; pg-boss has its own beside them. */
  poolSize?: number;
}

/**
 * Opens the store: connects once (throws when that fails), and warns in words when the server's settings cannot keep what was
 * committed. A connection that breaks later is logged and replaced by the pool; the query that used it fails.
 * Does not migrate: see migrate.ts.
 */
export async function openDatabase({ address, log, poolSize = 10 }: OpenDatabaseOptions): Promise<OpenDatabase> {
  const pool = createPool({ address, log, max: poolSize });
  const db = queryLayer(pool);
  try {
    // Without the layer of queries, whose errors show the query instead of the reason.
    await pool.query('select 1');
    for (const warning of await findStoreWarnings(db)) log.warn(warning);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { db, pool, close: () => pool.end() };
}
