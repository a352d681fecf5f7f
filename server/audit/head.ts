import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../services.ts';
import { auditHead } from '../storage/schema.ts';
import type { Sealer } from '../storage/seal.ts';
import { SEALED_FOR } from '../storage/seal-contexts.ts';
import { GENESIS, type Head } from './chain.ts';

/**
 * Where the chain ends, sealed with the master key: whoever can write to the database but does not hold the key cannot make another
 * end for it. (Sealing authenticates as a keyed code does, and survives a change of the key like every other secret.)
 */
export type KeptHead = { kind: 'none' } | { kind: 'forged' } | { kind: 'head'; head: Head };

/** @param lock holds it until the transaction ends */
export async function readHead(db: Database | Transaction, sealer: Sealer, lock = false): Promise<KeptHead> {
  const query = db.select().from(auditHead);
  const [row] = await (lock ? query.for('update') : query);
  if (!row) return { kind: 'none' };
  const head = { seq: row.seq, hash: row.hash };
  return opens(sealer, row.code, head) ? { kind: 'head', head } : { kind: 'forged' };
}

export async function writeHead(tx: Transaction, sealer: Sealer, head: Head): Promise<void> {
  const row = { ...head, code: sealer.seal(textOf(head), SEALED_FOR.auditHead) };
  await tx
    .insert(auditHead)
    .values({ one: true, ...row })
    .onConflictDoUpdate({ target: auditHead.one, set: row });
}

/**
 * Seals the head anew when the master key changes, in the caller's transaction. Throws when the head was not made under the old key:
 * what was forged is not made genuine by a new key.
 */
export async function recodeAuditHead(tx: Transaction, { from, to }: { from: Sealer; to: Sealer }): Promise<void> {
  const kept = await readHead(tx, from, true);
  if (kept.kind === 'forged') throw new Error('The end of the audit was not made with the old master key.');
  if (kept.kind === 'head') await writeHead(tx, to, kept.head);
}

/** The newest linked entry as it stands there; GENESIS while there is none. */
export async function readEnd(db: Database | Transaction): Promise<Head> {
  const { rows } = await db.execute<{ seq: string; hash: string }>(
    sql`select a.seq::text as "seq", coalesce(a.hash, '') as "hash" from tagalong.audit a
      where a.seq is not null order by a.seq desc limit 1`,
  );
  const [row] = rows;
  return row ? { seq: Number(row.seq), hash: row.hash } : GENESIS;
}

function opens(sealer: Sealer, code: string, head: Head): boolean {
  try {
    return sealer.open(code, SEALED_FOR.auditHead) === textOf(head);
  } catch {
    // Altered, or sealed with another key: both mean that it is not ours.
    return false;
  }
}

function textOf({ seq, hash }: Head): string {
  return `${seq}:${hash}`;
}
