import { drizzle } from 'drizzle-orm/node-postgres';
import { type Client, type ClientBase, DatabaseError } from 'pg';
import type { Transaction } from '../../services.ts';
import { isAnyoneAtWork } from '../is-anyone-at-work.ts';
import { holdMigrations, type WaitingOptions } from '../migrate.ts';
import * as schema from '../schema.ts';
import type { ExportEnd, ExportHeader } from './export-file.ts';
import { listMigrations, migrateTo } from './migrations.ts';
import { type ExportPart, NotAnExport, readExport } from './read-export.ts';

/** Why an import was not begun, for a sentence of the catalogue. */
export type ImportRefusal = 'in-use' | 'not-empty' | 'other-jobs' | 'newer-version' | 'other-key' | 'two-keys';

export class ImportRefused extends Error {
  readonly because: ImportRefusal;

  constructor(because: ImportRefusal) {
    super(because);
    this.because = because;
  }
}

const ROWS_AT_ONCE = 500;
const CHARACTERS_AT_ONCE = 4_000_000;
/** What nobody has who has only started a server and looked at it. */
const VALUABLE = ['members', 'connections', 'applications', 'deliveries'];

export interface ImportGiven {
  client: Client;
  file: string;
  keyMark: string;
  /** Of an earlier key that the server knows beside its own. */
  otherKeyMarks?: readonly string[];
  /** Take it although its credentials were sealed with another master key; they have to be entered anew then. */
  anyKey: boolean;
  /** Tells that it waits for somebody who changes the tables. */
  waiting?: WaitingOptions;
  /** In the same transaction, once all rows are in and before anybody else sees them. */
  onFilled?: (tx: Transaction, header: ExportHeader) => Promise<void>;
}

/**
 * Fills an empty database with an export: all rows in one transaction, so that one that breaks off leaves the tables as empty as they
 * were. They are made as they were when it was taken; bringing them up to date is the caller's next step (`migrateHolding`): until the
 * session of `client` ends, a server that starts meanwhile waits. Throws ImportRefused or NotAnExport.
 */
export async function importExport({
  client,
  file,
  keyMark,
  otherKeyMarks = [],
  anyKey,
  waiting,
  onFilled,
}: ImportGiven): Promise<ExportEnd['rows']> {
  // Before the look who is here: one that starts behind it comes no further than this.
  await holdMigrations(client, waiting);
  await refuseUnlessFree(client);
  const parts = readExport(file);
  const first = await parts.next();
  if (first.done || first.value.kind !== 'header') throw new NotAnExport('it does not begin like one');
  const { header } = first.value;
  const known = new Set([keyMark, ...otherKeyMarks]);
  const isLocked = [header.keyMark, ...header.otherKeyMarks].some((mark) => !known.has(mark));
  if (isLocked && !anyKey) throw new ImportRefused(header.otherKeyMarks.length > 0 ? 'two-keys' : 'other-key');
  await makeTables(client, header.migration);
  try {
    return await drizzle(client, { schema }).transaction(async (tx) => {
      const rows = await fill(client, parts);
      await onFilled?.(tx, header);
      return rows;
    });
  } catch (error) {
    throw isRefusedRow(error) ? new NotAnExport('the database does not take its rows', { cause: error }) : error;
  }
}

/**
 * SQLSTATE classes 22, a value that is none, and 23, a key that leads nowhere; 42P01 and 42704: a table or counter that there is none of.
 * Damage shows by that before the sum at the end is reached. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function isRefusedRow(error: unknown): boolean {
  return error instanceof DatabaseError && /^(22\w{3}|23\w{3}|42P01|42704)$/.test(error.code ?? '');
}

async function fill(client: ClientBase, parts: AsyncIterable<ExportPart>): Promise<ExportEnd['rows']> {
  const batch = batchInto(client);
  let rows: ExportEnd['rows'] | null = null;
  // To the very last line: something behind the end shows a file that was changed.
  for await (const part of parts) {
    if (part.kind === 'row') {
      await batch.add(part);
      continue;
    }
    await batch.flush();
    if (part.kind === 'end') rows = part.end.rows;
    if (part.kind === 'sequence') await setSequence(client, part);
  }
  if (!rows) throw new NotAnExport('its end is missing');
  return rows;
}

async function setSequence(client: ClientBase, { name, value }: { name: string; value: string | null }): Promise<void> {
  await client.query('select setval($1::regclass, $2::bigint, $3)', [`tagalong."${name}"`, value ?? '1', value !== null]);
}

/** Rows of one table are put in by the hundred. */
function batchInto(client: ClientBase) {
  let table = '';
  let rows: string[] = [];
  let length = 0;
  const flush = async () => {
    if (rows.length > 0)
      await client.query(
        `insert into tagalong."${table}" select * from json_populate_recordset(null::tagalong."${table}", $1::json)`,
        [`[${rows.join(',')}]`],
      );
    rows = [];
    length = 0;
  };
  return {
    flush,
    async add(row: { table: string; row: string }) {
      if (row.table !== table || rows.length >= ROWS_AT_ONCE || length > CHARACTERS_AT_ONCE) await flush();
      table = row.table;
      rows.push(row.row);
      length += row.row.length;
    },
  };
}

async function makeTables(client: Client, migration: string): Promise<void> {
  const known = await listMigrations();
  if (!known.some(({ tag }) => tag === migration)) throw new ImportRefused('newer-version');
  // Jobs are made anew from what the tables say is left to do.
  for (const schema of ['tagalong', 'pgboss']) await client.query(`drop schema if exists ${schema} cascade`);
  await migrateTo(client, migration);
}

async function refuseUnlessFree(client: ClientBase): Promise<void> {
  if (await isAnyoneAtWork(client)) throw new ImportRefused('in-use');
  const { rows: tables } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'tagalong' and tablename = any($1)`,
    [VALUABLE],
  );
  for (const { name } of tables) {
    const { rows } = await client.query(`select 1 from tagalong."${name}" limit 1`);
    if (rows.length > 0) throw new ImportRefused('not-empty');
  }
  if (!(await areJobsOurs(client))) throw new ImportRefused('other-jobs');
}

/** What the queue of a server of ours is called; queue-settings.ts has them for those who work. */
export const OUR_QUEUES: readonly string[] = ['lane', 'effect', 'sweep', 'housekeeping'];

/**
 * Whether what lies in the schema of the job queue is ours to be made anew: other programs may keep theirs under the same name. So is what
 * is empty; pg-boss's own queues begin with underscores.
 */
async function areJobsOurs(client: ClientBase): Promise<boolean> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'pgboss'`,
  );
  if (tables.length === 0) return true;
  if (!tables.some(({ name }) => name === 'queue')) return false;
  const { rows: queues } = await client.query<{ name: string }>(`select name from pgboss.queue where name not like '\\_\\_%'`);
  return queues.every(({ name }) => OUR_QUEUES.includes(name.replace(/-dead$/, '')));
}
