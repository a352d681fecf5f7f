import type { InferSelectModel } from 'drizzle-orm';
import { and, desc, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Pool } from 'pg';
import { type ConnectionSettings, vendorNameOf } from '../../lib/contract/settings.ts';
import { VENDOR_KINDS } from '../../lib/domain/assessment.ts';
import type { RaisedBy } from '../../lib/domain/invitation.ts';
import type { EffectContext, EffectOutcome } from '../effects/runner.ts';
import { giveUpEffect, runEffectKind } from '../effects/runners.ts';
import { waitForKey } from '../effects/wait-for-key.ts';
import { faultName } from '../failures/fault-name.ts';
import { withPriority } from '../outbound/call-priority.ts';
import { CONNECT_TIMEOUT_MS } from '../outbound/exchange.ts';
import type { Mailer } from '../outbound/mailer.ts';
import type { CallResult } from '../outbound/outcome.ts';
import type { RateGovernor } from '../outbound/rate-governor.ts';
import { mayWrite, NOT_OURS_ANY_MORE, withWriteGuard } from '../outbound/write-guard.ts';
import { attributesToRecruiters, findActingUser, raiserOf } from '../people/acting-user.ts';
import { say } from '../say.ts';
import type { Services, Transaction } from '../services.ts';
import { toStorableJson, toStorableText } from '../storable-text.ts';
import { isErasing } from '../storage/being-erased.ts';
import { type StillHeld, withEffectLock } from '../storage/effect-lock.ts';
import { failureKeys, noteFailure } from '../storage/failures.repository.ts';
import { fromJsonRow, type JsonRow } from '../storage/from-json-row.ts';
import { gather, oneFor } from '../storage/gather.ts';
import { isStoreDown } from '../storage/is-store-down.ts';
import { findKeptReceipt, keepReceipt } from '../storage/kept-receipts.repository.ts';
import { listOf } from '../storage/list-of.ts';
import { mayHaveGoneOut } from '../storage/may-have-gone-out.ts';
import { readyStatement } from '../storage/ready-statement.ts';
import { isFromBackup, isSoonAfterRestore, RESTORED_AT } from '../storage/restored-at.ts';
import { applications, assessments, connections, decisions, effects, invitations } from '../storage/schema.ts';
import { UnreadableSecret } from '../storage/seal.ts';
import { SEALED_FOR } from '../storage/seal-contexts.ts';
import { toInvitation } from '../storage/to-invitation.ts';
import type { Effect } from '../workflow/effect.ts';
import type { EffectReport, Input } from '../workflow/input.ts';
import type { Announce } from './announce.ts';
import { priorityOfEffect } from './calling-priority.ts';
import type { Connector } from './connector.ts';
import { sendLanes, type WorkQueue } from './work-queue.ts';

export interface EffectParts {
  services: Services;
  /** Of the sessions that hold locks. */
  pool: Pool;
  connector: Connector;
  governor: Pick<RateGovernor, 'hasStopped'>;
  mailer: () => Promise<CallResult<Mailer>>;
  queue: WorkQueue;
  announce: Announce;
}

type EffectRow = InferSelectModel<typeof effects>;
type ApplicationRow = InferSelectModel<typeof applications>;

/**
 * A call of a process that died may still be on its way: by then it has arrived, and whoever looks sees what it did. Until then nobody
 * takes its effect over.
 */
const IN_FLIGHT_MS = 8000;

/** After a day of bad weather a person has to know. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000;
const BACKOFF_MAX_MS = 5 * 60_000;

/**
 * Runs one effect, once. A lock of the database is held for as long as it runs, so that a worker that died lets go at once and a
 * worker that is only slow does not. That the call is about to be made is committed before it is made: whoever finds an effect in
 * the state `calling` without a holder knows that it may have happened.
 */
export async function runEffect(parts: EffectParts, effectId: string): Promise<'done' | 'busy' | 'later'> {
  return await withEffectLock(parts.pool, effectId, (stillHeld) => {
    const guard = guardOf(parts, stillHeld, effectId);
    let hasWritten = false;
    const holds = async () => {
      const may = await guard();
      hasWritten ||= may;
      return may;
    };
    return withWriteGuard(holds, () => runLocked(parts, { effectId, hasWritten: () => hasWritten }));
  });
}

