import type { Look } from './look-at-deleted.ts';

/** Of the time; both ends belong to it. Null: until now, and whatever changes while it is read. */
export interface Slice {
  since: Date;
  until: Date | null;
}

/** Neither ATS tells more of its times than we need here; a part that is shorter cannot be halved. */
const SHORTEST_MS = 1000;

export interface SliceMeans {
  look(slice: Slice): Promise<Look>;
  /** The ATS's time now; null where the look asks for what is to come. */
  upTo(): Date | null;
  /** What is left is for another look. */
  isEnough?(): boolean;
  /** Everything until then was seen. */
  onWhole(until: Date): Promise<void>;
}

/**
 * Looks at all there is since then: at once, or where that is too much for one list, slice by slice, the earliest first. Who changes while the
 * slices are read moves to the last one, which has no end. A look that ends before all is seen has told by `onWhole` how far it got.
 */
export async function lookInSlices(since: Date, { look, upTo, isEnough, onWhole }: SliceMeans): Promise<Look> {
  const left: Slice[] = [{ since, until: null }];
  let found = 0;
  for (let slice = left.pop(); slice; slice = left.pop()) {
    const seen = await look(slice);
    const halves = seen.ended === 'too-much' ? halve(slice, upTo()) : null;
    if (halves) {
      left.push(halves[1], halves[0]);
      continue;
    }
    found += seen.found;
    if (seen.ended !== 'complete') return { found, ended: seen.ended };
    if (slice.until) await onWhole(slice.until);
    if (left.length > 0 && isEnough?.()) return { found, ended: 'too-long' };
  }
  return { found, ended: 'complete' };
}

/** Its two halves, of which both hold the moment between them. Null: it cannot be halved. */
export function halve({ since, until }: Slice, now: Date | null): [Slice, Slice] | null {
  const end = until ?? now;
  if (!end || end.getTime() - since.getTime() < 2 * SHORTEST_MS) return null;
  const middle = new Date(Math.floor((since.getTime() + end.getTime()) / 2 / SHORTEST_MS) * SHORTEST_MS);
  return [
    { since, until: middle },
    { since: middle, until },
  ];
}
