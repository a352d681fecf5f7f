import { type SQL, sql } from 'drizzle-orm';
import type { Services, Transaction } from '../services.ts';
import { type CheckedEntry, ERASED, type Fault, findDetailFault, findFault, GENESIS, type Head } from './chain.ts';
import { ENTRY_COLUMNS, type EntryRow } from './entry-columns.ts';
import { readHead } from './head.ts';

export interface Verified {
  /** Linked entries that were looked at, up to the first fault. */
  entries: number;
  /** Written a moment ago and not linked yet. */
  waiting: number;
  /** Details that are gone because the person was erased. */
  erased: number;
  /** The newest linked entry; null while there is none. */
  head: Head | null;
  /** The first place that is not as it was written. */
  fault: { kind: Fault; seq: number } | null;
}

const PAGE = 5000;

/**
 * Reads the whole chain, in one snapshot of the database and beside whoever writes to it, and finds the first place where an entry
 * was changed, taken out, put in or moved. `noted`: an end of the chain that somebody kept elsewhere; by it also a chain shows that
 * was cut short together with its sealed end.
 */
export async function verifyChain(
  { db, sealer }: Pick<Services, 'db' | 'sealer'>,
  { noted = null }: { noted?: Head | null } = {},
): Promise<Verified> {
  return await db.transaction(
    async (tx) => {
      const walked = await walk(tx, noted);
      const waiting = await checkWaiting(tx);
      const fault = walked.fault ?? (await checkEnd(tx, sealer, walked.end)) ?? waiting.fault;
      const isShort = noted !== null && fault === null && noted.seq > walked.end.seq;
      return {
        entries: walked.entries,
        waiting: waiting.count,
        erased: walked.erased,
        head: walked.end.seq === GENESIS.seq ? null : walked.end,
        fault: isShort ? { kind: 'cut-short', seq: walked.end.seq + 1 } : fault,
      };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

export type Found = { kind: Fault; seq: number } | null;

/** The first fault of what stands in the database by itself, without its sealed end. */
export async function findLinkFault(tx: Transaction): Promise<Found> {
  return (await walk(tx, null)).fault ?? (await checkWaiting(tx)).fault;
}

async function walk(tx: Transaction, noted: Head | null) {
  const erasedAt = await readErasures(tx);
  let end: Head = GENESIS;
  let entries = 0;
  let erased = 0;
  for (;;) {
    const page = await readEntries(tx, sql`a.seq > ${end.seq} order by a.seq limit ${PAGE}`);
    for (const entry of page) {
      const kind = findFault(end, entry, erasedAt);
      // After a gap the place that is missing is named, not the one that stands there instead.
      if (kind)
        return { end, entries, erased, fault: { kind, seq: kind === 'gap' ? end.seq + 1 : Number(entry.seq) } satisfies Found };
      if (entry.detailHash !== null && entry.detail === null) erased += 1;
      end = { seq: Number(entry.seq), hash: entry.hash };
      entries += 1;
      if (noted?.seq === end.seq && noted.hash !== end.hash) {
        return { end, entries, erased, fault: { kind: 'not-as-noted', seq: end.seq } satisfies Found };
      }
    }
    if (page.length < PAGE) return { end, entries, erased, fault: null };
  }
}

async function checkEnd(tx: Transaction, sealer: Services['sealer'], end: Head): Promise<Found> {
  const kept = await readHead(tx, sealer);
  if (kept.kind === 'forged') return { kind: 'head-forged', seq: end.seq };
  if (kept.kind === 'none') return end.seq === GENESIS.seq ? null : { kind: 'head-gone', seq: end.seq };
  const { head } = kept;
  if (end.seq < head.seq) return { kind: 'cut-short', seq: end.seq + 1 };
  if (end.seq > head.seq) return { kind: 'beyond-head', seq: head.seq + 1 };
  return end.hash === head.hash ? null : { kind: 'other-end', seq: end.seq };
}

/** Nothing holds these together yet, but each holds its own detail. */
async function checkWaiting(tx: Transaction): Promise<{ count: number; fault: Found }> {
  const { rows } = await tx.execute<{ count: string; next: string }>(sql`
    select count(*) filter (where seq is null)::text as count, (coalesce(max(seq), 0) + 1)::text as next from tagalong.audit`);
  const seq = Number(rows[0]?.next);
  const erasedAt = await readErasures(tx);
  for (let after = '0'; ; ) {
    const page = await readEntries(tx, sql`a.seq is null and a.id > ${after}::bigint order by a.id limit ${PAGE}`);
    for (const entry of page) {
      const kind = findDetailFault(entry, () => entry.applicationKey !== null && erasedAt(entry.applicationKey) > 0);
      if (kind) return { count: Number(rows[0]?.count), fault: { kind, seq } };
    }
    after = page.at(-1)?.id ?? after;
    if (page.length < PAGE) return { count: Number(rows[0]?.count), fault: null };
  }
}

/** The last place at which somebody of an application was erased; one not linked yet comes after all that is. Zero: nobody was. */
async function readErasures(tx: Transaction): Promise<(applicationKey: string) => number> {
  const { rows } = await tx.execute<{ key: string; seq: string | null }>(sql`
    select application_key::text as key, case when bool_or(seq is null) then null else max(seq)::text end as seq
    from tagalong.audit where action = ${ERASED} and application_key is not null group by application_key`);
  const places = new Map(rows.map(({ key, seq }) => [key, seq === null ? Number.POSITIVE_INFINITY : Number(seq)]));
  return (key) => places.get(key) ?? 0;
}

type Row = EntryRow & { seq: string; prevHash: string; hash: string; salt: string | null; detail: string | null };

async function readEntries(tx: Transaction, where: SQL): Promise<CheckedEntry[]> {
  const { rows } = await tx.execute<Row>(sql`
    select ${ENTRY_COLUMNS}, a.seq::text as "seq", coalesce(a.prev_hash, '') as "prevHash", coalesce(a.hash, '') as "hash",
      d.salt as "salt", d.detail as "detail"
    from tagalong.audit a left join tagalong.audit_details d on d.audit_id = a.id where ${where}`);
  return rows.map(({ salt, detail, ...entry }) => ({
    ...entry,
    detail: salt === null || detail === null ? null : { salt, detail },
  }));
}