/** `hasWritten`: a write to the outside was allowed by now, and so may have left. */
interface Run {
  effectId: string;
  hasWritten: () => boolean;
}

/** What has begun longer ago than this is marked anew as just being called. */
const MARK_ANEW_MS = 1000;
/** What has left still travels. */
const TRAVEL_MS = 1000;
/** A mark must hold for longer than this when a write is allowed: it leaves so late at most, and has to arrive. */
const LEAVES_AND_ARRIVES_MS = CONNECT_TIMEOUT_MS + TRAVEL_MS;
/** A store that takes longer than this to say so is as good as away. No mark is made for longer than this and what a call needs: 15 s. */
const SLOW_AT_MOST_MS = 7000;

/**
 * With the session goes the lock, and somebody else may be at it: asked again before each write, which then has 20 s at most. For so long the
 * database keeps the session of a peer that it does not hear (create-pool.ts). A write that had to wait (for room, for a slow read before it)
 * is on its way from now on, not from the beginning. The mark comes first, so that nothing lies between the last look and the write; where the
 * lock was lost by then it keeps others away a little longer, and does no more.
 *
 * Where the answers of the store were so long in coming that the mark may be over before the write has arrived, all is asked once more under a
 * mark that is longer by that time: a store that stays slow would else never let anything be written.
 */
function guardOf({ services: { clock, db } }: EffectParts, stillHeld: StillHeld, effectId: string): () => Promise<boolean> {
  const begunAt = clock.now().getTime();
  let mark = { at: begunAt, until: begunAt + IN_FLIGHT_MS };
  const markAnew = async (at: number, slowMs: number) => {
    const until = at + slowMs + IN_FLIGHT_MS;
    const marked = await db
      .update(effects)
      .set({ runAfter: new Date(until) })
      .where(and(eq(effects.id, effectId), eq(effects.state, 'calling')));
    if (marked.rowCount !== 1) return false;
    mark = { at, until };
    return true;
  };
  const protectsAt = (ms: number) => mark.until - ms > LEAVES_AND_ARRIVES_MS;
  return async () => {
    const askedAt = clock.now().getTime();
    try {
      if (askedAt - mark.at >= MARK_ANEW_MS && !(await markAnew(askedAt, 0))) return false;
      if (!(await stillHeld())) return false;
      const answeredAt = clock.now().getTime();
      if (protectsAt(answeredAt)) return true;
      const slowMs = answeredAt - askedAt;
      if (slowMs > SLOW_AT_MOST_MS || !(await markAnew(answeredAt, slowMs))) return false;
      return (await stillHeld()) && protectsAt(clock.now().getTime());
    } catch {
      // The store is away, or the row is somebody else's: either way this is not ours to write.
      return false;
    }
  };
}

async function runLocked(parts: EffectParts, { effectId, hasWritten }: Run): Promise<'done' | 'later'> {
  const { services } = parts;
  const now = services.clock.now();
  const found = await beginnerOf(services.db)({ id: effectId, now });
  if (!found) return 'done';
  const { row, begun } = found;
  if (!begun) {
    const isToRun = row.state === 'queued' || row.state === 'calling';
    const until = isToRun && row.runAfter && row.runAfter > now ? row.runAfter : null;
    // Else it has ended, or was stopped or erased meanwhile.
    return until ? await waitOn(parts, effectId, until) : 'done';
  }
  const interrupted = row.state === 'calling';
  const around = await surroundingsOf(services.db)(row);
  if (row.kind !== 'cancel-invitation' && around.erasing) return await stop(parts, row);
  const context = await contextOf(parts, row, around);
  const priority = priorityOfEffect(row.effect, { decision: around.decision, invitation: context.invitation });
  const ran = await withPriority(priority, () => runOrFail(parts, row, context, { interrupted, hasWritten }));
  // What our own end has cut short is tried again by the next start, however old it is.
  const outcome = parts.governor.hasStopped() ? ran : await giveUpWhenOld(ran, row, context, now);
  return await record(parts, row, outcome);
}

/**
 * Each as it was, and whether it is begun now: that the call is about to be made is on the disk before it is made. Only one that waits, and
 * whose time has come.
 */
