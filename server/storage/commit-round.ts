import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { Services, Transaction } from '../services.ts';
import { toStorableJson } from '../storable-text.ts';
import type { Changes } from '../workflow/changes-between.ts';
import type { Effect } from '../workflow/effect.ts';
import type { Decision } from '../workflow/event.ts';
import type { Input } from '../workflow/input.ts';
import { type ApplicationState, toKeptState } from '../workflow/state.ts';
import { auditValues, auditWritten } from './audit.repository.ts';
import { auditOfRound } from './audit-of-round.ts';
import { toJsonRow } from './from-json-row.ts';
import { isUniqueViolation } from './is-unique-violation.ts';
import { listOf } from './list-of.ts';
import { readyStatement } from './ready-statement.ts';
import { inputs, invitations, stageEntries } from './schema.ts';
import { toInvitationColumns } from './to-invitation.ts';

/** Somebody else wrote first: another lane, an undo, another application of the same person. Load again and decide again. */
export class RoundConflict extends Error {}

/** What one round of a lane decided, to be written whole or not at all. */
export interface Round {
  key: string;
  leaseToken: string;
  before: ApplicationState;
  after: ApplicationState;
  /** The fresh snapshot, or null when none was read. */
  snapshot: Snapshot | null;
  readTrouble: string | null;
  /** The hint counter that was seen before the re-read; null leaves hints as they are. */
  handled: number | null;
  /** `inputKind`: of the input that was decided on, if it was one. `changed`: by this decision alone. */
  decisions: { decision: Decision; inputId: number | null; inputKind: Input['kind'] | null; changed: Changes }[];
  effects: { id: string; effect: Effect }[];
  /** Inputs that are settled without a decision of their own. */
  settledInputs: number[];
  policyVersion: number;
  now: Date;
  /** When the lane is to look again by itself. */
  dueAt: Date | null;
  /** When the vendor is to be asked about an invitation; null stops asking. */
  polls: ReadonlyMap<string, Date | null>;
  /** The commit lets go of the lane, too. */
  letsGo?: boolean;
}

/**
 * Writes the rounds of several lanes inside the caller's transaction, with as few statements as they allow: all of them or none. Answers their
 * new versions, in their order. Throws RoundConflict when a lease or a row has moved on; it does not say whose.
 */
export async function commitRounds(
  tx: Transaction,
  rounds: readonly Round[],
  services: Pick<Services, 'clock' | 'random'>,
): Promise<number[]> {
  const versions = await writeApplications(tx, rounds);
  const changed = await writeInvitations(tx, rounds);
  await writeStageEntries(tx, rounds);
  await writeOutcomes(tx, rounds, { changed, services });
  for (const { settledInputs, now } of rounds)
    if (settledInputs.length > 0) await tx.update(inputs).set({ handledAt: now }).where(inArray(inputs.id, settledInputs));
  return versions;
}

/** In the order of the keys, so that two groups never wait for each other in a circle. */
async function writeApplications(tx: Transaction, rounds: readonly Round[]): Promise<number[]> {
  const rows = rounds.map(({ key, leaseToken, after, snapshot, handled, dueAt, readTrouble, now, letsGo = false }) => ({
    ...{ key, token: leaseToken, lets_go: letsGo, state: toKeptState(after), outcome: after.outcome, due_at: dueAt },
    ...{ read_trouble: readTrouble, snapshot, read_at: snapshot?.readAt ?? null, candidate_id: snapshot?.candidateId ?? null },
    ...{ handled, now },
  }));
  const keys = rows.map(({ key }) => key);
  const given = UPDATE_APPLICATIONS({ rows: toStorableJson(rows), keys });
  const { rows: written } = await tx.execute<{ key: string; version: string }>(given);
  const versionOf = new Map(written.map(({ key, version }) => [key, Number(version)]));
  return rounds.map(({ key }) => {
    const version = versionOf.get(key);
    if (version === undefined) throw new RoundConflict('the lane belongs to somebody else now');
    return version;
  });
}

