import { causesOf } from '../causes-of.ts';

/**
 * Network errors of the driver, and SQLSTATEs: class 08 connection, 53 resources (a full disk), 57 shutdown or cancelled, 58 the system under it,
 * 25006 read-only, 25P03 a time that was up, 40 and 55P03 another was in the way, XX001 and XX002 damaged files.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const DOWN_CODE =
  /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08\w{3}|53\w{3}|57\w{3}|58\w{3}|25006|25P0[34]|40\w{3}|55P03|XX00[12])$/;
/** node-postgres gives these without a code; the last ones come of a connection that broke or was silent (create-pool.ts). */
const DOWN_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after calling end|Query read timeout|is not queryable/;

/** True when the database could not be reached, so that asking again later may help; looks through wrapped errors. */
export function isStoreDown(error: unknown): boolean {
  for (const cause of causesOf(error)) {
    if ('code' in cause && typeof cause.code === 'string' && 'syscall' in cause && DOWN_CODE.test(cause.code)) return true;
    if ('severity' in cause && 'code' in cause && typeof cause.code === 'string' && DOWN_CODE.test(cause.code)) return true;
    if (DOWN_MESSAGE.test(cause.message)) return true;
  }
  return false;
}

/**
 * Another was in the way, by a deadlock (40P01) or a lock that was held for too long (55P03, and 57014 for what we limit by the statement), and
 * the database has ended this one: nothing of it was done.
 */
export function wasInTheWay(error: unknown): boolean {
  return causesOf(error).some((cause) => 'code' in cause && 'severity' in cause && IN_THE_WAY.has(String(cause.code)));
}

const IN_THE_WAY: ReadonlySet<string> = new Set(['40P01', '55P03', '57014']);
