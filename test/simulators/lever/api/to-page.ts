import { badRequest } from './api-error.ts';
import type { LeverQuery } from './read-query.ts';

type Key = (string | number)[];

interface Paged<T> {
  rows: T[];
  query: LeverQuery;
  /** What the list is ordered by, the id last. */
  keyOf: (row: T) => Key;
  /** Which parts of the key run downwards. */
  descending?: boolean[];
  acceptDoubleEncodedOffset: boolean;
}

export const PAGE_PARAMETERS = ['limit', 'offset'] as const;

/**
 * One page of a list: `limit` 1 to 100 (100), `offset` the last answer's `next`. `next` is a JSON array that arrives ALREADY
 * percent-encoded and is absent at the end. Rows that move while somebody pages are missed or seen twice, as with Lever.
 */
export function toPage<T>({ rows, query, keyOf, descending = [], acceptDoubleEncodedOffset }: Paged<T>) {
  const limit = query.integer('limit') ?? 100;
  if (limit < 1 || limit > 100) throw badRequest('limit must be between 1 and 100');
  const compare = (a: Key, b: Key) => compareKeys(a, b, descending);
  const sorted = rows.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
  const offset = query.text('offset');
  const after = offset === undefined ? undefined : parseOffset(offset, sorted[0] && keyOf(sorted[0]), acceptDoubleEncodedOffset);
  const rest = after ? sorted.filter((row) => compare(keyOf(row), after) > 0) : sorted;
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  if (rest.length <= limit || last === undefined) return { rows: page, hasNext: false };
  return { rows: page, hasNext: true, next: encodeURIComponent(JSON.stringify(keyOf(last))) };
}

function parseOffset(offset: string, like: Key | undefined, acceptDoubleEncoded: boolean): Key {
  const text = acceptDoubleEncoded && offset.startsWith('%') ? decodeURIComponent(offset) : offset;
  const key = toKey(text);
  const fits = key && (!like || (key.length === like.length && key.every((part, i) => typeof part === typeof like[i])));
  if (!fits) throw badRequest('Invalid offset token');
  return key;
}

function toKey(text: string): Key | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const isKey = (value: unknown): value is Key =>
      Array.isArray(value) && value.every((part) => typeof part === 'string' || typeof part === 'number');
    return isKey(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function compareKeys(a: Key, b: Key, descending: boolean[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || left === right) continue;
    return (left < right ? -1 : 1) * (descending[index] ? -1 : 1);
  }
  return 0;
}
