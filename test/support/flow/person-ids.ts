import { createHash } from 'node:crypto';

/** A candidate's id at the instant ATS is that of the application and this. */
export const CANDIDATE_OFFSET = 1_000_000_000;

/** Ids of ours that are made up from a number: spread like random ones, as they are in a database of real ones. */
export function uuidOf(what: 'application' | 'invitation' | 'effect', n: number): string {
  const digest = createHash('md5').update(`${what} ${n}`).digest('hex');
  const hex = `${digest.slice(0, 12)}4${digest.slice(13, 16)}8${digest.slice(17)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The same as `uuidOf`, in SQL, over an expression for the number. */
export function uuidSql(what: 'application' | 'invitation' | 'effect', n: string): string {
  return `overlay(overlay(md5('${what} ' || ${n}) placing '4' from 13) placing '8' from 17)::uuid`;
}
