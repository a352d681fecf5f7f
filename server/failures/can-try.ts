import { sql } from 'drizzle-orm';
import { failures } from '../storage/schema.ts';

/**
 * What there is a way for. All else is only told, to be read and discarded: what was put aside, a webhook that names nobody, a chore that
 * comes again by itself, and what a newer version lists.
 */
const TRIABLE = '^(effect|delivery|gap|job:(lane|input|effect|sweep)):';

const triable = new RegExp(TRIABLE);

export function canTry({ key }: { key: string }): boolean {
  return triable.test(key);
}

/** Can be tried without anybody's look at the other side. */
export function canTryUnseen(failure: { key: string; kind: string }): boolean {
  return canTry(failure) && failure.kind !== 'unconfirmed';
}

/** The same, of a row of the table. */
export const CAN_TRY_UNSEEN = sql<boolean>`(${failures.key} ~ ${TRIABLE} and ${failures.kind} <> 'unconfirmed')`;
