import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { choosePlaces, type Places } from './embedded/choose-places.ts';
import { type Binaries, findBinaries } from './embedded/find-binaries.ts';
import { DATABASE_USER, initializeCluster } from './embedded/initialize-cluster.ts';
import { keepAlive } from './embedded/keep-alive.ts';
import { placeBinaries } from './embedded/place-binaries.ts';
import { readPostmasterFile, whoIs } from './embedded/postmaster-file.ts';
import { removeTemporarySocketFolder } from './embedded/socket-folder.ts';
import { type RunningPostmaster, startPostmaster } from './embedded/start-postmaster.ts';
import { AT_THE_END, endPostmaster, stopPostmaster } from './embedded/stop-postmaster.ts';
import { isInRecovery, watchRecovery } from './embedded/watch-recovery.ts';
import { ensureDataDir } from './ensure-data-dir.ts';
import { applicationName, OF_ANOTHER_PROCESS } from './process-name.ts';

export interface EmbeddedPostgres {
  socketDir: string;
  port: number;
  database: string;
  user: string;
  /** True when a postmaster left by a killed server was taken over. */
  adopted: boolean;
  /** From now on it is not started again, should it end. What of that is under way is broken off, and what was started is stopped. */
  reviveNoMore(): void;
  /**
   * Stops it, unless another process still uses it; and revives it no more. Close the pools first. One that does not say who uses it
   * (it is silent, or not ready) is stopped all the same where it was started here, and else left to whoever started it. Should that one
   * have been killed, it is stopped by the last of those who found it running, as soon as it says that nobody else uses it; where it does
   * not, it runs on, and the next start takes it over.
   */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  dataDir: string;
  log: Logger;
  /** Root's folder for binaries (and, at need, data) outside of folders that only root may enter. */
  sharedDir?: string;
  /** How often it is looked after. */
  watchMs?: number;
  /** For how long it must be seen in a recovery that nobody carries out before it is ended; see stuck-recovery.ts. */
  stuckMs?: number;
  /** For how long it may be silent when it is connected to or asked; at the end it is given less. */
  answerMs?: number;
  /** False for throw-away databases of tests: several times faster, and lost at a power cut. */
  durable?: boolean;
}

const DATABASE = 'tagalong';
/** As long as a start may take (start-postmaster.ts). */
const RECOVERY_MS = 120_000;
const GLANCE_MS = 100;
/** More than a slow disk takes to make an empty database. */
const ANSWER_MS = 30_000;
/** Whoever ends the server waits about 10 s for all of it. */
const LAST_ANSWER_MS = 3_000;

