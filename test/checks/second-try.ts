import { z } from 'zod';

/** The row of a run that did not come to its end: which checks are missing then, nobody knows. */
const THE_RUN = 'RUN';

const rowsSchema = z.array(z.looseObject({ id: z.string(), met: z.boolean() }));
export type Rows = z.infer<typeof rowsSchema>;

export function readRows(report: unknown): Rows {
  return rowsSchema.parse(report);
}

/** The arguments that have only those checks run again that missed a target; none where it has to be all of them. */
export function onlyMissed(first: Rows): string[] {
  const missed = missedIn(first);
  return missed ? ['--only', [...missed].join(',')] : [];
}

/** All rows of both tries: of a check that was run again only those of the second. */
export function addMet(first: Rows, second: Rows): Rows {
  const missed = missedIn(first);
  return missed ? [...first.filter(({ id }) => !missed.has(id)), ...second] : second;
}

/** Null where it cannot be told by the rows. */
function missedIn(rows: Rows): ReadonlySet<string> | null {
  const missed = new Set(rows.filter(({ met }) => !met).map(({ id }) => id));
  return missed.size === 0 || missed.has(THE_RUN) ? null : missed;
}