const beginnerOf = oneFor((db: Services['db']) =>
  gather(async (asked: readonly { id: string; now: Date }[]) => {
    const given = asked.map(({ id, now }) => ({ id, now, until: new Date(now.getTime() + IN_FLIGHT_MS) }));
    const asking = BEGIN({ rows: JSON.stringify(given), ids: asked.map(({ id }) => id) });
    const { rows } = await db.execute<{ was: JsonRow; begun: boolean }>(asking);
    const byId = new Map(rows.map(({ was, begun }) => [was.id, { row: fromJsonRow<EffectRow>(effects, was), begun }]));
    return asked.map(({ id }) => byId.get(id));
  }),
);

const BEGIN = readyStatement(
  ['rows', 'ids'],
  ({ rows, ids }) => sql`
      with given as (select * from json_to_recordset(${rows}::json) as given(id uuid, now timestamptz, until timestamptz)),
        was as materialized (select e.* from tagalong.effects e where e.id = any${listOf('uuid', sql`${ids}`)} order by e.id for no key update of e),
        begun as (
          update tagalong.effects e set state = 'calling', attempts = e.attempts + 1, started_at = coalesce(e.started_at, given.now),
            run_after = given.until
          from given join was on was.id = given.id
          where e.id = given.id and e.id = any${listOf('uuid', sql`${ids}`)} and e.state in ('queued', 'calling') and (e.run_after is null or e.run_after <= given.now)
          returning e.id
        )
      select row_to_json(was.*) as was, exists (select from begun where begun.id = was.id) as begun from was`,
);

/** Nothing is done any more about somebody who is being erased; what of it may have happened is listed with the erasure. */
async function stop({ services }: EffectParts, { id, state }: EffectRow): Promise<'done'> {
  const finishedAt = services.clock.now();
  await services.db
    .update(effects)
    .set({ state: state === 'calling' ? 'unconfirmed' : 'failed', finishedAt, runAfter: null })
    .where(eq(effects.id, id));
  return 'done';
}

/** The job came too early, by another clock than ours: it comes again. */
async function waitOn({ services, queue }: EffectParts, effectId: string, runAfter: Date): Promise<'later'> {
  await services.db.transaction((tx) => queue.sendEffect(tx, effectId, runAfter));
  return 'later';
}

/** Tried by mistake so often, it is left to a person. */
const FAULTS_MAX = 5;

/**
 * A fault of our own is no answer, so what was called before it is not known: looked for at the next try, and after a few unconfirmed. That
 * something sealed does not open is no such fault: what is sealed is opened before anything leaves.
 */
async function runOrFail(
  { services }: EffectParts,
  row: EffectRow,
  context: EffectContext,
  { interrupted, hasWritten }: Pick<Run, 'hasWritten'> & { interrupted: boolean },
): Promise<EffectOutcome> {
  try {
    return await runEffectKind(row.effect, context, interrupted);
  } catch (error) {
    if (isStoreDown(error)) throw error;
    if (error instanceof UnreadableSecret) {
      services.log.warn({ err: error, effect: row.id, kind: row.kind }, 'an effect waits for what does not open');
      return waitForKey({ mayHaveHappened: interrupted || hasWritten() });
    }
    services.log.error({ err: error, effect: row.id, kind: row.kind }, 'an effect failed by a fault of ours');
    const gave = { why: say('server.trouble.fault', { fault: faultName(error) }), mayHaveHappened: true };
    if (row.attempts + 1 < FAULTS_MAX) return { kind: 'again', afterMs: null, ...gave };
    return { kind: 'unconfirmed', report: giveUpEffect(row.effect, context, gave), why: gave.why };
  }
}

async function giveUpWhenOld(outcome: EffectOutcome, row: EffectRow, context: EffectContext, now: Date): Promise<EffectOutcome> {
  if (outcome.kind !== 'again' || now.getTime() - row.createdAt.getTime() < GIVE_UP_AFTER_MS) return outcome;
  const { why } = outcome;
  const kind = outcome.mayHaveHappened ? 'unconfirmed' : 'failed';
  // That this sending did nothing says nothing about one before.
  const mayHaveHappened = outcome.mayHaveHappened || (row.kind === 'send-invitation' && (await context.mayBeThere()));
  return { kind, report: giveUpEffect(row.effect, context, { why, mayHaveHappened }), why };
}

