export interface CrewSize {
  /** How many may run side by side now. */
  now(): number;
  /** One has ended, and others wait for its place. */
  endedBefore(others: boolean): void;
}

export interface CrewSizeParts {
  least: number;
  most: number;
  /** An allowance of calls ran short a little while ago: more side by side would only make first calls that cannot be gone on with. */
  isShort(): boolean;
  /** Milliseconds that only ever grow. */
  steadyMs(): number;
}

/** After so long without work nothing of what was learned holds any more: the next crowd may be another system's. */
const FORGOTTEN_AFTER_MS = 10_000;

/**
 * Many side by side share each way to the database, so that a piece of work costs less. Grows by one with each that ends while others wait,
 * and is small again as soon as an allowance runs short: additive increase and a fall to the beginning, as congestion control does it
 * (https://www.rfc-editor.org/rfc/rfc5681).
 */
export function createCrewSize({ least, most, isShort, steadyMs }: CrewSizeParts): CrewSize {
  let size = least;
  let endedAt = steadyMs();
  const look = () => {
    if (size > least && (isShort() || steadyMs() - endedAt > FORGOTTEN_AFTER_MS)) size = least;
    return size;
  };
  return {
    now: look,
    endedBefore(others) {
      look();
      endedAt = steadyMs();
      if (others && size < most && !isShort()) size += 1;
    },
  };
}
