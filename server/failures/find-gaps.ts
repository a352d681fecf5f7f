import { and, eq, gt, gte, inArray, lte, max, sql } from 'drizzle-orm';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { Services } from '../services.ts';
import { failureKeys, noteFailure } from '../storage/failures.repository.ts';
import { listOf } from '../storage/list-of.ts';
import { applications, connections, deliveries, effects, stageEntries, webhookEndpoints } from '../storage/schema.ts';
import { changeSweepState, readSweepState } from '../storage/sweep-state.ts';

/** A webhook may come this much later than the sweep looks, and the clocks of the two systems differ. */
const LATE_MS = 2 * 60_000;
const CLOCKS_MS = 5 * 60_000;
/** A move of ours is in the ATS's history at about the time at which we asked for it. */
const OWN_MOVE_MS = 10 * 60_000;

/** Both ATSs have one webhook for a crossing into a stage: candidate_stage_change (Greenhouse), candidateStageChange (Lever). */
const TELLS_STAGES = /stage_?change/i;

/**
 * Crossings into a stage that stand in the ATS's history and that no webhook told, counted since the last look: one line of the failures list
 * for a connection and a day. Only where a webhook for them is set up; what was entered before that, by ourselves or by applying is none.
 * Returns how many.
 */
export async function findGaps(services: Services, connectionId: string): Promise<number> {
  const { db, clock } = services;
  const until = new Date(clock.now().getTime() - LATE_MS);
  const [connection] = await db.select().from(connections).where(eq(connections.id, connectionId));
  const since = await webhooksSince(services, connectionId);
  if (!connection || since === null) return 0;
  const { gapsCheckedAt } = readSweepState(connection.sweepState);
  const untold =
    gapsCheckedAt === null ? 0 : await countUntold(services, { connectionId, after: new Date(gapsCheckedAt), until, since });
  await db.transaction(async (tx) => {
    await changeSweepState(tx, connectionId, { gapsCheckedAt: until.toISOString() });
    if (untold === 0) return;
    const key = failureKeys.gap(connectionId, until.toISOString().slice(0, 10));
    await noteFailure(tx, services, { key, kind: 'gap', connectionId, reason: { code: 'gap' }, times: untold });
  });
  return untold;
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
  /** Decided in between. */
  after: Date;
  until: Date;
  /** Entered after. */
  since: Date;
}

async function countUntold(services: Services, window: Window): Promise<number> {
  const { db } = services;
  const entries = await db
    .select({ entry: stageEntries, application: applications })
    .from(stageEntries)
    .innerJoin(applications, eq(applications.key, stageEntries.applicationKey))
    .where(
      and(
        eq(applications.connectionId, window.connectionId),
        gt(stageEntries.decidedAt, window.after),
        lte(stageEntries.decidedAt, window.until),
        gt(stageEntries.enteredAt, window.since),
      ),
    );
  const crossings = entries.filter(({ entry, application }) => !isFirst(application.snapshot, entry.entryKey));
  if (crossings.length === 0) return 0;
  const oldest = Math.min(...crossings.map(({ entry }) => entry.enteredAt.getTime()));
  const about = crossings.map(({ application }) => application);
  const told = await readTold(services, { connectionId: window.connectionId, from: new Date(oldest - CLOCKS_MS), about });
  const own = await readOwnMoves(services, [...new Set(crossings.map(({ application }) => application.key))]);
  return crossings.filter(({ entry, application }) => {
    const enteredMs = entry.enteredAt.getTime();
    const last = [told.get(`a ${application.applicationId}`), told.get(`c ${application.candidateId}`)];
    const isTold = last.some((time) => time !== undefined && time >= enteredMs - CLOCKS_MS);
    const isOurs = own.some(({ key, atMs }) => key === application.key && Math.abs(atMs - enteredMs) < OWN_MOVE_MS);
    return !isTold && !isOurs;
  }).length;
}

/** Where somebody stands from the application on, no crossing led. */
function isFirst(snapshot: Snapshot | null, entryKey: string): boolean {
  const [first] = (snapshot?.stageEntries ?? []).toSorted((a, b) => Date.parse(a.enteredAt) - Date.parse(b.enteredAt));
  return first?.key === entryKey;
}

interface Asked {
  connectionId: string;
  from: Date;
  about: readonly { applicationId: string; candidateId: string | null }[];
}

/**
 * When a webhook last told of an application (`a <id>`) or a candidate (`c <id>`), in milliseconds. One crossing that we hear of late may lie
 * months back, so that the database leaves out all the others of that time.
 */
async function readTold({ db }: Services, { connectionId, from, about }: Asked): Promise<Map<string, number>> {
  const hinted = db
    .select({ hint: sql`jsonb_array_elements(${deliveries.hints})`.as('hint'), at: deliveries.receivedAt })
    .from(deliveries)
    .where(and(eq(deliveries.connectionId, connectionId), gte(deliveries.receivedAt, from)))
    .as('hinted');
  const applicationId = sql<string | null>`${hinted.hint} ->> 'applicationId'`;
  const candidateId = sql<string | null>`${hinted.hint} ->> 'candidateId'`;
  const applicationIds = [...new Set(about.map((one) => one.applicationId))];
  const candidateIds = [...new Set(about.flatMap((one) => one.candidateId ?? []))];
  const rows = await db
    .select({ applicationId, candidateId, at: max(hinted.at) })
    .from(hinted)
    .where(sql`${applicationId} = any${listOf('text', applicationIds)} or ${candidateId} = any${listOf('text', candidateIds)}`)
    .groupBy(applicationId, candidateId);
  const told = new Map<string, number>();
  const note = (key: string, at: Date) => told.set(key, Math.max(told.get(key) ?? 0, at.getTime()));
  for (const row of rows) {
    if (row.applicationId && row.at) note(`a ${row.applicationId}`, row.at);
    if (row.candidateId && row.at) note(`c ${row.candidateId}`, row.at);
  }
  return told;
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
