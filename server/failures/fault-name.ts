/**
 * What kind of fault it was, for the failures list: the database's code or the error's type. Never its message, which may quote a candidate's
 * data; that stands in the log, without parameters.
 */
export function faultName(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && /^\w{2,20}$/.test(cause.code)) return cause.code;
  }
  return error instanceof Error && /^\w{2,40}$/.test(error.name) ? error.name : 'unknown';
}
