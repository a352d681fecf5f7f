import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import type { Pool } from 'pg';
import { withSession } from './with-session.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** Any number, as long as it stays the same: server processes that start together meet at this lock. */
const MIGRATION_LOCK = 7_246_001;

/**
 * Brings the database to the newest schema. Safe to repeat, and safe when several processes start at once: one migrates, the
 * others wait and find nothing left to do. Each run is one transaction: it happens whole or not at all.
 */
export async function migrate(pool: Pool): Promise<void> {
  await withSession(pool, async (client) => {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runMigrations(drizzle(client), { migrationsFolder, migrationsSchema: 'tagalong', migrationsTable: 'migrations' });
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  });
}