/** What an effect needs to know, as it is now: one look into the tables. */
interface Surroundings {
  application: ApplicationRow;
  invitation: InferSelectModel<typeof invitations> | null;
  assessment: InferSelectModel<typeof assessments> | null;
  vendorSettings: ConnectionSettings | null;
  atsSettings: ConnectionSettings;
  decision: { event: string; raisedBy: RaisedBy | null } | null;
  erasing: boolean;
  /** ISO 8601; null where all of it is our own doing. */
  restoredAt: string | null;
}

const surroundingsOf = oneFor((db: Services['db']) => {
  const prepared = prepareSurroundings(db);
  return gather(async (rows: readonly EffectRow[]): Promise<Surroundings[]> => {
    const found = await prepared.execute({ ids: rows.map(({ id }) => id) });
    const byId = new Map(found.map(({ id, ...around }) => [id, around]));
    return rows.map(({ id }) => {
      const around = byId.get(id);
      if (!around) throw new Error('an effect without its application');
      return around;
    });
  });
});

function prepareSurroundings(db: Services['db']) {
  const vendors = alias(connections, 'vendors');
  const decided = db
    .select({ event: decisions.event, raisedBy: decisions.raisedBy })
    .from(decisions)
    .where(
      and(
        eq(decisions.applicationKey, effects.applicationKey),
        sql`${decisions.effectKeys} @> jsonb_build_array(${effects.key})`,
      ),
    )
    .limit(1)
    .as('decided');
  return db
    .select({
      id: effects.id,
      application: applications,
      invitation: invitations,
      assessment: assessments,
      vendorSettings: vendors.settings,
      atsSettings: connections.settings,
      decision: { event: decided.event, raisedBy: decided.raisedBy },
      erasing: isErasing(applications.key),
      restoredAt: sql<string | null>`${RESTORED_AT}`,
    })
    .from(effects)
    .innerJoin(applications, eq(applications.key, effects.applicationKey))
    .innerJoin(connections, eq(connections.id, applications.connectionId))
    .leftJoin(invitations, eq(invitations.id, effects.invitationId))
    .leftJoin(assessments, eq(assessments.id, invitations.assessmentId))
    .leftJoin(vendors, eq(vendors.id, invitations.vendorConnectionId))
    .leftJoinLateral(decided, sql`true`)
    .where(sql`${effects.id} = any${listOf('uuid', sql`${sql.placeholder('ids')}`)}`)
    .prepare('surroundings_of_effects');
}

async function contextOf(parts: EffectParts, row: EffectRow, around: Surroundings): Promise<EffectContext> {
  const { services } = parts;
  const { application, invitation, assessment, vendorSettings } = around;
  const vendor = VENDOR_KINDS.find((kind) => kind === vendorSettings?.kind);
  const vendorName = (vendorSettings && vendorNameOf(vendorSettings)) ?? undefined;
  return {
    services,
    connector: parts.connector,
    // Asked last: nothing lies between that and the e-mail, and nothing has left where the mail server's address does not open.
    mailer: async () => {
      const mailer = await parts.mailer();
      return !mailer.ok || (await mayWrite()) ? mailer : NOT_OURS_ANY_MORE;
    },
    connectionId: application.connectionId,
    target: {
      applicationId: application.applicationId,
      candidateId: application.snapshot?.candidateId ?? application.candidateId,
      actingUserId: await actingUserOf(services, row, around),
    },
    snapshot: application.snapshot,
    visible: !application.state.vanished,
    invitation: invitation && toInvitation(invitation),
    resultNoteId: isRevisedResult(row.effect) ? await resultNoteOf(parts, row) : null,
    keptReceipt: await keptReceiptOf(parts, row, around),
    keepReceipt: async (receipt) => {
      if (row.invitationId) await keepReceipt(services, { effectId: row.id, invitationId: row.invitationId, receipt });
    },
    looksFirst: row.attempts > 0 || isSoonAfterRestore(around.restoredAt, services.clock.now()),
    isFromBackup: isFromBackup(around.restoredAt, row.createdAt),
    mayBeThere: async () =>
      invitation !== null && (await mayHaveGoneOut(services.db, row, { invitation, restoredAt: around.restoredAt })),
    askedAt: row.createdAt,
    assessment: assessment && vendor ? { ...assessment, vendor, vendorName, archived: assessment.archivedAt !== null } : null,
  };
}

