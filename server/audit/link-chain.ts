import { sql } from 'drizzle-orm';
import type { Services, Transaction } from '../services.ts';
import { type ChainEntry, type Fault, GENESIS, type Head, linkAfter } from './chain.ts';
import { ENTRY_COLUMNS, type EntryRow } from './entry-columns.ts';
import { readEnd, readHead, writeHead } from './head.ts';

const BATCH = 1000;
/** A chain that is broken stays so until somebody looks: said once in a while, not at every turn. */
const SAY_EVERY_MS = 10 * 60_000;

export type Linked = { kind: 'linked'; entries: number } | { kind: 'busy' } | { kind: 'broken'; fault: Fault; seq: number };

/**
 * Links what was written since the last time into the chain, oldest first, up to a thousand entries. One process at a time, by a lock of
 * the database. A chain whose end does not fit the sealed head is left as it is: going on would cover the traces.
 */
export async function linkChain({ db, sealer }: Pick<Services, 'db' | 'sealer'>): Promise<Linked> {
  return await db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ locked: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended('tagalong audit chain', 0)) as locked`,
    );
    if (rows[0]?.locked !== true) return { kind: 'busy' };
    const fresh = await readUnlinked(tx);
    if (fresh.length === 0) return { kind: 'linked', entries: 0 };
    const start = await findStart(tx, sealer);
    if ('fault' in start) return { kind: 'broken', ...start };
    const links = linkAfter(start, fresh);
    await write(tx, links);
    const last = links.at(-1);
    if (last) await writeHead(tx, sealer, { seq: last.seq, hash: last.hash });
    return { kind: 'linked', entries: links.length };
  });
}

/** `linkChain` as a chore of a loop: answers how many it linked, and says in the log when it cannot. */
export function createLinkChore({
  log,
  clock,
  ...services
}: Pick<Services, 'db' | 'sealer' | 'log' | 'clock'>): () => Promise<number> {
  let saidAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const linked = await linkChain(services);
    if (linked.kind === 'linked') return linked.entries;
    const now = clock.now().getTime();
    if (linked.kind === 'broken' && now - saidAt >= SAY_EVERY_MS) {
      saidAt = now;
      log.error(
        { fault: linked.fault, entry: linked.seq },
        'the audit is broken, and nothing more is linked to it: npm run verify-audit',
      );
    }
    return 0;
  };
}

async function findStart(tx: Transaction, sealer: Services['sealer']): Promise<Head | { fault: Fault; seq: number }> {
  const end = await readEnd(tx);
  const kept = await readHead(tx, sealer, true);
  if (kept.kind === 'forged') return { fault: 'head-forged', seq: end.seq };
  if (kept.kind === 'none') return end.seq === GENESIS.seq ? GENESIS : { fault: 'head-gone', seq: end.seq };
  const { head } = kept;
  if (end.seq < head.seq) return { fault: 'cut-short', seq: end.seq + 1 };
  if (end.seq > head.seq) return { fault: 'beyond-head', seq: head.seq + 1 };
  return end.hash === head.hash ? head : { fault: 'other-end', seq: end.seq };
}

async function readUnlinked(tx: Transaction): Promise<Omit<ChainEntry, 'seq'>[]> {
  const { rows } = await tx.execute<EntryRow>(
    sql`select ${ENTRY_COLUMNS} from tagalong.audit a where a.seq is null order by a.id limit ${BATCH}`,
  );
  return rows;
}

async function write(tx: Transaction, links: ReturnType<typeof linkAfter>): Promise<void> {
  const rows = JSON.stringify(links.map(({ id, seq, prevHash, hash }) => ({ id, seq, prev_hash: prevHash, hash })));
  await tx.execute(sql`
    update tagalong.audit a set seq = l.seq, prev_hash = l.prev_hash, hash = l.hash
    from jsonb_to_recordset(${rows}::jsonb) as l (id bigint, seq bigint, prev_hash text, hash text)
    where a.id = l.id`);
}
