import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Database } from '../services.ts';
import { createPool } from './create-pool.ts';
import type { DatabaseAddress } from './database-address.ts';
import { findWeakDurability } from './find-weak-durability.ts';
import * as schema from './schema.ts';

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
  try {
    for (const weakness of await findWeakDurability(pool)) log.warn(weakness);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { db: drizzle(pool, { schema }), pool, close: () => pool.end() };
}
