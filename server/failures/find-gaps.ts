import { and, eq, gt, gte, inArray, lte, sql } from 'drizzle-orm';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { Services } from '../services.ts';
import { failureKeys, noteGaps } from '../storage/failures.repository.ts';
import { listOf } from '../storage/list-of.ts';
import { RESTORED_AT } from '../storage/restored-at.ts';
import { applications, connections, deliveries, effects, stageEntries, webhookEndpoints } from '../storage/schema.ts';
import { changeSweepState, readSweepState } from '../storage/sweep-state.ts';
import { CLOCKS_MS, type Crossing, findUntold, TRIED_FOR_MS } from './find-untold.ts';

/** A move of ours is in the ATS's history at about the time at which we asked for it. */
const OWN_MOVE_MS = 10 * 60_000;

/** Both ATSs have one webhook for a crossing into a stage: candidate_stage_change (Greenhouse), candidateStageChange (Lever). */
const TELLS_STAGES = /stage_?change/i;

/** What was decided just now may be told any moment. */
const SOON_MS = 2 * 60_000;

/**
 * Crossings into a stage that stand in the ATS's history and that no webhook told: one line of the failures list for a connection and a day.
 * Only where a webhook for them is set up; what was entered before that or before a restore, by ourselves or by applying is none. They are
 * listed soon, and go from the list when a webhook tells them after all, as long as the ATS tries; then they are counted for good. Returns how
 * many more than at the last look.
 */
export async function findGaps(services: Services, connectionId: string): Promise<number> {
  const { db, clock } = services;
  const now = clock.now();
  const [connection] = await db.select().from(connections).where(eq(connections.id, connectionId));
  const since = await webhooksSince(services, connectionId);
  if (!connection || since === null) return 0;
  const { gapsCheckedAt, gapsLook: before } = readSweepState(connection.sweepState);
  // What was decided before the first look is not judged: the webhook may have been set up here and not yet in the ATS. A look of the
  // future was by a clock that was wrong then, and is as none.
  if (gapsCheckedAt === null || new Date(gapsCheckedAt) > now)
    return await noteLook(services, { connectionId, before, after: now, over: now, untold: [] });
  const after = new Date(gapsCheckedAt);
  const until = new Date(now.getTime() - SOON_MS);
  // We decide on a crossing after it happened, so that the time for its webhook is over, whatever the ATS's clock says.
  const over = new Date(Math.max(after.getTime(), now.getTime() - TRIED_FOR_MS));
  const untold = await findUntoldSince(services, { connectionId, after, until, since });
  return await noteLook(services, { connectionId, before, after, over, untold });
}

interface Look {
  connectionId: string;
  /** The look before this one. */
  before: string | null;
  /** All decided until then had been judged for good before, and all until `over` have been now. */
  after: Date;
  over: Date;
  /** When the untold ones were decided on. */
  untold: readonly Date[];
}

