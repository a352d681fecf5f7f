import { sql } from 'drizzle-orm';
import { type EndAnew, sealEndAnew } from '../audit/seal-end-anew.ts';
import { forgetLostErasureKey } from '../erasure/forget-lost-key.ts';
import { say } from '../say.ts';
import type { Services, Transaction } from '../services.ts';
import { appendAudit } from './audit.repository.ts';

/** What came of it, and what is to be told on the terminal; no lines when nothing was sealed under a lost key. */
interface GivenUp {
  lines: string[];
  /** The activity has a fault, which is in the lines too. */
  isFaulty: boolean;
}

/**
 * After the master key was lost for good: begins anew what nobody could enter again and without which a server does no work, the key of
 * the erased and the sealed end of the activity. What it costs is told, and stands in the activity. Credentials are entered again by people.
 * Changes nothing that opens, so it may be repeated.
 */
export async function giveUpLostKey(tx: Transaction, services: Pick<Services, 'sealer' | 'clock' | 'random'>): Promise<GivenUp> {
  // An export may be older than both.
  const { rows } = await tx.execute<{ there: boolean }>(sql`select to_regclass('tagalong.audit_head') is not null as there`);
  if (rows[0]?.there !== true) return { lines: [], isFaulty: false };
  const hashes = await forgetLostErasureKey(tx, services);
  const end = await sealEndAnew(tx, services.sealer);
  const [ofErased, ofEnd] = [hashes === null ? [] : [say('server.lost-key.erased')], linesOf(end)];
  const who = { kind: 'command' } as const;
  if (hashes !== null)
    await appendAudit(tx, services, {
      who,
      action: 'erasures.key-lost',
      detail: { why: ofErased.join(' '), before: { hashes } },
    });
  if (end.kind === 'sealed')
    await appendAudit(tx, services, { who, action: 'activity.sealed-anew', detail: { why: ofEnd.join(' ') } });
  return { lines: [...ofErased, ...ofEnd], isFaulty: end.kind === 'left' || (end.kind === 'sealed' && end.fault !== null) };
}

function linesOf(anew: EndAnew): string[] {
  if (anew.kind === 'kept') return [];
  const { fault } = anew;
  const broken = fault
    ? [say('server.verify-audit.broken', { seq: fault.seq, fault: say(`server.verify-audit.fault.${fault.kind}`) })]
    : [];
  if (anew.kind === 'left') return [say('server.lost-key.left'), ...broken];
  return [say('server.lost-key.sealed', { end: `${anew.end.seq}:${anew.end.hash}` }), ...broken];
}
