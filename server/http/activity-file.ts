import type { ActivityEntry } from '../../lib/contract/activity.ts';
import { toCsvLine } from './to-csv.ts';

const COLUMNS = [
  'seq',
  'at',
  'who',
  'who kind',
  'what',
  'action',
  'candidate',
  'job',
  'application',
  'connection',
  'why',
  'before',
  'after',
  'hash',
];

/** The activity as a file: what it begins with, and a line for each entry. */
export const ACTIVITY_FILES = {
  // With the mark by which spreadsheets tell UTF-8.
  csv: { type: 'text/csv; charset=utf-8', head: `\uFEFF${toCsvLine(COLUMNS)}`, line: toLine },
  ndjson: { type: 'application/x-ndjson', head: '', line: (entry: ActivityEntry) => `${JSON.stringify(entry)}\n` },
} as const;

function toLine({ seq, at, who, what, action, candidate, connection, why, changes, hash }: ActivityEntry): string {
  const side = (name: 'before' | 'after') =>
    changes.flatMap((change) => (change[name] === null ? [] : [`${change.field}: ${change[name]}`])).join('; ');
  return toCsvLine([
    seq === null ? '' : String(seq),
    at,
    who.name,
    who.kind,
    what,
    action,
    candidate?.name ?? '',
    candidate?.job ?? '',
    candidate?.applicationKey ?? '',
    connection?.name ?? '',
    why.join(' '),
    side('before'),
    side('after'),
    hash ?? '',
  ]);
}
