import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Client } from 'pg';
import pino from 'pino';
import { createPool } from '../../../server/storage/create-pool.ts';
import { migrate } from '../../../server/storage/migrate.ts';
import { listMigrations, migrateTo, newestMigration } from '../../../server/storage/transfer/migrations.ts';
import { openClient } from '../../../server/storage/transfer/open-client.ts';
import { listTables } from '../../../server/storage/transfer/tables.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import landed from '../../fixtures/schemas/landed.json' with { type: 'json' };
import { fillTables } from '../../support/fill-tables.ts';
import { type TableChecksums, tableChecksums } from '../../support/table-checksums.ts';
import type { NamedDatabase } from '../../support/throwaway-postgres.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { sharedPostgres } from '../tools/shared-postgres.ts';

const ROWS = { small: 10_000, full: 100_000 };
const KILLS = { small: 3, full: 15 };

/** R16: a start with a newer version is cut off while it changes the tables, again and again, on a database as an earlier version left it. */
export const migrations: Check = {
  id: 'R16',
  what: 'migrations from every landed schema, killed at random',
  budgetMs: { full: 150_000 },
  async run(given) {
    const rows: CheckRow[] = [];
    const newest = (await listMigrations()).at(-1)?.tag;
    // From the newest there is nothing to do that could be cut off.
    for (const schema of landed.schemas.filter((tag) => tag !== newest)) rows.push(await runSchema(schema, given));
    return rows;
  },
};

async function runSchema(schema: string, { seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const old = await makeOld(schema, ROWS[size]);
  const newest = (await listMigrations()).at(-1)?.tag ?? '';
  const cleanMs = await timeOnce(old);
  const found = { inside: 0, untouched: 0, whole: 0, wrong: 0 };
  for (let kill = 0; kill < KILLS[size]; kill += 1) {
    const address = await copyOf(old.address);
    const { how, isInside } = await cutOff(address, { random, withinMs: cleanMs });
    const left = await look(address, old.before);
    await finish(address);
    const after = await look(address, old.before);
    const isRight = left.isSame && after.isSame && after.newest === newest && [schema, newest].includes(left.newest);
    if (!isRight) {
      found.wrong += 1;
      say(`cut off by ${how}: at ${left.newest}, then ${after.newest}; same ${left.isSame}, then ${after.isSame}`);
    } else if (left.newest === newest) found.whole += 1;
    else found.untouched += 1;
    // Whoever was seen inside and came through was at the end of it.
    if (isInside && left.newest === schema) found.inside += 1;
    await drop(address);
  }
  await drop(old.address);
  return {
    id: 'R16',
    what: `from ${schema}, process or database session killed`,
    asked: `${ROWS.full} rows, ${KILLS.full} kills`,
    reached: `${old.rows} rows in ${old.before.size} tables, ${KILLS[size]} kills: ${found.inside} in the middle of its transaction, ${found.untouched} undone, ${found.whole} came through`,
    figure: `broken or changed ${found.wrong}`,
    target: `0; it opens again and every checksum is equal${size === 'full' ? '; some in the middle of its transaction' : ''}`,
    wrong: found.wrong,
    met: found.wrong === 0 && found.untouched > 0 && (size === 'small' || found.inside > 0),
  };
}

interface Old {
  address: NamedDatabase;
  before: TableChecksums;
  rows: number;
}

async function makeOld(schema: string, rows: number): Promise<Old> {
  const postgres = await sharedPostgres();
  const address = await postgres.createDatabase();
  const client = await openClient(address);
  try {
    await client.query('drop schema tagalong cascade');
    await migrateTo(client, schema);
    const tables = await listTables(client);
    await fillTables(client, Math.ceil(rows / (tables.length - 1)));
    const before = await tableChecksums(client);
    return { address, before, rows: [...before.values()].reduce((sum, table) => sum + table.rows, 0) };
  } finally {
    await client.end();
  }
}

/** How long it takes when nobody disturbs it. */
async function timeOnce(old: Old): Promise<number> {
  const address = await copyOf(old.address);
  const startedAt = performance.now();
  await finish(address);
  const ms = performance.now() - startedAt;
  await drop(address);
  return ms;
}

/**
 * Lets a process begin and cuts it off: the process itself with -9, or its session in the database. Not before its transaction has changed
 * something, and half of the times right then: a short one is over soon. `isInside`: it was still at that when it was cut off.
 */
async function cutOff(
  address: NamedDatabase,
  given: { random: SeededRandom; withinMs: number },
): Promise<{ how: string; isInside: boolean }> {
  const { random, withinMs } = given;
  const child = fork(new URL('../tools/migrating-process.ts', import.meta.url), {
    env: { ...process.env, NODE_NO_WARNINGS: '1', ADDRESS: JSON.stringify(address) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let isOver = false;
  const exited = once(child, 'exit').then(() => {
    isOver = true;
  });
  await once(child, 'message');
  const how = random.pick(['kill -9', 'its session ended']);
  const afterMs = random.chance(0.5) ? 0 : random.int(0, Math.ceil(withinMs));
  const watcher = new Client({ ...address, database: 'postgres' });
  await watcher.connect();
  try {
    child.send('go');
    while (!isOver && !(await isChanging(watcher, address)));
    await passes(afterMs);
    const isInside = how === 'kill -9' ? await isChanging(watcher, address) : await endSessions(watcher, address);
    if (how === 'kill -9') child.kill('SIGKILL');
    await exited;
    // A session outlives its process by a moment; until then its work is neither undone nor done.
    await untilAlone(address);
    return { how, isInside };
  } finally {
    await watcher.end();
  }
}

/** A transaction has a number from its first change on. https://www.postgresql.org/docs/current/monitoring-stats.html */
async function isChanging(watcher: Client, { database }: NamedDatabase): Promise<boolean> {
  const { rowCount } = await watcher.query('select from pg_stat_activity where datname = $1 and backend_xid is not null', [
    database,
  ]);
  return (rowCount ?? 0) > 0;
}

/** Not a wait for something: the moment of the kill is what is being chosen. */
function passes(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function look(address: NamedDatabase, before: TableChecksums): Promise<{ newest: string; isSame: boolean }> {
  const client = await openClient(address);
  try {
    const newest = await newestMigration(client);
    const now = await tableChecksums(client, before);
    return { newest, isSame: [...before].every(([table, sum]) => now.get(table)?.md5 === sum.md5) };
  } finally {
    await client.end();
  }
}

async function finish(address: NamedDatabase): Promise<void> {
  const log = pino({ level: 'silent' });
  const pool = createPool({ address, log, max: 1 });
  try {
    await migrate(pool, { log });
  } finally {
    await pool.end();
  }
}

async function copyOf(address: NamedDatabase): Promise<NamedDatabase> {
  const database = `check_${randomUUID().replaceAll('-', '')}`;
  await command(address, `create database ${database} template ${address.database}`);
  return { ...address, database };
}

async function drop({ database, ...address }: NamedDatabase): Promise<void> {
  await command({ ...address, database }, `drop database ${database} with (force)`);
}

/** Whether one of them was at changing something. */
async function endSessions(watcher: Client, { database }: NamedDatabase): Promise<boolean> {
  const { rows } = await watcher.query<{ changing: boolean }>(
    'select backend_xid is not null as changing, pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
    [database],
  );
  return rows.some(({ changing }) => changing);
}

async function untilAlone(address: NamedDatabase): Promise<void> {
  while ((await command(address, `select 1 from pg_stat_activity where datname = '${address.database}'`)) > 0);
}

async function command(address: NamedDatabase, sql: string): Promise<number> {
  const client = new Client({ ...address, database: 'postgres' });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}
