import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { type ExportEnd, type ExportHeader, endSchema, headerSchema, sequenceSchema } from './export-file.ts';

/** What stands in an export, one after the other. Rows as PostgreSQL wrote them. */
export type ExportPart =
  | { kind: 'header'; header: ExportHeader }
  | { kind: 'row'; table: string; row: string }
  | { kind: 'sequence'; name: string; value: string | null }
  | { kind: 'end'; end: ExportEnd };

/** Thrown for a file that is no export, was cut short, or was changed. */
export class NotAnExport extends Error {}

/** Reads an export from its first line to its last. Throws NotAnExport as soon as something is wrong with it; whole only after `end`. */
export async function* readExport(file: string): AsyncGenerator<ExportPart> {
  const input = createReadStream(file);
  const text = createGunzip();
  input.on('error', (error) => text.destroy(error));
  try {
    yield* partsOf(linesOf(input.pipe(text).setEncoding('utf8')));
  } catch (error) {
    throw toNotAnExport(error);
  } finally {
    input.destroy();
    text.destroy();
  }
}

/** The first line alone. Throws NotAnExport. */
export async function readHeader(file: string): Promise<ExportHeader> {
  for await (const part of readExport(file)) if (part.kind === 'header') return part.header;
  throw new NotAnExport('it does not begin like one');
}

/**
 * Lines as an export has them: they end at \n and nowhere else. Holds no more than one of them and what was just unpacked. JSON leaves U+2028
 * and U+2029 in a text as they are, so that readline, which ends a line at those too, would tear a row apart.
 */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = '';
  for await (const piece of text) {
    const [first = '', ...more] = piece.split('\n');
    begun += first;
    for (const next of more) {
      yield begun;
      begun = next;
    }
  }
  if (begun !== '') yield begun;
}

async function* partsOf(lines: AsyncIterable<string>): AsyncGenerator<ExportPart> {
  const digest = createHash('sha256');
  const counted: ExportEnd['rows'] = {};
  let table: string | null = null;
  let begun = false;
  let ended = false;
  for await (const line of lines) {
    if (ended) throw new NotAnExport('there is more behind its end');
    const kind = line.slice(0, 2);
    const rest = line.slice(2);
    if (!begun && kind !== 'H ') throw new NotAnExport('it does not begin like one');
    if (kind === 'E ') {
      const end = endSchema.parse(JSON.parse(rest));
      checkEnd(end, { sha256: digest.digest('hex'), counted });
      ended = true;
      yield { kind: 'end', end };
      continue;
    }
    digest.update(`${line}\n`);
    if (kind === 'H ') {
      begun = true;
      yield { kind: 'header', header: headerSchema.parse(JSON.parse(rest)) };
    } else if (kind === 'T ') {
      table = rest;
      counted[table] = 0;
    } else if (kind === 'R ' && table !== null) {
      counted[table] = (counted[table] ?? 0) + 1;
      yield { kind: 'row', table, row: rest };
    } else if (kind === 'S ') yield { kind: 'sequence', ...sequenceSchema.parse(JSON.parse(rest)) };
    else throw new NotAnExport('it has a line that none has');
  }
  if (!ended) throw new NotAnExport('its end is missing');
}

function checkEnd(end: ExportEnd, found: { sha256: string; counted: ExportEnd['rows'] }): void {
  if (end.sha256 !== found.sha256) throw new NotAnExport('it was changed after it was made');
  const tables = new Set([...Object.keys(end.rows), ...Object.keys(found.counted)]);
  for (const table of tables) if (end.rows[table] !== found.counted[table]) throw new NotAnExport(`rows of ${table} are missing`);
}

/** What the file itself is to blame for; a file that is not there, or may not be read, is told as it is. */
function toNotAnExport(error: unknown): unknown {
  if (error instanceof NotAnExport || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_') || error instanceof SyntaxError || error.name === 'ZodError')
    return new NotAnExport('it cannot be read', { cause: error });
  return error;
}
