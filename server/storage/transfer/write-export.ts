import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ClientBase } from 'pg';
import { isAnyoneAtWork } from '../is-anyone-at-work.ts';
import type { ExportEnd, ExportHeader } from './export-file.ts';
import { newestMigration } from './migrations.ts';
import { listTables, readSequences } from './tables.ts';

const ROWS_AT_ONCE = 500;

export interface ExportGiven {
  client: ClientBase;
  /** Where it goes; there is nothing under this name before it is whole. */
  file: string;
  keyMark: string;
  /** Of earlier keys that are still needed. */
  otherKeyMarks?: readonly string[];
  now: Date;
}

/**
 * Writes all of ours, as it is at one moment, while servers go on working. What is under way is in it as far as it was committed: started
 * from it, a server does what was left to do. Returns the number of rows by table.
 */
export async function writeExport({ client, file, keyMark, otherKeyMarks = [], now }: ExportGiven): Promise<ExportEnd['rows']> {
  await refuseUnlessFile(file);
  // Of its own name: of two exports to one file each is whole.
  const aside = `${file}.${randomBytes(6).toString('hex')}.part`;
  // It holds personal data: nobody else of this machine is to read it.
  const handle = await open(aside, 'wx', 0o600);
  try {
    const rows: ExportEnd['rows'] = {};
    await client.query('begin isolation level repeatable read read only');
    try {
      const header: ExportHeader = {
        tagalong: 'export',
        version: 1,
        migration: await newestMigration(client),
        keyMark,
        otherKeyMarks: [...otherKeyMarks],
        takenAt: now.toISOString(),
        atWork: await isAnyoneAtWork(client),
      };
      const lines = linesOf(client, { header, rows });
      await pipeline(Readable.from(lines), createGzip(), async (chunks: AsyncIterable<Uint8Array>) => {
        for await (const chunk of chunks) await writeAll(handle, chunk);
      });
    } finally {
      await client.query('rollback');
    }
    await handle.sync();
    await rename(aside, file);
    return rows;
  } finally {
    await handle.close();
    await rm(aside, { force: true });
  }
}

/** What takes the place of a device or a link, /dev/stdout say, would take that away from everybody. */
async function refuseUnlessFile(file: string): Promise<void> {
  const known = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (known && !known.isFile()) throw new Error(`${file} is not a file. Name one that can be written to.`);
}

/** A full disk may take a part of it and say so only by the count. */
async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, written);
    written += bytesWritten;
  }
}

async function* linesOf(
  client: ClientBase,
  { header, rows }: { header: ExportHeader; rows: ExportEnd['rows'] },
): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const line = (text: string) => {
    digest.update(`${text}\n`);
    return `${text}\n`;
  };
  yield line(`H ${JSON.stringify(header)}`);
  for (const table of await listTables(client)) {
    yield line(`T ${table}`);
    rows[table] = 0;
    for await (const batch of readRows(client, table)) {
      rows[table] += batch.length;
      yield batch.map((row) => line(`R ${row}`)).join('');
    }
  }
  // Read after the rows, so that none of them has a number that is not counted yet.
  for (const sequence of await readSequences(client)) yield line(`S ${JSON.stringify(sequence)}`);
  const end: ExportEnd = { rows, sha256: digest.digest('hex') };
  yield `E ${JSON.stringify(end)}\n`;
}

async function* readRows(client: ClientBase, table: string): AsyncGenerator<string[]> {
  await client.query(`declare rows no scroll cursor for select row_to_json(t)::text as row from tagalong."${table}" t`);
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${ROWS_AT_ONCE} from rows`);
    if (rows.length === 0) break;
    yield rows.map(({ row }) => row);
  }
  await client.query('close rows');
}
