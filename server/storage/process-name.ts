import { randomBytes } from 'node:crypto';

/** Its pid is for people. Two containers on one database easily have the same one, so the rest tells them apart. */
const ID = `${process.pid}-${randomBytes(6).toString('hex')}`;
let keyMark: string | null = null;

/** From the next connection on the database knows under which master key this process seals. Told before it seals anything. */
export function tellKeyMark(mark: string): void {
  keyMark = mark;
}

/**
 * The name under which the database knows this process's connections: `tagalong <id> <key mark>`. The mark stands there for rotate-key.ts, and
 * not the time at which the session began: that would be compared with the time of a file by the clocks of two machines, and is that of
 * the newest session and not of the process.
 */
export function applicationName(): string {
  return ['tagalong', ID, ...(keyMark === null ? [] : [keyMark])].join(' ');
}

/** Over pg_stat_activity: the session is of another process than this one, whatever that is. Without the mark, which is told later. */
export const OF_ANOTHER_PROCESS = `split_part(application_name, ' ', 2) <> '${ID}'`;

/** The same, where the other one is of ours too and at this very database. */
export const OF_ANOTHER_OF_OURS = `datname = current_database() and application_name like 'tagalong %' and ${OF_ANOTHER_PROCESS}`;
