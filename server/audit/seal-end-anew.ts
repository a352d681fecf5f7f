import { sql } from 'drizzle-orm';
import type { Services, Transaction } from '../services.ts';
import { auditHead } from '../storage/schema.ts';
import { isLocked } from '../storage/seal.ts';
import { SEALED_FOR } from '../storage/seal-contexts.ts';
import type { Head } from './chain.ts';
import { readEnd, readHead, writeHead } from './head.ts';
import { type Found, findLinkFault } from './verify-chain.ts';

/**
 * `kept`: the end opens, or there is none. `sealed`: anew; `fault` is the first place whose link or details are wrong, which stays wrong
 * and goes on being named. `left`: as it is, because the end is not the one that was noted with it, or was forged under a key that is known.
 */
export type EndAnew =
  | { kind: 'kept' }
  | { kind: 'sealed'; end: Head; fault: Found }
  | { kind: 'left'; fault: NonNullable<Found> };

/**
 * Seals the end of the chain under the key that there is now, after the one that it was sealed with was lost. Only the end that stands
 * there in clear beside the lost seal is taken: a chain that was cut short, or went on behind it, gets no new one. What the hashes of the
 * entries cannot tell, that somebody wrote all of them anew, nobody can see without the lost key or an end that was noted elsewhere.
 */
export async function sealEndAnew(tx: Transaction, sealer: Services['sealer']): Promise<EndAnew> {
  // As linkChain does, and so not beside one.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('tagalong audit chain', 0))`);
  const [row] = await tx.select().from(auditHead).for('update');
  const kept = await readHead(tx, sealer);
  if (!row || kept.kind !== 'forged') return { kind: 'kept' };
  const end = await readEnd(tx);
  if (!isLocked(sealer, row.code, SEALED_FOR.auditHead)) return { kind: 'left', fault: { kind: 'head-forged', seq: end.seq } };
  if (end.seq < row.seq) return { kind: 'left', fault: { kind: 'cut-short', seq: end.seq + 1 } };
  if (end.seq > row.seq) return { kind: 'left', fault: { kind: 'beyond-head', seq: row.seq + 1 } };
  if (end.hash !== row.hash) return { kind: 'left', fault: { kind: 'other-end', seq: end.seq } };
  const fault = await findLinkFault(tx);
  await writeHead(tx, sealer, end);
  return { kind: 'sealed', end, fault };
}