/**
 * Starts a PostgreSQL of our own for `dataDir`, or takes over the one that already runs there. It is reached only through a socket
 * in a folder closed to others; it has no TCP port and no password. Should it end unasked, or be stuck in a recovery, it is started again,
 * at the same address. One that recovers from a crash is waited for.
 *
 * As root, PostgreSQL runs as the user `postgres` or `nobody`, data and socket are that user's. The data lives in `<dataDir>/postgres`;
 * if that user cannot enter `dataDir`, it lives in `<sharedDir>/<id>` and `<dataDir>/database-home` names it (see choose-places.ts).
 * Two DATA_DIRs never share data.
 *
 * Throws one sentence when this platform has no build (naming DATABASE_URL), with PostgreSQL's own words when it does not start, or one
 * sentence when it runs and says nothing for `answerMs`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, sharedDir = '/var/lib/tagalong', durable = true, watchMs = 2000, answerMs = ANSWER_MS } = options;
  const found = await findBinaries();
  const dataDir = await ensureDataDir(options.dataDir);
  const places = await choosePlaces({ dataDir, sharedDir, newId: () => randomBytes(8).toString('hex') });
  const binaries = await placeBinaries({ binaries: found, into: places.user ? sharedDir : places.home, user: places.user });
  await initializeCluster({ binaries, data: places.data, user: places.user, durable });
  const launched = new Set<number>();
  const onLaunch = (pid: number) => launched.add(pid);
  let postmaster = await start({ binaries, places, durable, onLaunch });
  tell(log, places, dataDir, postmaster);
  const address = { host: postmaster.socketDir, port: postmaster.port, user: DATABASE_USER, answerMs };
  const isStuck = watchRecovery({ data: places.data, user: DATABASE_USER, forMs: options.stuckMs });
  const watch = keepAlive({
    isAlive: async () => (await whoIs(postmaster.pid, places.data)) === 'postmaster',
    isStuck: () => isStuck(postmaster.pid),
    end: (over) => endPostmaster(postmaster.pid, places.data, undefined, over),
    revive: async (over) => {
      postmaster = await start({ binaries, places, durable, onLaunch, over });
    },
    everyMs: watchMs,
    log,
  });
  try {
    await onceRecovered(() => createDatabase(address));
    if (durable) await refuseWeak(address);
  } catch (error) {
    await watch.end();
    // One that was found running is left to whoever started it.
    if (!postmaster.adopted) await stop(postmaster, places, { log, answerMs, launched });
    throw error;
  }
  return {
    socketDir: postmaster.socketDir,
    port: postmaster.port,
    database: DATABASE,
    user: DATABASE_USER,
    adopted: postmaster.adopted,
    reviveNoMore: () => void watch.end(),
    async stop() {
      await watch.end();
      await stop(postmaster, places, { log, answerMs, launched });
    },
  };
}

async function start(options: {
  binaries: Binaries;
  places: Places;
  durable: boolean;
  onLaunch: (pid: number) => void;
  over?: AbortSignal;
}): Promise<RunningPostmaster> {
  const { binaries, places, durable, onLaunch, over } = options;
  const switched = durable ? 'on' : 'off';
  const settings = {
    fsync: switched,
    full_page_writes: switched,
    synchronous_commit: switched,
    // A process that works takes 43 at most; one that only serves takes hardly 20.
    max_connections: '200',
    // Light at rest: the files are in the system's cache as well, nobody replicates, and no query of ours is worth compiling.
    shared_buffers: '64MB',
    max_logical_replication_workers: '0',
    max_wal_senders: '0',
    max_replication_slots: '0',
    jit: 'off',
    // What the system has in its cache is read at once by whoever wants it; room for reading ahead would be laid out for each connection.
    io_method: 'sync',
    io_max_concurrency: '4',
    // Nothing of ours is SERIALIZABLE, and the room for its marks is laid out at the start.
    max_pred_locks_per_transaction: '10',
    // Statements and row contents would carry candidates' data into the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  };
  return startPostmaster({ binaries, home: places.home, data: places.data, user: places.user, settings, onLaunch, over });
}

function tell(log: Logger, places: Places, dataDir: string, { pid, adopted }: RunningPostmaster): void {
  log.info(
    { pid, data: places.data, as: places.user?.name },
    adopted ? 'took over the running PostgreSQL' : 'started PostgreSQL',
  );
  if (!places.home.startsWith(join(dataDir, '/'))) {
    log.warn({ data: places.data }, `the database lies outside of ${dataDir}, where the user ${places.user?.name} cannot enter`);
  }
}

type Server = { host: string; port: number; user: string; answerMs: number };

async function createDatabase(server: Server): Promise<void> {
  await ask({ ...server, database: 'postgres' }, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`).catch(ignoreDuplicate);
  });
}

/**
 * What we give on the command line can still be undone by `alter role` and `alter database`, and a database that was found running may have
 * been started by somebody else. Asked as our sessions will ask, before they change anything. Throws one sentence with the mend.
 */
