import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import { hashDetail } from '../audit/chain.ts';
import type { Database, Services, Transaction } from '../services.ts';
import { readyStatement } from './ready-statement.ts';

/** Who did it. `command`: somebody at the server's own command line. */
export type AuditWho =
  | { kind: 'member'; id: string }
  | { kind: 'rule' | 'ats' | 'command' | 'system' }
  /** A webhook of this connection, or its answer when we asked. */
  | { kind: 'webhook' | 'vendor'; id: string };

/** One thing that was done. */
export interface AuditEntry {
  who: AuditWho;
  /** In the past tense, subject first: `invitation.requested`, `connection.changed`, `rules.changed`. */
  action: string;
  applicationKey?: string | null;
  connectionId?: string | null;
  /** Why, before and after; may name people, never a secret or a test link. Left out where the action says it all. */
  detail?: AuditDetail;
}

export interface AuditDetail {
  why?: unknown;
  before?: unknown;
  after?: unknown;
}

/**
 * Writes an entry into the caller's transaction, so that it stands if and only if what it tells of does. It is linked into the chain a
 * moment later (server/audit), because a chain made here would let one commit wait for the other.
 */
export async function appendAudit(
  tx: Transaction | Database,
  services: Pick<Services, 'clock' | 'random'>,
  entry: AuditEntry,
): Promise<void> {
  await appendAuditAll(tx, services, [entry]);
}

/** Several at once, in their order, with one statement. */
export async function appendAuditAll(
  tx: Transaction | Database,
  services: Pick<Services, 'clock' | 'random'>,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length > 0) await tx.execute(WRITE(auditValues(services, entries)));
}

/** What `auditWritten` writes. */
export function auditValues(
  { clock, random }: Pick<Services, 'clock' | 'random'>,
  entries: readonly AuditEntry[],
): { auditRows: string; auditAt: string } {
  const rows = entries.map(({ who, action, applicationKey = null, connectionId = null, detail }) => {
    const kept = detail ? { salt: random.uuid(), detail: JSON.stringify(detail) } : null;
    return {
      who_kind: who.kind,
      who_id: 'id' in who ? who.id : null,
      action,
      application_key: applicationKey,
      connection_id: connectionId,
      detail_hash: kept ? hashDetail(kept) : null,
      salt: kept?.salt ?? null,
      detail: kept?.detail ?? null,
    };
  });
  return { auditRows: JSON.stringify(rows), auditAt: clock.now().toISOString() };
}

/**
 * The part of a `with` that writes entries, which may stand beside others in one statement. The id is drawn before both tables are written, so
 * that one way to the database serves them.
 */
export function auditWritten({ auditRows, auditAt }: { auditRows: Placeholder; auditAt: Placeholder }): SQL {
  return sql`audit_given as (
      select nextval('tagalong.audit_id_seq') as id, g.* from rows from (jsonb_to_recordset(${auditRows}::jsonb) as (
        who_kind text, who_id text, action text, application_key uuid, connection_id uuid, detail_hash text, salt text, detail text
      )) with ordinality as g (who_kind, who_id, action, application_key, connection_id, detail_hash, salt, detail, place)
      order by place
    ), audit_written as (
      insert into tagalong.audit (id, at, who_kind, who_id, action, application_key, connection_id, detail_hash)
      select id, ${auditAt}::timestamptz, who_kind, who_id, action, application_key, connection_id, detail_hash from audit_given order by id
    ), audit_detailed as (
      insert into tagalong.audit_details (audit_id, salt, detail) select id, salt, detail from audit_given where detail is not null
    )`;
}

const WRITE = readyStatement(['auditRows', 'auditAt'], (places) => sql`with ${auditWritten(places)} select`);
