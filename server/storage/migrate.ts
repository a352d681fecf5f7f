import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import { Client, type ClientBase, type Pool } from 'pg';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** Any number, as long as it stays the same: server processes that start together meet at this lock. */
const MIGRATION_LOCK = 7_246_001;

/**
 * Brings the database to the newest schema. Safe to repeat, and safe when several processes start at once: one migrates, the
 * others wait and find nothing left to do. Each run is one transaction: it happens whole or not at all. On a connection of its own to
 * where the pool leads, because a large table, or waiting for who is at it, may take longer than any other statement is given.
 */
export async function migrate(pool: Pool): Promise<void> {
  const patient = { query_timeout: 0, statement_timeout: 0, idle_in_transaction_session_timeout: 0 };
  const client = new Client({ ...pool.options, ...patient });
  // What breaks is told by the query under way.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await holdMigrations(client);
    await migrateHolding(client);
  } finally {
    // The lock ends with the session.
    await client.end();
  }
}

/** Waits for who is at it. From then on no process gets past its `migrate`, so none comes to work, until this session ends. */
export async function holdMigrations(client: ClientBase): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
}

/** `migrate` for who holds it already: another session would wait for this one. */
export async function migrateHolding(client: Client): Promise<void> {
  await runMigrations(drizzle(client), { migrationsFolder, migrationsSchema: 'tagalong', migrationsTable: 'migrations' });
}
