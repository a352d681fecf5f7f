import type { Context } from 'hono';
import { BadRequest } from './call.ts';

type Row = Record<string, unknown>;
const COMMON = ['limit', 'offset', 'fields', 'additional_fields', 'expand'];

/**
 * One page as the documents show it, with addresses to follow; there are empty texts where there is no further page. `others`:
 * parameters that the caller has read itself. @throws BadRequest
 */
export function toPage(
  c: Context,
  { rows, filters }: { rows: readonly Row[]; filters: readonly string[] },
  others: readonly string[] = [],
): Row {
  const query = c.req.query();
  const unknown = Object.keys(query).find((name) => ![...COMMON, ...filters, ...others].includes(name));
  if (unknown !== undefined) throw new BadRequest(`unknown parameter ${unknown}`);
  const limit = readNumber(c, 'limit', { standard: 10, least: 1, most: 100 });
  const offset = readNumber(c, 'offset', { standard: 0, least: 0, most: Number.MAX_SAFE_INTEGER });
  const found = rows.filter((row) => filters.every((name) => query[name] === undefined || isMatch(row[name], query[name])));
  const data = found.slice(offset, offset + limit).map((row) => readFields(c, row));
  const last = Math.max(0, Math.ceil(found.length / limit) - 1) * limit;
  const toUrl = (start: number) => {
    const url = new URL(c.req.url);
    url.searchParams.set('limit', String(limit));
    url.searchParams.set('offset', String(start));
    return url.href;
  };
  return {
    data,
    page_total: data.length,
    offset,
    previous: offset > 0 ? toUrl(Math.max(0, offset - limit)) : '',
    next: offset + limit < found.length ? toUrl(offset + limit) : '',
    first: toUrl(0),
    last: toUrl(last),
    total: found.length,
  };
}

/** `fields=` leaves of an object what was asked for. @throws BadRequest for a field that it does not have */
export function readFields(c: Context, row: Row): Row {
  const wanted = c.req.query('fields')?.split(',');
  if (!wanted) return row;
  const unknown = wanted.find((field) => !Object.hasOwn(row, field));
  if (unknown !== undefined) throw new BadRequest(`unknown field ${unknown}`);
  return Object.fromEntries(wanted.map((field) => [field, row[field]]));
}

/** `additional_fields=`. @throws BadRequest for one that the documents do not list */
export function readAdditional(c: Context, known: readonly string[]): string[] {
  const wanted = c.req.query('additional_fields')?.split(',') ?? [];
  const unknown = wanted.find((field) => !known.includes(field));
  if (unknown !== undefined) throw new BadRequest(`unknown additional field ${unknown}`);
  return wanted;
}

function readNumber(
  c: Context,
  name: string,
  { standard, least, most }: { standard: number; least: number; most: number },
): number {
  const text = c.req.query(name);
  if (text === undefined) return standard;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new BadRequest(`${name} must be a number from ${least} to ${most}`);
  return value;
}

/** Texts and truth values exactly, numbers also as "1..7". */
function isMatch(value: unknown, wanted: string): boolean {
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(wanted);
  if (typeof value === 'number' && range) return value >= Number(range[1]) && value <= Number(range[2]);
  return String(value) === wanted;
}
