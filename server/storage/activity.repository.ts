import { type SQL, sql } from 'drizzle-orm';
import type { Snapshot } from '../../lib/domain/application.ts';
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
  /** What decides who may see the candidate; null where it is about nobody, or nobody who is known here. */
  seenBy: ({ connectionId: string } & Pick<Snapshot, 'ats' | 'confidential' | 'involved'>) | null;
  /** The text was found in what every admin may see; also where none was looked for. */
  isFoundOpenly: boolean;
};

/** Newest first; `before` is an entry's id. Looks at nobody's sight: what may not be shown has yet to be taken out. */
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
      exists (select from tagalong.audit e where e.application_key = a.application_key and e.action = ${ERASED}) as "isErased",
      case when app.snapshot is not null then jsonb_strip_nulls(jsonb_build_object('connectionId', app.connection_id,
        'ats', app.snapshot -> 'ats', 'confidential', app.snapshot -> 'confidential', 'involved', app.snapshot -> 'involved')) end as "seenBy",
      ${filter.text ? sql`coalesce(${openCondition(filter.text, filter)}, false)` : sql`true`} as "isFoundOpenly"
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

function textCondition(text: string, filter: ActivityFilter): SQL {
  const { codesOfText = [] } = filter;
  const like = likeOf(text);
  const codes = codesOfText.map((code) => `%"code":"${code}"%`);
  return sql`(
    ${openCondition(text, filter)}
    or d.detail ilike ${like} or d.detail like any(${sql.param(codes)}::text[])
    or app.snapshot ->> 'name' ilike ${like} or app.snapshot -> 'job' ->> 'name' ilike ${like})`;
}

/** In what tells nothing of a candidate: what was done, by whom and where. */
function openCondition(text: string, { actionsOfText = [] }: ActivityFilter): SQL {
  const like = likeOf(text);
  return sql`(
    a.action = any(${sql.param([...actionsOfText])}::text[])
    or m.name ilike ${like} or c.name ilike ${like} or w.name ilike ${like})`;
}

function likeOf(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
