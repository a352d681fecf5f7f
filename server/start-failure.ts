import { causesOf } from './causes-of.ts';
import { say } from './say.ts';

/** What the disk or the memory has spoilt, and what PostgreSQL cannot read from its files: SQLSTATE classes XX and 58. */
const DAMAGED = /^(XX|58)/;
/** A table or a column that every database of this version has: something was taken out by hand, or half restored. */
const NOT_WHOLE = /^(42P01|42703)$/;

/**
 * Why the server did not start, for the console. A query that failed is told by the database's words and never by the query, and damage with
 * what to do. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function startFailure(error: unknown): string {
  const cause = databaseErrorIn(error);
  if (!cause) return error instanceof Error ? error.message : String(error);
  if (DAMAGED.test(cause.code)) return say('server.start.damaged', { detail: cause.message });
  return NOT_WHOLE.test(cause.code) ? say('server.start.not-whole', { detail: cause.message }) : cause.message;
}

/** The query layer wraps what the database said into the whole query with its values. */
function databaseErrorIn(error: unknown): { code: string; message: string } | null {
  for (const cause of causesOf(error))
    if ('code' in cause && typeof cause.code === 'string' && /^[0-9A-Z]{5}$/.test(cause.code))
      return { code: cause.code, message: cause.message };
  return null;
}
