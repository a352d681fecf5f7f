import type { Check, CheckRow, CheckRun } from './check-report.ts';

/** The rows of a check; one that says how it broke when it did. */
export async function runOne(check: Check, given: CheckRun): Promise<CheckRow[]> {
  try {
    return await check.run(given);
  } catch (error) {
    return [brokenRow(check, inFull(error))];
  }
}

/** Not `broke` as a figure of the check: it never came to one. */
export function brokenRow({ id, what }: Check, how: string): CheckRow {
  return { id, what, asked: '', reached: 'nothing', figure: `broke: ${how}`, target: 'to run through', met: false };
}

/** A failed query says which; why it failed stands in its cause. */
export function inFull(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\n  because: ${inFull(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
