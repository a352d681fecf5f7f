import { Refused } from '../frame/problems.ts';

export interface Page {
  first?: number | null;
  offset?: number | null;
}

/** One page of the rows. @throws Refused */
export function toPage<T>(rows: readonly T[], { first, offset }: Page): T[] {
  const [start, count] = [offset ?? 0, first ?? 20];
  if (start < 0 || count < 1) throw new Refused("'first' must be positive and 'offset' not negative");
  return rows.slice(start, start + count);
}
