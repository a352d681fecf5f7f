import { type SQL, sql } from 'drizzle-orm';
import { ERASED } from '../audit/chain.ts';
import { ENTRY_COLUMNS, type EntryRow } from '../audit/entry-columns.ts';
import type { Database, Transaction } from '../services.ts';

export interface ActivityFilter {
  text?: string | undefined;
  member?: string | undefined;
  action?: string | undefined;
  connection?: string | undefined;
  application?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Actions and codes of reasons whose words have the text in them: an entry itself holds no sentence. */
  actionsOfText?: readonly string[];
  codesOfText?: readonly string[];
}

/** An entry with the names that belong to its ids by now. */
export type ActivityRow = EntryRow & {
  seq: string | null;
  hash: string | null;
  detail: string | null;
  memberName: string | null;
  whoConnectionName: string | null;
  connectionName: string | null;
  candidateName: string | null;
  jobName: string | null;
  isErased: boolean;
};

/** Newest first; `before` is an entry's id. */
export async function listActivity(
  db: Database | Transaction,
  filter: ActivityFilter,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<ActivityRow[]> {
  const where = conditionsOf(filter);
  if (before !== undefined) where.push(sql`a.id < ${before}::bigint`);
  const { rows } = await db.execute<ActivityRow>(sql`
    select ${ENTRY_COLUMNS}, a.seq::text as "seq", a.hash as "hash", d.detail as "detail",
      m.name as "memberName", w.name as "whoConnectionName", coalesce(c.name, ac.name) as "connectionName",
      app.snapshot ->> 'name' as "candidateName", app.snapshot -> 'job' ->> 'name' as "jobName",
      exists (select from tagalong.audit e where e.application_key = a.application_key and e.action = ${ERASED}) as "isErased"
    from tagalong.audit a
      left join tagalong.audit_details d on d.audit_id = a.id
      left join tagalong.members m on a.who_kind = 'member' and m.id::text = a.who_id
      left join tagalong.connections w on a.who_kind in ('webhook', 'vendor') and w.id::text = a.who_id
      left join tagalong.connections c on c.id = a.connection_id
      left join tagalong.applications app on app.key = a.application_key
      left join tagalong.connections ac on ac.id = app.connection_id
    where ${where.length === 0 ? sql`true` : sql.join(where, sql` and `)}
    order by a.id desc limit ${limit}`);
  return rows;
}

function conditionsOf(filter: ActivityFilter): SQL[] {
  const { text, member, action, connection, application, from, to } = filter;
  const conditions: SQL[] = [];
  if (member !== undefined) conditions.push(sql`a.who_kind = 'member' and a.who_id = ${member}`);
  if (action !== undefined) conditions.push(sql`a.action = ${action}`);
  if (connection !== undefined) conditions.push(sql`(a.connection_id = ${connection} or app.connection_id = ${connection})`);
  if (application !== undefined) conditions.push(sql`a.application_key = ${application}`);
  if (from !== undefined) conditions.push(sql`a.at >= ${from}::timestamptz`);
  if (to !== undefined) conditions.push(sql`a.at < ${to}::timestamptz`);
  if (text) conditions.push(textCondition(text, filter));
  return conditions;
}

function textCondition(text: string, { actionsOfText = [], codesOfText = [] }: ActivityFilter): SQL {
  const like = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const codes = codesOfText.map((code) => `%"code":"${code}"%`);
  return sql`(
    a.action = any(${sql.param([...actionsOfText])}::text[])
    or d.detail ilike ${like} or d.detail like any(${sql.param(codes)}::text[])
    or m.name ilike ${like} or c.name ilike ${like} or w.name ilike ${like}
    or app.snapshot ->> 'name' ilike ${like} or app.snapshot -> 'job' ->> 'name' ilike ${like})`;
}