const UPDATE_APPLICATIONS = readyStatement(
  ['rows', 'keys'],
  ({ rows, keys }) => sql`
    with given as (select * from json_to_recordset(${rows}::json) as given(key uuid, token uuid, lets_go boolean, state jsonb,
        outcome jsonb, due_at timestamptz, read_trouble text, snapshot jsonb, read_at timestamptz, candidate_id text, handled bigint, now timestamptz)),
      held as materialized (select a.key as held_key from tagalong.applications a where a.key = any${listOf('uuid', sql`${keys}`)}
        order by a.key for no key update of a)
    update tagalong.applications a set state = given.state, outcome = given.outcome, due_at = given.due_at, read_trouble = given.read_trouble,
      snapshot = coalesce(given.snapshot, a.snapshot), snapshot_at = coalesce(given.read_at, a.snapshot_at),
      candidate_id = case when given.snapshot is null then a.candidate_id else given.candidate_id end,
      handled = coalesce(given.handled, a.handled), version = a.version + 1, updated_at = given.now,
      lease_token = case when given.lets_go then null else a.lease_token end,
      lease_holder = case when given.lets_go then null else a.lease_holder end,
      lease_until = case when given.lets_go then null else a.lease_until end
    from given join held on held_key = given.key
    where a.key = given.key and a.key = any${listOf('uuid', sql`${keys}`)} and a.lease_token = given.token
    returning a.key, a.version`,
);

interface ChangedInvitation {
  round: Round;
  old: Invitation | undefined;
  invitation: Invitation;
}

/**
 * Where a round changes several, one may make room for the other (one open invitation for each person), so these are written one after
 * another in its own order; of all other rounds together.
 */
async function writeInvitations(tx: Transaction, rounds: readonly Round[]): Promise<ChangedInvitation[]> {
  const single: ChangedInvitation[] = [];
  const all: ChangedInvitation[] = [];
  for (const round of rounds) {
    const changed = changedInvitations(round).map((invitation) => ({ round, invitation, old: oldOf(round, invitation) }));
    all.push(...changed);
    const [only, ...others] = changed;
    if (only?.old && others.length === 0) single.push(only);
    else for (const one of changed) await writeInvitation(tx, one);
  }
  await updateInvitations(tx, single);
  return all;
}

function oldOf({ before }: Round, { id }: Invitation): Invitation | undefined {
  return before.invitations.find((candidate) => candidate.id === id);
}

function changedInvitations({ before, after }: Round): Invitation[] {
  const old = new Map(before.invitations.map((invitation) => [invitation.id, invitation]));
  return after.invitations.filter((invitation) => old.get(invitation.id) !== invitation);
}

async function writeInvitation(tx: Transaction, changed: ChangedInvitation): Promise<void> {
  if (changed.old) return await updateInvitations(tx, [changed]);
  const { round, invitation } = changed;
  if (invitation.sentAt !== null) await ensureOnlyOwner(tx, invitation);
  const written = await tx
    .insert(invitations)
    .values({ ...columnsOf(changed), applicationKey: round.key })
    .onConflictDoNothing()
    .returning({ id: invitations.id });
  if (written.length === 0) throw new RoundConflict('another open invitation for this person exists');
}

function columnsOf({ round, old, invitation }: ChangedInvitation) {
  const kept = old && { remindedAt: old.remindedAt, review: old.review };
  return {
    ...toInvitationColumns({ ...kept, ...invitation }),
    version: (old?.version ?? 0) + 1,
    ...pollColumns(round, invitation),
  };
}

/** What of an invitation a round may change, as its columns are called. */
const INVITATION_COLUMNS = Object.keys(toJsonRow(invitations, {})).filter(
  (name) => !['id', 'application_key', 'sealed_link', 'poll_due_at', 'polls'].includes(name),
);

async function updateInvitations(tx: Transaction, changed: readonly ChangedInvitation[]): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map((one) => {
    const columns = columnsOf(one);
    return { ...toJsonRow(invitations, columns), polls_anew: 'polls' in columns };
  });
  const ids = changed.map(({ invitation }) => invitation.id);
  const written = await orConflict(tx.execute(UPDATE_INVITATIONS({ rows: toStorableJson(rows), ids })));
  if (written.rows.length < changed.length) throw new RoundConflict('the invitation was changed meanwhile');
}

