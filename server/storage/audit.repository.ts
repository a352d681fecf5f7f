import { createHash } from 'node:crypto';
import type { Database, Services, Transaction } from '../services.ts';
import { audit, auditDetails } from './schema.ts';

/** Who did it. `command`: somebody at the server's own command line. */
export type AuditWho =
  | { kind: 'member'; id: string }
  | { kind: 'rule' | 'ats' | 'command' | 'system' }
  /** A webhook of this connection. */
  | { kind: 'webhook'; id: string };

/** One thing that was done. */
export interface AuditEntry {
  who: AuditWho;
  /** In the past tense, subject first: `invitation.requested`, `connection.changed`, `rules.changed`. */
  action: string;
  applicationKey?: string | null;
  connectionId?: string | null;
  /** Why, before and after; may name people, never a secret or a test link. Left out where the action says it all. */
  detail?: { why?: unknown; before?: unknown; after?: unknown };
}

/**
 * Writes an entry into the caller's transaction, so that it stands if and only if what it tells of does. It is linked into the chain a
 * moment later (server/audit), because a chain made here would let one commit wait for the other.
 */
export async function appendAudit(
  tx: Transaction | Database,
  { clock, random }: Pick<Services, 'clock' | 'random'>,
  entry: AuditEntry,
): Promise<void> {
  const { who, action, applicationKey = null, connectionId = null } = entry;
  const detail = entry.detail ? { salt: random.uuid(), detail: JSON.stringify(entry.detail) } : null;
  const [row] = await tx
    .insert(audit)
    .values({
      at: clock.now(),
      whoKind: who.kind,
      whoId: 'id' in who ? who.id : null,
      action,
      applicationKey,
      connectionId,
      detailHash: detail ? hashDetail(detail) : null,
    })
    .returning({ id: audit.id });
  if (row && detail) await tx.insert(auditDetails).values({ auditId: row.id, ...detail });
}

/** SHA-256, hex. The salt keeps what was erased from being guessed by its hash. */
export function hashDetail({ salt, detail }: { salt: string; detail: string }): string {
  return createHash('sha256').update(salt).update('\n').update(detail).digest('hex');
}
