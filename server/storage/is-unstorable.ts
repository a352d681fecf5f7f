/**
 * SQLSTATE 22021 and 22P05: a text holds what PostgreSQL cannot store (the character 0, half a character). The sender's fault, also
 * inside the query layer's own error. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isUnstorable(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && (cause.code === '22021' || cause.code === '22P05')) return true;
  }
  return false;
}