const UPDATE_INVITATIONS = readyStatement(
  ['rows', 'ids'],
  ({ rows, ids }) => sql`
      with given as (select (one ->> 'polls_anew')::boolean as polls_anew, g.* from json_array_elements(${rows}::json) as one,
          json_populate_record(null::tagalong.invitations, one) as g),
        held as materialized (select v.id as held_id from tagalong.invitations v where v.id = any${listOf('uuid', sql`${ids}`)}
          order by v.id for no key update of v)
      update tagalong.invitations v set ${sql.raw(INVITATION_COLUMNS.map((name) => `${name} = given.${name}`).join(', '))},
        poll_due_at = case when given.polls_anew then given.poll_due_at else v.poll_due_at end,
        polls = case when given.polls_anew then given.polls else v.polls end
      from given join held on held_id = given.id
      where v.id = given.id and v.id = any${listOf('uuid', sql`${ids}`)} and v.version = given.version - 1
      returning v.id`,
);

/**
 * One that is new here and has gone out already was made outside and is attached. Two applications of this person may attach it at once, and
 * where it is closed no index tells them apart: so they take turns, and the second one decides again, on what the first has stored. What it
 * asks for is what `attach` (server/workflow/answers) refuses then: an open one of this person is kept to one by the index.
 */
async function ensureOnlyOwner(tx: Transaction, invitation: Invitation): Promise<void> {
  const { vendorConnectionId, assessmentExternalId, person, externalId } = invitation;
  const turn = `attach ${vendorConnectionId} ${assessmentExternalId} ${person}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${turn}, 0))`);
  const [other] = await tx
    .select({ id: invitations.id })
    .from(invitations)
    .where(
      and(
        eq(invitations.vendorConnectionId, vendorConnectionId),
        eq(invitations.person, person),
        ne(invitations.state, 'undone'),
        externalId === null ? eq(invitations.assessmentExternalId, assessmentExternalId) : eq(invitations.externalId, externalId),
      ),
    )
    .limit(1);
  if (other) throw new RoundConflict('somebody else has attached it meanwhile');
}

/** One that is opened again may meet another that is open by now; an update has no "on conflict". */
async function orConflict<T>(written: Promise<T>): Promise<T> {
  return await written.catch((error: unknown) => {
    if (isUniqueViolation(error)) throw new RoundConflict('another open invitation for this person exists');
    throw error;
  });
}

/** A change is a sign of life: asking the vendor begins anew with short pauses. */
function pollColumns(round: Round, invitation: Invitation): { pollDueAt: Date | null; polls: number } | Record<string, never> {
  const due = round.polls.get(invitation.id);
  return due === undefined ? {} : { pollDueAt: due, polls: 0 };
}

/** What came of the rounds, in all tables that only grow, with one statement. */
async function writeOutcomes(
  tx: Transaction,
  rounds: readonly Round[],
  { changed, services }: { changed: readonly ChangedInvitation[]; services: Pick<Services, 'clock' | 'random'> },
): Promise<void> {
  const [results, decisions, effects] = [resultsOf(changed), rounds.flatMap(decisionsOf), rounds.flatMap(effectsOf)];
  const entries = rounds.flatMap(auditOfRound);
  if (results.length + decisions.length + effects.length + entries.length === 0) return;
  const inputIds = decisions.flatMap((row) => row.input_id ?? []);
  const { rows } = await tx.execute<{ results: number; effects: number; handled: number }>(
    WRITE_OUTCOMES({
      results: toStorableJson(results),
      decisions: toStorableJson(decisions),
      effects: toStorableJson(effects),
      inputIds,
      ...auditValues(services, entries),
    }),
  );
  const [written] = rows;
  if (written?.results !== results.length) throw new RoundConflict('this version of the result exists already');
  if (written.effects !== effects.length) throw new RoundConflict('the same was asked for already');
  if (written.handled !== inputIds.length) throw new RoundConflict('a click was taken back meanwhile');
}

function resultsOf(changed: readonly ChangedInvitation[]) {
  return changed.flatMap(({ round, old, invitation: { id, result } }) =>
    result && result.version !== old?.result?.version ? [{ id, version: result.version, result, at: round.now }] : [],
  );
}

