import type { CheckRun } from '../checks/check-report.ts';

/** Of what is asked. The slowest machine met came to 0.38 of it in the worst of the checks that are held to this. */
const SHARE = 1 / 3;

/**
 * What has to be reached by a check that tries what fits into its time: with less than this at size full it has shown little, however
 * good what it found. At size small, once.
 */
export function leastOf(asked: number, size: CheckRun['size']): number {
  return size === 'full' ? Math.ceil(asked * SHARE) : 1;
}

/** For a target: "200 kills". Nothing is said where once is enough. */
export function tellLeast(least: number, what: string): string {
  return least > 1 ? `; at least ${least.toLocaleString('en')} ${what}` : '';
}
