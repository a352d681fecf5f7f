import { unprocessable } from './errors.ts';

/** Reads a query value and answers which rows it lets through. Throws 422 for a value it cannot read. */
export type Filter<Row> = (raw: string, name: string) => (row: Row) => boolean;

/** A comma list takes at most this many. */
const LIST_LIMIT = 50;

export function readCommaList(raw: string, name: string): string[] {
  const items = raw.split(',').map((item) => item.trim());
  if (items.length > LIST_LIMIT) throw unprocessable({ [name]: `must have at most ${LIST_LIMIT} items` });
  if (items.includes('')) throw unprocessable({ [name]: 'must not have empty items' });
  return items;
}

/** A comma list of ids; `read` gives the row's id, several, or none. */
export function ids<Row>(read: (row: Row) => number | null | readonly number[]): Filter<Row> {
  return (raw, name) => {
    const items = readCommaList(raw, name);
    if (!items.every((item) => /^\d+$/.test(item))) throw unprocessable({ [name]: 'must be a list of ids' });
    const wanted = new Set(items.map(Number));
    return (row) => [read(row) ?? []].flat().some((id) => wanted.has(id));
  };
}

export function texts<Row>(read: (row: Row) => string | null): Filter<Row> {
  return (raw, name) => {
    const wanted = readCommaList(raw, name);
    return (row) => wanted.includes(read(row) ?? '');
  };
}

export function exactly<Row>(read: (row: Row) => string | null | readonly string[]): Filter<Row> {
  return (raw) => (row) => [read(row) ?? []].flat().includes(raw);
}

export function ignoringCase<Row>(read: (row: Row) => readonly string[]): Filter<Row> {
  return (raw) => (row) => read(row).some((value) => value.toLowerCase() === raw.toLowerCase());
}

export function flag<Row>(read: (row: Row) => boolean): Filter<Row> {
  return (raw, name) => {
    if (raw !== 'true' && raw !== 'false') throw unprocessable({ [name]: 'must be true or false' });
    return (row) => read(row) === (raw === 'true');
  };
}

/** One of the words; each is checked its own way, so that a filter's words need not be the answer's. */
export function oneOf<Row>(words: Record<string, (row: Row) => boolean>): Filter<Row> {
  return (raw, name) => {
    const wanted = words[raw];
    if (!wanted) throw unprocessable({ [name]: `must be one of ${Object.keys(words).join(', ')}` });
    return wanted;
  };
}

const COMPARE: Record<string, (value: number, bound: number) => boolean> = {
  gte: (value, bound) => value >= bound,
  lte: (value, bound) => value <= bound,
  gt: (value, bound) => value > bound,
  lt: (value, bound) => value < bound,
};

/** "gte|2026-01-01T00:00:00Z", also two-sided: "gte|A|lte|B". A row without the time does not match. */
export function moment<Row>(read: (row: Row) => string | null): Filter<Row> {
  return (raw, name) => {
    const parts = raw.split('|');
    const bounds: { holds: (value: number, bound: number) => boolean; bound: number }[] = [];
    for (let n = 0; n < parts.length; n += 2) {
      const holds = COMPARE[parts[n] ?? ''];
      const bound = Date.parse(parts[n + 1] ?? '');
      if (!holds || Number.isNaN(bound)) throw unprocessable({ [name]: 'must be like gte|2026-01-01T00:00:00Z' });
      bounds.push({ holds, bound });
    }
    return (row) => {
      const value = read(row);
      return value !== null && bounds.every(({ holds, bound }) => holds(Date.parse(value), bound));
    };
  };
}
