import { toLine } from '../to-line.ts';

const MAX_NAME = 200;

/**
 * A candidate's name as it goes out: HackerRank puts it into its e-mail and its pages, so without links, HTML and what is left of it.
 * Undefined where nothing is left.
 */
export function toName(name: string | null): string | undefined {
  return toLine(toLine(name, MAX_NAME)?.replaceAll(/[<>]/g, ' '), MAX_NAME);
}