/** Only where a link is known before anything was sent. */
async function keptReceiptOf({ services }: EffectParts, row: EffectRow, { invitation }: Surroundings) {
  if (row.kind !== 'send-invitation' || !invitation?.sealedLink) return null;
  return await findKeptReceipt(services, invitation.id);
}

/** Only such a note has an earlier one that it might change. */
function isRevisedResult(effect: Effect): boolean {
  return effect.kind === 'write-note' && effect.note.about === 'result' && effect.note.version > 1;
}

/** The newest one that was told an id; an update of it keeps that id. */
async function resultNoteOf({ services }: EffectParts, row: EffectRow): Promise<string | null> {
  if (!row.invitationId) return null;
  const [found] = await services.db
    .select({ made: effects.made })
    .from(effects)
    .where(
      and(
        eq(effects.invitationId, row.invitationId),
        eq(effects.kind, 'write-note'),
        eq(effects.state, 'done'),
        sql`${effects.effect} -> 'note' ->> 'about' = 'result'`,
        sql`${effects.made} ->> 'noteId' is not null`,
      ),
    )
    .orderBy(desc(sql`(${effects.effect} -> 'note' ->> 'version')::int`))
    .limit(1);
  return found?.made?.noteId ?? null;
}

/** Only where the connection attributes to recruiters; everything else costs nothing. */
async function actingUserOf(
  { db }: Services,
  row: EffectRow,
  { application, atsSettings, decision, invitation }: Surroundings,
): Promise<string | null> {
  if (!attributesToRecruiters(atsSettings)) return null;
  const memberId = raiserOf(row.effect, { decision, invitation });
  return await findActingUser(db, { connectionId: application.connectionId, memberId });
}

async function record(parts: EffectParts, row: EffectRow, outcome: EffectOutcome): Promise<'done' | 'later'> {
  parts.services.meter.effect(row.kind, outcome.kind);
  if (outcome.kind === 'again') return await tryLater(parts, row, outcome);
  await recorderOf(parts)({ row, outcome });
  return 'done';
}

interface Ended {
  row: EffectRow;
  outcome: Exclude<EffectOutcome, { kind: 'again' }>;
}

/** What ended at the same moment is written with one wait for the disk. */
const recorderOf = oneFor(({ services, queue }: Pick<EffectParts, 'services' | 'queue'>) =>
  gather(async (ended: readonly Ended[]) => {
    const now = services.clock.now();
    await services.db.transaction(async (tx) => {
      const keptIds = await writeEnds(tx, ended, now);
      // Of a person who was erased while it ran nothing is written again.
      const kept = ended.filter(({ row }) => keptIds.has(row.id));
      if (kept.length === 0) return;
      for (const { row, outcome } of kept) {
        if (outcome.kind !== 'done' || !outcome.link || !row.invitationId) continue;
        const sealedLink = services.sealer.seal(outcome.link, SEALED_FOR.invitationLink(row.invitationId));
        await tx.update(invitations).set({ sealedLink }).where(eq(invitations.id, row.invitationId));
      }
      for (const one of kept) await noteEnd(tx, services, one);
      await sendLanes(
        queue,
        tx,
        kept.map(({ row }) => row.applicationKey),
      );
    });
    return ended.map(() => undefined);
  }),
);

/**
 * The ids of those that still were under way: they have ended, their lanes are told, and what stood on the failures list about those that are
 * done is settled, as is that the job of one was given up. What was discarded stays that. Whoever lost its lock may say that it is done, and
 * nothing else, of what another has begun since. A lane hears of its effects in the order in which they ended.
 */