/** Unless another look did while we were looking; so each is counted once. */
async function noteLook(services: Services, { connectionId, before, after, over, untold }: Look): Promise<number> {
  return await services.db.transaction(async (tx) => {
    const [held] = await tx
      .select({ state: connections.sweepState })
      .from(connections)
      .where(eq(connections.id, connectionId))
      .for('no key update');
    if (!held || readSweepState(held.state).gapsLook !== before) return 0;
    await changeSweepState(tx, connectionId, { gapsCheckedAt: over.toISOString(), gapsLook: services.random.uuid() });
    const days = Map.groupBy(untold, dayOf);
    const found = [...days].map(([day, its]) => ({
      key: failureKeys.gap(connectionId, day),
      forGood: its.filter((at) => at <= over).length,
      soFar: its.filter((at) => at > over).length,
    }));
    return await noteGaps(tx, services, { connectionId, since: failureKeys.gap(connectionId, dayOf(after)), found });
  });
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** From when on a webhook could have told; null when none is set up. */
async function webhooksSince({ db }: Services, connectionId: string): Promise<Date | null> {
  const endpoints = await db.select().from(webhookEndpoints).where(eq(webhookEndpoints.connectionId, connectionId));
  const added = endpoints
    .filter(({ event }) => TELLS_STAGES.test(event))
    .flatMap(({ secrets }) => secrets.map(({ addedAt }) => Date.parse(addedAt)));
  return added.length === 0 ? null : new Date(Math.min(...added));
}

interface Window {
  connectionId: string;
  /** Decided in between; after `after`, until `until`. */
  after: Date;
  until: Date;
  /** Entered after. */
  since: Date;
}

/** The ATS's history is told by its own clock, which may be wrong by minutes; all that it is compared with is told by ours. */
const ENTERED_AT = sql`(${stageEntries.enteredAt} - coalesce((${applications.snapshot} ->> 'clockAheadMs')::float8, 0) * interval '1 ms')`;

async function findUntoldSince(services: Services, { connectionId, after, until, since }: Window): Promise<Date[]> {
  const entries = await services.db
    .select({
      entryKey: stageEntries.entryKey,
      decidedAt: stageEntries.decidedAt,
      at: ENTERED_AT.mapWith(stageEntries.enteredAt),
      application: applications,
    })
    .from(stageEntries)
    .innerJoin(applications, eq(applications.key, stageEntries.applicationKey))
    .where(
      and(
        eq(applications.connectionId, connectionId),
        gt(stageEntries.decidedAt, after),
        lte(stageEntries.decidedAt, until),
        gt(ENTERED_AT, since),
        // What came in between a backup and its restore is not in the backup.
        sql`${ENTERED_AT} > coalesce(${RESTORED_AT}::timestamptz, '-infinity')`,
      ),
    );
  const judged = entries.filter(({ entryKey, application }) => !isFirst(application.snapshot, entryKey));
  if (judged.length === 0) return [];
  const about = [...new Map(judged.map(({ application }) => [application.key, application])).values()];
  const keys = about.map(({ key }) => key);
  const crossings = await readCrossings(services, keys);
  const oldest = Math.min(...judged.map(({ at }) => at.getTime()));
  const told = await readTold(services, { connectionId, about, from: new Date(oldest - CLOCKS_MS) });
  const own = await readOwnMoves(services, keys);
  const untoldOf = new Map(
    about.map(({ key, applicationId, candidateId }) => {
      const times = [...(told.get(`a ${applicationId}`) ?? []), ...(told.get(`c ${candidateId}`) ?? [])];
      return [key, findUntold(crossings.get(key) ?? [], times)];
    }),
  );
  return judged.flatMap(({ entryKey, decidedAt, at, application: { key } }) => {
    const isOurs = own.some((move) => move.key === key && Math.abs(move.atMs - at.getTime()) < OWN_MOVE_MS);
    return untoldOf.get(key)?.has(entryKey) && !isOurs ? [decidedAt] : [];
  });
}

/** Where somebody stands from the application on, no crossing led. */
function isFirst(snapshot: Snapshot | null, entryKey: string): boolean {
  const [first] = (snapshot?.stageEntries ?? []).toSorted((a, b) => Date.parse(a.enteredAt) - Date.parse(b.enteredAt));
  return first?.key === entryKey;
}

/** All that we know of these applications: what a webhook told may have been another of their crossings, also one of our own making. */
async function readCrossings({ db }: Services, keys: readonly string[]): Promise<Map<string, Crossing[]>> {
  const rows = await db
    .select({
      application: stageEntries.applicationKey,
      key: stageEntries.entryKey,
      stageId: stageEntries.stageId,
      at: ENTERED_AT.mapWith(stageEntries.enteredAt),
    })
    .from(stageEntries)
    .innerJoin(applications, eq(applications.key, stageEntries.applicationKey))
    .where(sql`${stageEntries.applicationKey} = any${listOf('uuid', keys)}`);
  const of = Map.groupBy(rows, ({ application }) => application);
  return new Map(
    [...of].map(([application, its]) => [application, its.map(({ key, stageId, at }) => ({ key, stageId, atMs: at.getTime() }))]),
  );
}

interface Asked {
  connectionId: string;
  about: readonly { applicationId: string; candidateId: string | null }[];
  from: Date;
}

/**
 * When webhooks told of stage changes of an application (`a <id>`), or of a candidate without saying in which (`c <id>`), in milliseconds.
 * One crossing that we hear of late may lie months back, so that the database leaves out all the others of that time.
 */
async function readTold({ db }: Services, { connectionId, about, from }: Asked): Promise<Map<string, number[]>> {
  const hinted = db
    .select({
      id: deliveries.id,
      hint: sql`jsonb_array_elements(${deliveries.hints})`.as('hint'),
      at: deliveries.receivedAt,
    })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.connectionId, connectionId),
        gte(deliveries.receivedAt, from),
        sql`${deliveries.event} ~* ${TELLS_STAGES.source}`,
      ),
    )
    .as('hinted');
  const applicationId = sql<string | null>`${hinted.hint} ->> 'applicationId'`;
  const candidateId = sql<string | null>`${hinted.hint} ->> 'candidateId'`;
  const applicationIds = [...new Set(about.map((one) => one.applicationId))];
  const candidateIds = [...new Set(about.flatMap((one) => one.candidateId ?? []))];
  const isOfCandidate = sql`${applicationId} is null and ${candidateId} = any${listOf('text', candidateIds)}`;
  const rows = await db
    .selectDistinct({ id: hinted.id, applicationId, candidateId, at: hinted.at })
    .from(hinted)
    .where(sql`${applicationId} = any${listOf('text', applicationIds)} or (${isOfCandidate})`);
  const of = Map.groupBy(rows, (row) => (row.applicationId === null ? `c ${row.candidateId}` : `a ${row.applicationId}`));
  return new Map([...of].map(([key, its]) => [key, its.map(({ at }) => at.getTime())]));
}

async function readOwnMoves({ db }: Services, keys: readonly string[]): Promise<{ key: string; atMs: number }[]> {
  const rows = await db
    .select({ key: effects.applicationKey, startedAt: effects.startedAt, finishedAt: effects.finishedAt })
    .from(effects)
    .where(and(inArray(effects.applicationKey, [...keys]), inArray(effects.kind, ['move-to-stage', 'change-application'])));
  return rows.flatMap(({ key, startedAt, finishedAt }) =>
    [startedAt, finishedAt].flatMap((at) => (at ? [{ key, atMs: at.getTime() }] : [])),
  );
}
