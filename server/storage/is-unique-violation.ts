import { causesOf } from '../causes-of.ts';

/** SQLSTATE 23505, also inside the query layer's own error. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function isUniqueViolation(error: unknown): boolean {
  return causesOf(error).some((cause) => 'code' in cause && cause.code === '23505');
}
