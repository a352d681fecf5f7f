import { createHash } from 'node:crypto';

/** One entry of the audit as it stands in the database, every column as PostgreSQL writes it: nothing is rounded on the way to a hash. */
export interface ChainEntry {
  seq: string;
  id: string;
  /** UTC with microseconds, `2026-01-31T12:00:00.000000Z`. */
  at: string;
  whoKind: string;
  whoId: string | null;
  action: string;
  applicationKey: string | null;
  connectionId: string | null;
  detailHash: string | null;
}

/** What an entry is linked by. */
export interface Link {
  prevHash: string;
  hash: string;
}

/** The end of a chain: the place and hash of its newest entry. */
export interface Head {
  seq: number;
  hash: string;
}

/** Before the first entry. */
export const GENESIS: Head = { seq: 0, hash: '0'.repeat(64) };

/** In the past tense, as every action: somebody's details are gone from here on because they were erased. One entry for each application. */
export const ERASED = 'candidate.erased';

/**
 * SHA-256, hex, over all columns that never change and the hash before. A JSON array of texts and nulls is unambiguous: no two
 * different entries are written alike, whatever stands in them.
 */
export function hashEntry(entry: ChainEntry, prevHash: string): string {
  const { seq, id, at, whoKind, whoId, action, applicationKey, connectionId, detailHash } = entry;
  const columns = [prevHash, seq, id, at, whoKind, whoId, action, applicationKey, connectionId, detailHash];
  return sha256(JSON.stringify(['tagalong audit 1', ...columns]));
}

/** SHA-256, hex. The salt keeps what was erased from being guessed by its hash. */
export function hashDetail({ salt, detail }: { salt: string; detail: string }): string {
  return sha256(JSON.stringify([salt, detail]));
}

/** Links entries, in this order, after `head`. */
export function linkAfter(head: Head, entries: readonly Omit<ChainEntry, 'seq'>[]): (Link & { seq: number; id: string })[] {
  let { seq, hash: prevHash } = head;
  return entries.map((entry) => {
    seq += 1;
    const linked = { seq, id: entry.id, prevHash, hash: hashEntry({ ...entry, seq: String(seq) }, prevHash) };
    prevHash = linked.hash;
    return linked;
  });
}

/** How a chain can be broken at one place. */
export type Fault =
  | 'gap'
  | 'changed'
  | 'not-linked'
  | 'detail-changed'
  | 'detail-added'
  | 'detail-gone'
  | 'head-gone'
  | 'head-forged'
  | 'cut-short'
  | 'beyond-head'
  | 'other-end'
  | 'not-as-noted';

export interface CheckedEntry extends ChainEntry, Link {
  detail: { salt: string; detail: string } | null;
}

/**
 * What is wrong with the entry that stands after `previous`, or null. `erasedAt`: where it was said that a person of this application
 * was erased; only before that may a detail be missing.
 */
export function findFault(previous: Head, entry: CheckedEntry, erasedAt: (applicationKey: string) => number): Fault | null {
  if (Number(entry.seq) !== previous.seq + 1) return 'gap';
  if (entry.prevHash !== previous.hash) return 'not-linked';
  if (entry.hash !== hashEntry(entry, entry.prevHash)) return 'changed';
  return findDetailFault(entry, () => entry.applicationKey !== null && erasedAt(entry.applicationKey) > Number(entry.seq));
}

/** The same for its detail alone. */
export function findDetailFault(
  { detail, detailHash }: Pick<CheckedEntry, 'detail' | 'detailHash'>,
  mayBeGone: () => boolean,
): Fault | null {
  if (detailHash === null) return detail === null ? null : 'detail-added';
  if (detail === null) return mayBeGone() ? null : 'detail-gone';
  return hashDetail(detail) === detailHash ? null : 'detail-changed';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
