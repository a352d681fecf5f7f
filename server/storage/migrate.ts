import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import { Client, type ClientBase, type Pool } from 'pg';
import type { Logger } from 'pino';
import { waitAtMost } from '../wait-at-most.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** Any number, as long as it stays the same: server processes that start together meet at this lock. */
const MIGRATION_LOCK = 7_246_001;
const TELL_EVERY_MS = 10_000;
/** For the question who holds it: a database that is silent must not keep us from telling that we wait. */
const ASK_MS = 5_000;

export interface MigrateOptions {
  log: Logger;
  /** How often it tells that it still waits for somebody who is at it. */
  tellEveryMs?: number;
}

/**
 * Brings the database to the newest schema. Safe to repeat, and safe when several processes start at once: one migrates, the
 * others wait and find nothing left to do. Each run is one transaction: it happens whole or not at all. On a connection of its own to
 * where the pool leads, because a large table, or waiting for who is at it, may take longer than any other statement is given. While it waits,
 * it says so (`holdMigrations`).
 */
export async function migrate(pool: Pool, options: MigrateOptions): Promise<void> {
  const patient = { query_timeout: 0, statement_timeout: 0, idle_in_transaction_session_timeout: 0 };
  const client = new Client({ ...pool.options, ...patient });
  // What breaks is told by the query under way.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await holdMigrations(client, { pool, ...options });
    await migrateHolding(client);
  } finally {
    // The lock ends with the session.
    await client.end();
  }
}

export interface WaitingOptions extends MigrateOptions {
  /** To where `client` leads, too; while `client` waits it can ask nothing. */
  pool: Pool;
}

/**
 * Waits for who is at it. From then on no process gets past its `migrate`, so none comes to work, until this session ends. With `waiting`,
 * it logs every `tellEveryMs` for how long it has waited, and who holds the lock as far as the database tells: one that is frozen never
 * lets go.
 */
export async function holdMigrations(client: ClientBase, waiting?: WaitingOptions): Promise<void> {
  const telling = waiting && tellWaiting(waiting);
  await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]).finally(() => telling?.end());
}

/** `migrate` for who holds it already: another session would wait for this one. */
export async function migrateHolding(client: Client): Promise<void> {
  await runMigrations(drizzle(client), { migrationsFolder, migrationsSchema: 'tagalong', migrationsTable: 'migrations' });
}

/** Logs every so often until its end. */
function tellWaiting({ pool, log, tellEveryMs = TELL_EVERY_MS }: WaitingOptions): { end(): void } {
  const over = new AbortController();
  const telling = async () => {
    const from = performance.now();
    for (;;) {
      await pause(tellEveryMs, undefined, { signal: over.signal });
      const holder = await waitAtMost(ASK_MS, findHolder(pool)).catch(() => undefined);
      if (over.signal.aborted) return;
      const waitedMs = Math.round(performance.now() - from);
      log.warn(
        { lock: MIGRATION_LOCK, waitedMs, holder },
        `waiting for ${Math.round(waitedMs / 1000)} s for the migration lock (advisory lock ${MIGRATION_LOCK} of this database), which one process at a time holds while it changes the tables; ${inWords(holder)}`,
      );
    }
  };
  telling().catch(() => undefined);
  return { end: () => over.abort() };
}

/** Of another role's session the database tells the pid and the name alone. Null: on the socket of a file there is no address. */
interface Holder {
  pid: number;
  name: string | null;
  address: string | null;
  begun: Date | null;
  state: string | null;
  since: Date | null;
}

/** The database keeps a 64-bit key in two halves. https://www.postgresql.org/docs/current/view-pg-locks.html */
async function findHolder(pool: Pool): Promise<Holder | undefined> {
  const { rows } = await pool.query<Holder>(
    `select held.pid, session.application_name as name, host(session.client_addr) as address, session.backend_start as begun,
       session.state, session.state_change as since
     from pg_locks held join pg_database here on here.oid = held.database and here.datname = current_database()
       left join pg_stat_activity session on session.pid = held.pid
     where held.locktype = 'advisory' and held.objsubid = 1 and held.granted
       and (held.classid::bigint << 32 | held.objid::bigint) = $1`,
    [MIGRATION_LOCK],
  );
  return rows[0];
}

function inWords(holder: Holder | undefined): string {
  if (!holder) return 'the database does not tell who holds it';
  const { pid, name, address, begun, state, since } = holder;
  const parts = [
    `it is held by ${name ? `"${name}"` : 'a session without a name'}`,
    ...(address ? [`from ${address}`] : []),
    `(pid ${pid} at the database`,
  ];
  const times = [
    ...(begun ? [`connected since ${begun.toISOString()}`] : []),
    ...(state && since ? [`"${state}" since ${since.toISOString()}`] : []),
  ];
  return `${[parts.join(' '), ...times].join(', ')})`;
}
