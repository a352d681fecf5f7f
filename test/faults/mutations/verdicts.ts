export interface Verdict {
  mutation: string;
  /** Ids of the checks that missed their target. */
  caughtBy: string[];
  /** Ids of those that did not get to their end, with what they said. */
  brokenBy: string[];
}

/** Which guards a run was asked for, as on its command line. */
export interface Choice {
  only?: string;
  named?: string;
}

/** Where a run's verdicts are kept. One that was not asked for all has a file of its own, so that it takes no place in the report of the whole. */
export function reportOf({ only = '', named = '' }: Choice): string {
  const words = `${only} ${named}`.match(/[a-z0-9]+/gi) ?? [];
  return `.output/${['mutations', ...words].join('-').toLowerCase()}.json`;
}

/** A guard that does not stand where the list says was not taken out, so no check has seen it: it counts as one that survived. */
export function verdictOfMisplaced(mutation: string): Verdict {
  return { mutation, caughtBy: [], brokenBy: [] };
}

/** Of an earlier run, what need not be asked again: guards that were caught, as far as this run is about them. */
export function keepCaught(earlier: readonly Verdict[], mutations: readonly { name: string }[]): Verdict[] {
  const names = new Set(mutations.map(({ name }) => name));
  return earlier.filter(({ mutation, caughtBy }) => caughtBy.length > 0 && names.has(mutation));
}

/** What only broke a check is not caught: it might have broken over something else. */
export function countEnds(verdicts: readonly Verdict[]): { caught: number; broken: number; survived: number } {
  const caught = verdicts.filter(({ caughtBy }) => caughtBy.length > 0).length;
  const broken = verdicts.filter(({ caughtBy, brokenBy }) => caughtBy.length === 0 && brokenBy.length > 0).length;
  return { caught, broken, survived: verdicts.length - caught - broken };
}
