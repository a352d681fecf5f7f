import type { InferSelectModel } from 'drizzle-orm';
import { asc, eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../services.ts';
import type { Input } from '../workflow/input.ts';
import type { OwnMove } from '../workflow/observe.ts';
import { nameOf, personKey } from '../workflow/prepare-invitation.ts';
import { type ApplicationState, EMPTY_STATE, type InvitationElsewhere } from '../workflow/state.ts';
import { PUT_RIGHT_BY_ROUND } from './failures.repository.ts';
import { fromJsonRow, type JsonRow } from './from-json-row.ts';
import { gather, oneFor } from './gather.ts';
import { listOf } from './list-of.ts';
import { readyStatement } from './ready-statement.ts';
import { applications, invitations } from './schema.ts';
import { toInvitation } from './to-invitation.ts';

export type ApplicationRow = InferSelectModel<typeof applications>;

/** One application with all that a decision may know, as it was at one moment. */
export interface Case {
  row: ApplicationRow;
  state: ApplicationState;
  inputs: { id: number; key: string; input: Input; createdAt: Date }[];
  ownMoves: OwnMove[];
  /** Of effects that are still to be done: what kept them so far, as sentences. */
  waitingErrors: string[];
  /** Ids of the invitations whose link is kept. */
  withLink: ReadonlySet<string>;
  /** The person is about to be erased: nothing is read and nothing goes out, but for what takes invitations back. */
  erasing: boolean;
  /** Something of it stands on the failures list that a round which comes through settles. */
  hasFault: boolean;
}

/** How many waiting inputs are decided in one commit. */
const INPUTS_PER_ROUND = 50;

/** Undefined when there is no such application. One statement, so that all of it is of one moment. */
export async function loadCase(db: Database | Transaction, key: string): Promise<Case | undefined> {
  const [found] = await loadCases(db, [key]);
  return found;
}

/** `loadCase` for many who ask at once, each of a moment after the asking. */
export const loadCaseTogether = oneFor((db: Database) => gather((keys: readonly string[]) => loadCases(db, keys)));

/** In the order of the keys. */
async function loadCases(db: Database | Transaction, keys: readonly string[]): Promise<(Case | undefined)[]> {
  const rows = await preparedFor(db).execute({ keys: [...keys] });
  const byKey = new Map(rows.map((row) => [String(row.application.key), row]));
  return keys.map((key) => {
    const row = byKey.get(key);
    return row && toCase(row);
  });
}

function toCase(found: Awaited<ReturnType<Prepared['execute']>>[number]): Case {
  const { application, asked, erasing, hasFault } = found;
  const row = fromJsonRow<ApplicationRow>(applications, application);
  const own = (found.own ?? []).map((invitation) => fromJsonRow<InferSelectModel<typeof invitations>>(invitations, invitation));
  return {
    row,
    state: {
      ...EMPTY_STATE,
      ...row.state,
      outcome: row.outcome,
      invitations: own.map(toInvitation),
      elsewhere: [],
      decidedEntries: found.entries ?? [],
      // Rows of earlier versions do not tell which of their times were derived.
      derivedEntries: row.state.derivedEntries ?? found.entries ?? [],
      effectKeys: (asked ?? []).map((effect) => effect.key),
    },
    // Inputs are written by this server alone, from parsed requests; their shape is the Input type.
    inputs: (found.waiting ?? []).map(({ id, key: inputKey, input, created_at: createdAt }) => ({
      id,
      key: inputKey,
      input,
      createdAt: new Date(createdAt),
    })),
    ownMoves: (asked ?? []).flatMap(ownMoveOf),
    waitingErrors: (asked ?? []).flatMap(({ waiting_error: error }) => (error === null ? [] : [error])),
    withLink: new Set(own.filter(({ sealedLink }) => sealedLink !== null).map(({ id }) => id)),
    erasing,
    hasFault,
  };
}

interface Asked {
  key: string;
  state: string;
  to: string | null;
  waiting_error: string | null;
  started_at: string | null;
  finished_at: string | null;
}

type Prepared = ReturnType<typeof prepare>;
const prepared = new WeakMap<Database | Transaction, Prepared>();

function preparedFor(db: Database | Transaction): Prepared {
  const known = prepared.get(db) ?? prepare(db);
  prepared.set(db, known);
  return known;
}

/** The database plans it once for each session. */
function prepare(db: Database | Transaction) {
  const of = (table: string) => sql.raw(`tagalong.${table}`);
  // Drizzle leaves out a lone table's name, and effects have a key of their own.
  const mine = sql.raw('application_key = applications.key');
  return db
    .select({
      application: sql<JsonRow>`row_to_json(applications.*)`,
      waiting: sql<{ id: number; key: string; input: Input; created_at: string }[] | null>`(select json_agg(i order by i.id) from
        (select id, key, input, created_at from ${of('inputs')} where ${mine} and handled_at is null order by id limit ${sql.raw(`${INPUTS_PER_ROUND}`)}) i)`,
      own: sql<JsonRow[] | null>`(select json_agg(v order by v.created_at, v.id) from ${of('invitations')} v where ${mine})`,
      entries: sql<string[] | null>`(select json_agg(entry_key) from ${of('stage_entries')} where ${mine})`,
      asked: sql<Asked[] | null>`(select json_agg(e) from (select key, state, started_at, finished_at,
        case when kind = 'move-to-stage' then effect ->> 'toStageId' end as to,
        case when state in ('queued', 'calling') then error end as waiting_error from ${of('effects')} where ${mine}) e)`,
      erasing: sql<boolean>`exists (select from ${of('erasures')} where finished_at is null
        and application_keys @> jsonb_build_array(applications.key::text))`,
      hasFault: sql<boolean>`exists (select from ${of('failures')} where ${mine} and ${PUT_RIGHT_BY_ROUND})`,
    })
    .from(applications)
    .where(sql`${applications.key} = any${listOf('uuid', sql`${sql.placeholder('keys')}`)}`)
    .prepare('load_case');
}

/** A move that failed for certain made no entry. */
function ownMoveOf({ to, state, started_at: startedAt, finished_at: finishedAt }: Asked): OwnMove[] {
  if (to === null || state === 'failed' || !startedAt) return [];
  return [
    {
      toStageId: to,
      startedAt: new Date(startedAt).toISOString(),
      endedAt: finishedAt ? new Date(finishedAt).toISOString() : null,
    },
  ];
}

/** What of an application tells whether there is work in its lane. */
export interface Waiting {
  dueAt: Date | null;
  hinted: number;
  handled: number;
  inputs: readonly number[];
}

/** Undefined when there is no such application. */
export function lookForWork(db: Database, key: string): Promise<Waiting | undefined> {
  return lookerOf(db)(key);
}

const lookerOf = oneFor((db: Database) =>
  gather(async (keys: readonly string[]) => {
    const { rows } = await db.execute<{
      key: string;
      due_at: string | null;
      hinted: string;
      handled: string;
      inputs: number[] | null;
    }>(WAITING({ keys }));
    const byKey = new Map(rows.map((row) => [row.key, row]));
    return keys.map((key) => {
      const row = byKey.get(key);
      if (!row) return undefined;
      const dueAt = row.due_at === null ? null : new Date(row.due_at);
      return { dueAt, hinted: Number(row.hinted), handled: Number(row.handled), inputs: row.inputs ?? [] };
    });
  }),
);

const WAITING = readyStatement(
  ['keys'],
  ({ keys }) => sql`select key, due_at, hinted, handled, (select json_agg(i.id) from (select id from tagalong.inputs
      where application_key = a.key and handled_at is null order by id limit ${sql.raw(`${INPUTS_PER_ROUND}`)}) i) as inputs
    from tagalong.applications a where key = any${listOf('uuid', sql`${keys}`)}`,
);

/** What other applications of the same person have going, or had: a person is who has one of these addresses. */
export async function findElsewhere(db: Database, key: string, emails: readonly string[]): Promise<InvitationElsewhere[]> {
  const persons = [...new Set(emails.map(personKey))].filter(Boolean);
  if (persons.length === 0) return [];
  return await elsewhereOf(db)({ key, persons });
}

const elsewhereOf = oneFor((db: Database) => {
  const ofPersons = db
    .select({ ...ELSEWHERE, jobName: sql<string | null>`${applications.snapshot} -> 'job' ->> 'name'` })
    .from(invitations)
    .innerJoin(applications, eq(applications.key, invitations.applicationKey))
    .where(sql`${invitations.person} = any${listOf('text', sql`${sql.placeholder('persons')}`)}`)
    .orderBy(asc(invitations.createdAt))
    .prepare('invitations_of_persons');
  return gather(async (asked: readonly { key: string; persons: readonly string[] }[]): Promise<InvitationElsewhere[][]> => {
    const rows = await ofPersons.execute({ persons: [...new Set(asked.flatMap((one) => one.persons))] });
    return asked.map((one) =>
      rows
        .filter(({ person, applicationKey }) => applicationKey !== one.key && one.persons.includes(person))
        .map(({ applicationKey: _key, raisedBy, ...rest }) => ({ ...rest, byName: nameOf(raisedBy) })),
    );
  });
});

const ELSEWHERE = {
  applicationKey: invitations.applicationKey,
  invitationId: invitations.id,
  vendorConnectionId: invitations.vendorConnectionId,
  assessmentExternalId: invitations.assessmentExternalId,
  assessmentName: invitations.assessmentName,
  externalId: invitations.externalId,
  person: invitations.person,
  state: invitations.state,
  attempt: invitations.attempt,
  raisedBy: invitations.raisedBy,
};
