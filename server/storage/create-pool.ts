import { type Client, type ClientBase, type ClientConfig, Pool, type PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { DatabaseAddress } from './database-address.ts';
import { createStatementNames } from './name-statements.ts';
import { applicationName } from './process-name.ts';

/** No statement of ours takes longer; what waits for a lock as long as this gives up and is tried again. */
export const STATEMENT_MS = 10_000;
/**
 * An answer that has not come by then never will: the way to the database is cut without a word (a firewall that forgot us, a proxy that
 * hangs). The database's own limit is shorter, so that what is only slow is ended there, with its locks.
 */
const ANSWER_MS = STATEMENT_MS + 2000;
/** A process that stops in the middle of a transaction (frozen, swapped out) must not hold its rows for others. */
const IDLE_IN_TRANSACTION_MS = 15_000;
const CONNECT_MS = 10_000;
/**
 * The database gives up a peer that is gone without a word after about 20 s, and with it the locks and the transactions of a machine that
 * lost its power. https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-TCP-KEEPALIVES-IDLE
 */
const GIVE_UP_SILENT_PEER =
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3 -c tcp_user_timeout=20000';

/**
 * What every connection of ours has in common: times after which either side gives up.
 * https://www.postgresql.org/docs/current/runtime-config-client.html and https://node-postgres.com/apis/client
 */
export function connectionSettings(address: DatabaseAddress): ClientConfig {
  const theirs = 'options' in address ? address.options : undefined;
  return {
    ...address,
    application_name: applicationName(),
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
    query_timeout: ANSWER_MS,
    statement_timeout: STATEMENT_MS,
    options: theirs ? `${theirs} ${GIVE_UP_SILENT_PEER}` : GIVE_UP_SILENT_PEER,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  };
}

export interface PoolOptions {
  address: DatabaseAddress;
  log: Logger;
  max: number;
  /** For connecting and for each statement, where the usual times are too long. */
  giveUpMs?: number;
}

/**
 * A pool whose connections break without harm: one that breaks, at rest or in use, is logged and replaced, and the query that used it
 * fails; one that does not answer is closed.
 */
export function createPool({ address, log, max, giveUpMs }: PoolOptions): Pool {
  const patience = giveUpMs ? { connectionTimeoutMillis: giveUpMs, query_timeout: giveUpMs, statement_timeout: giveUpMs } : {};
  const pool = new Pool({ ...connectionSettings(address), ...patience, max, onConnect: commitToDisk });
  const names = createStatementNames();
  const note = (error: Error) => log.warn({ err: error }, 'a database connection broke; the next query opens a new one');
  pool.on('error', note);
  pool.on('connect', (client) => {
    // The pool listens only to those at rest; one that breaks between two queries of a transaction would end the process.
    client.on('error', (error) => log.debug({ err: error }, 'a database connection broke'));
    closeWhenSilent(client);
    names.use(client);
  });
  return pool;
}

/**
 * Where the user's own server is set to answer before a commit is on the disk, our sessions are not; any other value is left as it is.
 * Any role may. The driver waits for it, though its types do not say so.
 * https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-SYNCHRONOUS-COMMIT
 */
async function commitToDisk(client: ClientBase): Promise<void> {
  await client.query(`select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`);
}

/**
 * After a query that was not answered in time the driver keeps the connection, and the next query waits behind the first for as long
 * again. So it is closed: what else is asked of it fails at once, and the pool does not take it back.
 */
export function closeWhenSilent(client: Client | PoolClient): void {
  const ask: (...given: unknown[]) => unknown = client.query.bind(client);
  const watched = (...given: unknown[]): unknown => {
    const answer = ask(...given);
    if (answer instanceof Promise) {
      answer.catch((error: unknown) => {
        if (error instanceof Error && error.message === 'Query read timeout') (client as Client).end().catch(() => undefined);
      });
    }
    return answer;
  };
  Object.assign(client, { query: watched });
}