async function refuseWeak(server: Server): Promise<void> {
  await ask({ ...server, database: DATABASE }, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and reset_val = 'off' order by name`,
    );
    if (rows.length === 0) return;
    const names = rows.map(({ name }) => name).join(', ');
    throw new Error(
      `The embedded database is set to lose what it has confirmed (${names} = off). Take the setting back (alter role ${DATABASE_USER} reset all; alter database ${DATABASE} reset all), or stop the server that was started with it.`,
    );
  });
}

/** One that was found in its recovery from a crash refuses connections (57P03), and one that is stuck in it is started anew meanwhile. */
async function onceRecovered(question: () => Promise<void>): Promise<void> {
  const until = performance.now() + RECOVERY_MS;
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (!isNotUp(error) || performance.now() > until) throw error;
    }
    await wait(GLANCE_MS);
  }
}

function isNotUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(57P0[123]|ECONNREFUSED|ECONNRESET|ENOENT)$/.test(String(error.code));
}

interface StopGiven {
  log: Logger;
  answerMs: number;
  /** The processes that were started here, dead or alive. */
  launched: ReadonlySet<number>;
}

async function stop(known: RunningPostmaster, places: Places, given: StopGiven): Promise<void> {
  const { log } = given;
  const answerMs = Math.min(given.answerMs, LAST_ANSWER_MS);
  // A try to start it again that failed may have left one that is not ready yet, or found that of another process.
  const postmaster = (await readPostmasterFile(places.data)) ?? known;
  const server = { host: postmaster.socketDir, port: postmaster.port, user: DATABASE_USER, answerMs };
  if ((await whoIs(postmaster.pid, places.data)) !== 'postmaster') return;
  let isSilent = false;
  const isOurs = given.launched.has(postmaster.pid);
  const others = await countOthers(server).catch((error: unknown) => {
    log.warn(
      { err: error },
      `PostgreSQL did not say who uses it; ${isOurs ? 'stopping it' : 'leaving it to whoever started it'}`,
    );
    isSilent = error instanceof SilentDatabase;
    return null;
  });
  // Whoever started it may live and wait for its recovery, or for the disk, as we did.
  if (others === null && !isOurs) return;
  if (others) {
    log.info({ others }, 'left PostgreSQL running: another process uses it');
    return;
  }
  // One that is silent or stuck heeds no fast shutdown, and what a recovery has done until now the next start does again.
  const heedsNothing = isSilent || (await isInRecovery(postmaster.pid, { data: places.data, user: DATABASE_USER }));
  if (heedsNothing) await endPostmaster(postmaster.pid, places.data, AT_THE_END);
  else await stopPostmaster(postmaster.pid, places.data);
  await removeTemporarySocketFolder(postmaster.socketDir);
}

/** Connections of other processes: a second server on the same DATA_DIR must not lose its database because the first one ends. */
async function countOthers(server: Server): Promise<number> {
  return ask({ ...server, database: 'postgres' }, async (client) => {
    const { rows } = await client.query<{ others: number }>(
      `select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and ${OF_ANOTHER_PROCESS}`,
    );
    return rows[0]?.others ?? 0;
  });
}

/** Rejects with SilentDatabase when connecting, or an answer, takes longer than `answerMs`. */
async function ask<T>(given: Server & { database: string }, question: (client: Client) => Promise<T>): Promise<T> {
  const { answerMs, ...server } = given;
  const times = { connectionTimeoutMillis: answerMs, query_timeout: answerMs };
  const client = new Client({ ...server, ...times, application_name: applicationName() });
  // What breaks also fails the query that waits; and between two of them nobody would hear it, which ends a process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await question(client);
  } catch (error) {
    throw isSilence(error) ? new SilentDatabase(server.host, answerMs, error) : error;
  } finally {
    // Not waited for: one that has become silent would not take leave either. While a query is under way it is cut off.
    client.end().catch(() => undefined);
  }
}

class SilentDatabase extends Error {
  constructor(socketDir: string, answerMs: number, cause: unknown) {
    super(
      `The embedded database (its socket is in ${socketDir}) runs, but has not answered within ${answerMs / 1000} s: its process is frozen, waits for another session, or the disk under it does not answer. Its own words are in server.log beside its data.`,
      { cause },
    );
  }
}

/** node-postgres gives these without a code: the one for connecting, the other for a query. */
function isSilence(error: unknown): boolean {
  return error instanceof Error && /^(timeout expired|Query read timeout)$/.test(error.message);
}

/** Of two that start at once, the second finds it made. https://www.postgresql.org/docs/18/errcodes-appendix.html */
function ignoreDuplicate(error: Error & { code?: string }): void {
  if (error.code !== '42P04' && error.code !== '23505') throw error;
}