/** Of several decisions on one input the input keeps the last. */
function decisionsOf(round: Round) {
  return round.decisions.map(({ decision, inputId, inputKind }, place) => ({
    ...{ key: round.key, event: decision.event, at: round.now, raised_by: decision.raisedBy, reasons: decision.reasons },
    ...{ effect_keys: decision.effectKeys, invitation_id: decision.invitationId, action_id: decision.actionId },
    ...{
      policy: round.policyVersion,
      input_id: round.decisions.findLastIndex((one) => one.inputId === inputId) === place ? inputId : null,
      input_kind: inputKind,
    },
  }));
}

function effectsOf(round: Round) {
  return round.effects.map(({ id, effect }) => ({
    ...{ id, key: effect.key, kind: effect.kind, application_key: round.key, effect, at: round.now },
    invitation_id: effect.kind === 'remove-tag' ? null : effect.invitationId,
  }));
}

/** Ids of decisions are drawn first, so that their inputs can name them. */
const WRITE_OUTCOMES = readyStatement(
  ['results', 'decisions', 'effects', 'inputIds', 'auditRows', 'auditAt'],
  ({ results, decisions, effects, inputIds, ...audit }) => sql`
    with results_written as (
      insert into tagalong.results (invitation_id, version, result, created_at)
      select id, version, result, at from json_to_recordset(${results}::json) as given(id uuid, version int, result jsonb, at timestamptz)
      on conflict do nothing returning version
    ), decided as (
      select nextval('tagalong.decisions_id_seq') as id, g.* from rows from (json_to_recordset(${decisions}::json) as (key uuid, event text,
        at timestamptz, raised_by jsonb, reasons jsonb, effect_keys jsonb, invitation_id uuid, action_id text, policy bigint, input_id bigint, input_kind text
      )) with ordinality as g (key, event, at, raised_by, reasons, effect_keys, invitation_id, action_id, policy, input_id, input_kind, place) order by place
    ), handled as (
      update tagalong.inputs i set handled_at = decided.at, decision_id = decided.id from decided
      where i.id = decided.input_id and i.id = any${listOf('bigint', sql`${inputIds}`)} and i.input ->> 'kind' = decided.input_kind
      returning i.id
    ), decisions_written as (
      insert into tagalong.decisions (id, application_key, event, at, raised_by, reasons, effect_keys, invitation_id, action_id, policy_version)
      select id, key, event, at, raised_by, reasons, effect_keys, invitation_id, action_id, policy from decided order by id
    ), effects_written as (
      insert into tagalong.effects (id, key, kind, application_key, invitation_id, effect, state, created_at)
      select id, key, kind, application_key, invitation_id, effect, 'queued', at from json_to_recordset(${effects}::json) as
        given(id uuid, key text, kind text, application_key uuid, invitation_id uuid, effect jsonb, at timestamptz)
      on conflict do nothing returning id
    ), ${auditWritten(audit)}
    select (select count(*)::int from results_written) as results, (select count(*)::int from effects_written) as effects,
      (select count(*)::int from handled) as handled`,
);

async function writeStageEntries(tx: Transaction, rounds: readonly Round[]): Promise<void> {
  const rows = rounds.flatMap(freshEntries);
  if (rows.length === 0) return;
  const written = await tx.insert(stageEntries).values(rows).onConflictDoNothing().returning({ entryKey: stageEntries.entryKey });
  if (written.length < rows.length) throw new RoundConflict('a stage entry was decided meanwhile');
}

function freshEntries(round: Round) {
  const fresh = round.after.decidedEntries.filter((key) => !round.before.decidedEntries.includes(key));
  const known = new Map(round.snapshot?.stageEntries.map((entry) => [entry.key, entry]));
  return fresh.flatMap((entryKey) => {
    const entry = known.get(entryKey);
    return entry
      ? [
          {
            applicationKey: round.key,
            entryKey,
            stageId: entry.stageId,
            enteredAt: new Date(entry.enteredAt),
            decidedAt: round.now,
          },
        ]
      : [];
  });
}