async function writeEnds(tx: Transaction, ended: readonly Ended[], now: Date): Promise<ReadonlySet<string>> {
  const given = ended.map(({ row: { id, attempts }, outcome }, place) => ({
    ...{ place, id, state: outcome.kind, attempts: attempts + 1, error: outcome.kind === 'done' ? null : outcome.why },
    // What was kept on the way (a receipt) stays.
    made: outcome.kind === 'done' && outcome.made ? outcome.made : null,
    // An effect that a person has tried again ends more than once.
    ...{ key: `effect:${id}:${attempts + 1}`, input: toInput(outcome.report) },
  }));
  const ids = ended.map(({ row: { id } }) => id);
  const { rows } = await tx.execute<{ id: string }>(END({ rows: toStorableJson(given), ids, at: now.toISOString() }));
  return new Set(rows.map(({ id }) => id));
}

const END = readyStatement(
  ['rows', 'ids', 'at'],
  ({ rows, ids, at }) => sql`
    with given as (select * from json_to_recordset(${rows}::json) as given(place int, id uuid, state text, attempts int, error text,
        made jsonb, key text, input jsonb)),
      held as materialized (select e.id as held_id from tagalong.effects e where e.id = any${listOf('uuid', sql`${ids}`)}
        order by e.id for no key update of e),
      ended as (
        update tagalong.effects e set state = given.state, error = given.error, made = coalesce(given.made, e.made), finished_at = ${at}, run_after = null
        from given join held on held_id = given.id
        where e.id = given.id and e.id = any${listOf('uuid', sql`${ids}`)} and e.state = 'calling'
          and (e.attempts = given.attempts or given.state = 'done')
        returning e.id, e.application_key, given.state, given.key, given.input, given.place
      ),
      told as (
        insert into tagalong.inputs (application_key, key, input, created_at)
        select application_key, key, input, ${at}::timestamptz from ended order by place on conflict do nothing
      ),
      settled as (
        update tagalong.failures set state = 'settled', closed_at = ${at}::timestamptz
        where failures.state in ('open', 'retried') and key = any(array(
          select 'effect:' || id from ended where ended.state = 'done' union all select 'job:effect:' || id from ended))
      )
    select id from ended`,
);

/**
 * What did not come out well is for a person to see; the sentence why stands with the effect. `unconfirmed` is whatever the panel calls so: also
 * an invitation whose last sending surely did nothing, while one before it may have gone out. That is not sent again without a look.
 */
async function noteEnd(tx: Transaction, services: Services, { row, outcome }: Ended): Promise<void> {
  if (outcome.kind === 'done') return;
  const key = failureKeys.effect(row.id);
  const isInDoubt = outcome.kind === 'unconfirmed' || outcome.report.type === 'invitation.unconfirmed';
  const kind = isInDoubt ? 'unconfirmed' : 'effect';
  const reason = { code: isInDoubt ? 'effect-unconfirmed' : 'effect-failed', values: { effect: row.kind } };
  await noteFailure(tx, services, { key, kind, applicationKey: row.applicationKey, reason });
}

function toInput(report: EffectReport): Input {
  return { kind: 'effect', report };
}

/**
 * What surely did not happen waits as `queued`; what may have happened stays `calling`, so that the next run looks first. Only while the
 * row is as this very run left it: whoever lost its lock tells last, of what another has begun or ended since.
 */
async function tryLater(
  parts: EffectParts,
  row: EffectRow,
  outcome: Extract<EffectOutcome, { kind: 'again' }>,
): Promise<'later'> {
  const { services, queue, announce } = parts;
  const backoffMs = Math.min(BACKOFF_MAX_MS, 1000 * 2 ** Math.min(row.attempts, 12));
  const runAfter = new Date(services.clock.now().getTime() + (outcome.afterMs ?? backoffMs));
  await services.db.transaction(async (tx) => {
    const state = outcome.mayHaveHappened ? 'calling' : 'queued';
    const [kept] = await tx
      .update(effects)
      .set({ state, error: toStorableText(outcome.why), runAfter })
      .where(and(eq(effects.id, row.id), eq(effects.state, 'calling'), eq(effects.attempts, row.attempts + 1)))
      .returning({ id: effects.id });
    if (!kept) return;
    await queue.sendEffect(tx, row.id, runAfter);
    const [changed] = await tx
      .update(applications)
      .set({ version: sql`${applications.version} + 1` })
      .where(eq(applications.key, row.applicationKey))
      .returning({ version: applications.version });
    if (changed) await announce(tx, { key: row.applicationKey, version: changed.version });
  });
  return 'later';
}
