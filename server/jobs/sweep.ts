import { and, asc, eq, exists, gt, inArray, isNotNull, isNull, lt, lte, not, or, sql } from 'drizzle-orm';
import { OPEN_STATES } from '../../lib/domain/invitation.ts';
import type { AtsAdapter } from '../ats/port.ts';
import { whenErased } from '../erasure/erased-marks.ts';
import { settleLook, settleSwept } from '../failures/after-sweep.ts';
import { findGaps } from '../failures/find-gaps.ts';
import { type CallResult, succeed } from '../outbound/outcome.ts';
import type { Services } from '../services.ts';
import { ensureApplication } from '../storage/ensure-application.ts';
import { applications, connections, invitations, stageRoles } from '../storage/schema.ts';
import { changeSweepState, readSweepState, type SweepState } from '../storage/sweep-state.ts';
import { checkNames } from './check-names.ts';
import type { Connector } from './connector.ts';
import { raiseHint } from './delivery-hints.ts';
import { folded } from './find-gone-names.ts';
import { endOf, findKey, type Look, type LookCase, lookAtDeleted } from './look-at-deleted.ts';
import { aheadOf, lookedUpTo, lookFrom } from './look-from.ts';
import { lookInSlices } from './look-in-slices.ts';
import type { WorkQueue } from './work-queue.ts';

export interface SweepParts {
  services: Services;
  connector: Connector;
  queue: WorkQueue;
}

/** Between two looks; a webhook that got lost costs this much. */
const SWEEP_EVERY_MS = 10 * 60_000;
const AFTER_FAILURE_MS = 2 * 60_000;
/** So often a look that goes on says so, that nobody else begins one of the same connection. */
const RENEW_MS = 2 * 60_000;
/** Its job is taken for hanging after half an hour and begun once more; so what is left then is for another look. */
const LOOK_FOR_MS = 20 * 60_000;
/** The clocks of two processes differ by this at most. A time that lies further ahead was written by a clock that was wrong then. */
const CLOCKS_MS = 5 * 60_000;

/** The ATS connections whose sweep is due; each is claimed for one look, so that two processes do not both sweep it. */
export async function claimDueSweeps({ services }: SweepParts): Promise<string[]> {
  const now = services.clock.now();
  const farAhead = new Date(now.getTime() + SWEEP_EVERY_MS + CLOCKS_MS);
  const due = await services.db
    .update(connections)
    .set({ sweepDueAt: new Date(now.getTime() + SWEEP_EVERY_MS) })
    .where(
      and(
        eq(connections.side, 'ats'),
        eq(connections.enabled, true),
        isNull(connections.deletedAt),
        or(isNull(connections.sweepDueAt), lte(connections.sweepDueAt, now), gt(connections.sweepDueAt, farAhead)),
      ),
    )
    .returning({ id: connections.id });
  return due.map((row) => row.id);
}

/**
 * Asks the ATS what changed since the last look, and raises a hint for each application that stands in a mapped stage or is known to
 * us. Whatever the webhooks told already leads to nothing, because a stage entry is decided once. The cursor moves only as far as
 * everything was seen. A credential that may not list applications, or the stages, is no failure: then those with something open are read one
 * by one. Returns how many applications were hinted at.
 */
export async function sweep(parts: SweepParts, connectionId: string): Promise<number> {
  const { services, connector } = parts;
  const startedAt = services.clock.now();
  const [connection] = await services.db.select().from(connections).where(eq(connections.id, connectionId));
  if (!connection) return 0;
  const adapter = await connector.ats(connectionId);
  if (!adapter.ok) return 0;
  const known = readSweepState(connection.sweepState);
  const roles = await services.db.select().from(stageRoles).where(eq(stageRoles.connectionId, connectionId));
  const meant = await findMeant(adapter.value, roles);
  const mark = connection.sweepCursor ?? connection.automaticSince;
  // What an older version wrote is by our clock.
  const isOfAts = connection.sweepCursor !== null && known.sweptAt !== null;
  const since = lookFrom(mark, { startedAt, aheadMs: aheadOf(adapter.value), isOfAts });
  const upTo = () => lookedUpTo({ startedAt, since }, { now: services.clock.now(), adapter: adapter.value });
  const look = meant.ok
    ? await lookInSlices(since, {
        upTo,
        look: (slice) => lookAtSlice(parts, { connectionId, adapter: adapter.value, meant: meant.value, known, ...slice }),
        isEnough: () => services.clock.now().getTime() - startedAt.getTime() > LOOK_FOR_MS,
        onWhole: async (until) => {
          // The first slices repeat what was seen before.
          if (until > mark && upTo()) await moveCursor(services, connectionId, until);
        },
      })
    : { found: 0, ended: meant.kind };
  // With roles by name the list of the stages is the first call, so a refusal is heard there: it ends the look like one of the changes.
  if (!meant.ok) await noteRefusal(services, { connectionId, known, ended: look.ended });
  if (look.ended === 'forbidden') {
    const found = look.found + (await readOpenOnes(parts, connectionId, known));
    await checkNames(services, { connection, adapter: adapter.value, known });
    // What webhooks missed is not found in this way: a gap waits until the changes may be listed.
    await settleLook(services, connectionId);
    return found;
  }
  const sweepCursor = look.ended === 'complete' ? upTo() : null;
  if (!sweepCursor) {
    const why = look.ended === 'complete' ? 'asked too late: our clock is ahead' : look.ended;
    await cutShort(services, connectionId, startedAt, why);
    return look.found;
  }
  await moveCursor(services, connectionId, sweepCursor);
  await changeSweepState(services.db, connectionId, { sweptAt: services.clock.now().toISOString() });
  if (known.unlisted) {
    // What was taken for invisible while the right was missing can be seen again, though nothing about it changed.
    await hintAll(parts, await findOpenOnes(services, { connectionId, after: null, limit: null }));
    await changeSweepState(services.db, connectionId, { unlisted: null });
  }
  await checkNames(services, { connection, adapter: adapter.value, known });
  await settleSwept(services, { connectionId, startedAt });
  await findGaps(services, connectionId);
  return look.found;
}

/** Never back, for another look may have come further; but for one of the time to come, by a clock that was ahead. */
async function moveCursor({ db, clock }: Services, connectionId: string, sweepCursor: Date): Promise<void> {
  const { sweepCursor: kept } = connections;
  await db
    .update(connections)
    .set({ sweepCursor })
    .where(and(eq(connections.id, connectionId), or(isNull(kept), lt(kept, sweepCursor), gt(kept, clock.now()))));
}

/** As long as a look sees something new, at times; whoever stands still is given up as before. What somebody asks for meanwhile stays due. */
function claimAgain({ db, clock }: Services, connectionId: string): () => Promise<void> {
  let renewedAt = clock.now().getTime();
  return async () => {
    const now = clock.now().getTime();
    if (now - renewedAt < RENEW_MS) return;
    renewedAt = now;
    await db
      .update(connections)
      .set({ sweepDueAt: new Date(now + SWEEP_EVERY_MS) })
      .where(and(eq(connections.id, connectionId), gt(connections.sweepDueAt, new Date(now))));
  };
}

type SliceCase = LookCase & { meant: MeantStages; known: SweepState };

async function lookAtSlice(parts: SweepParts, slice: SliceCase): Promise<Look> {
  const { connectionId, known } = slice;
  const changes = await lookAtChanges(parts, slice);
  await noteRefusal(parts.services, { connectionId, known, ended: changes.ended });
  if (changes.ended !== 'complete') return changes;
  const { found, ended } = await lookAtDeleted(parts, slice);
  // Without the right to that list, a deleted application is one that cannot be seen.
  return { found: changes.found + found, ended: ended === 'forbidden' ? 'complete' : ended };
}

async function lookAtChanges(parts: SweepParts, { connectionId, adapter, since, until, meant }: SliceCase): Promise<Look> {
  let found = 0;
  const goesOn = claimAgain(parts.services, connectionId);
  for await (const change of adapter.findChangedSince({ since, until, stageIds: meant.ids })) {
    if (!change.ok) return { found, ended: endOf(change) };
    await goesOn();
    const { applicationId, stageName } = change.value;
    // Only the stages of open jobs are listed: in a draft or a closed one nothing but the name tells that a stage is meant.
    const isElsewhere = change.value.isElsewhere && !(stageName && meant.names.has(folded(stageName)));
    // Who stands nowhere that matters, and never did to us, is none of our business.
    if (isElsewhere && !(await findKey(parts.services, { connectionId, applicationId }))) continue;
    if (await whenErased(parts.services.db, parts.services, { connectionId, applicationId })) continue;
    found += 1;
    await parts.services.db.transaction(async (tx) => {
      const key = await ensureApplication(tx, parts.services, { connectionId, applicationId });
      await raiseHint(tx, [key]);
      await parts.queue.sendLane(tx, key);
    });
  }
  return { found, ended: 'complete' };
}

/** So many of each sort at each look, so that a webhook or a click never waits behind them. */
const READ_AT_ONCE = 25;

/**
 * Without the right to list: what has something open is read again, some at each look, in a circle that goes on where it was after a
 * restart; and of the rest that we know those that were looked at longest ago: somebody was hired, or could not be seen for a moment.
 * The cursor of the list stays where it is, so that nothing is missed should the right be given later.
 */
async function readOpenOnes(parts: SweepParts, connectionId: string, known: SweepState): Promise<number> {
  const { services } = parts;
  const after = known.unlisted?.after ?? null;
  const keys = await findOpenOnes(services, { connectionId, after, limit: READ_AT_ONCE });
  const others = await findLongestUnread(services, connectionId);
  await hintAll(parts, [...keys, ...others]);
  const last = keys.length === READ_AT_ONCE ? (keys.at(-1) ?? null) : null;
  const since = known.unlisted?.since ?? services.clock.now().toISOString();
  await changeSweepState(services.db, connectionId, { unlisted: { since, after: last } });
  return keys.length + others.length;
}

async function hintAll({ services, queue }: SweepParts, keys: readonly string[]): Promise<void> {
  await services.db.transaction(async (tx) => {
    await raiseHint(tx, keys);
    for (const key of keys) await queue.sendLane(tx, key);
  });
}

/** Something is due, or an invitation is open. */
function hasSomethingOpen(db: Services['db']) {
  const openInvitation = db
    .select({ one: sql`1` })
    .from(invitations)
    .where(and(eq(invitations.applicationKey, applications.key), inArray(invitations.state, [...OPEN_STATES])));
  return sql`(${isNotNull(applications.dueAt)} or ${exists(openInvitation)})`;
}

/** Applications with an open invitation or something that is due, in the order of their keys. */
async function findOpenOnes(
  { db }: Services,
  { connectionId, after, limit }: { connectionId: string; after: string | null; limit: number | null },
): Promise<string[]> {
  const query = db
    .select({ key: applications.key })
    .from(applications)
    .where(
      and(
        eq(applications.connectionId, connectionId),
        hasSomethingOpen(db),
        after === null ? undefined : gt(applications.key, after),
      ),
    )
    .orderBy(asc(applications.key));
  const rows = await (limit === null ? query : query.limit(limit));
  return rows.map(({ key }) => key);
}

/** Each look, also one in vain, is a commit of the application, so that the oldest commit is a circle by itself. */
async function findLongestUnread({ db }: Services, connectionId: string): Promise<string[]> {
  const rows = await db
    .select({ key: applications.key })
    .from(applications)
    .where(
      and(
        eq(applications.connectionId, connectionId),
        not(hasSomethingOpen(db)),
        sql`${applications.state} ->> 'deleted' is distinct from 'true'`,
      ),
    )
    .orderBy(asc(applications.updatedAt), asc(applications.key))
    .limit(READ_AT_ONCE);
  return rows.map(({ key }) => key);
}

/**
 * An account in which nothing happens has no application that could tell that the credential is refused. Who cannot be reached, or says
 * nothing that can be read, has not taken the refusal back.
 */
async function noteRefusal(
  { db }: Services,
  { connectionId, known, ended }: { connectionId: string; known: SweepState; ended: Look['ended'] },
): Promise<void> {
  const isRefused = ended === 'unauthorised';
  if (!isRefused && ended !== 'complete' && ended !== 'forbidden') return;
  if (known.isRefused !== isRefused) await changeSweepState(db, connectionId, { isRefused });
}

/** The cursor stays, so that the next look begins where everything before was seen. */
async function cutShort(services: Services, connectionId: string, startedAt: Date, why: string): Promise<void> {
  services.log.warn({ connection: connectionId, why }, 'the sweep was cut short and begins again from where it last got through');
  await services.db
    .update(connections)
    .set({ sweepDueAt: new Date(startedAt.getTime() + AFTER_FAILURE_MS) })
    .where(eq(connections.id, connectionId));
}

interface MeantStages {
  ids: string[];
  /** Of roles that go by name, folded. */
  names: ReadonlySet<string>;
}

/** The stages that the roles mean. A role may be given by name, where stages are made anew for each job; their ids are asked for. */
async function findMeant(
  adapter: Pick<AtsAdapter, 'listStages'>,
  roles: readonly { stageId: string | null; stageName: string | null }[],
): Promise<CallResult<MeantStages>> {
  const byId = roles.flatMap((role) => (role.stageId === null ? [] : [role.stageId]));
  const names = new Set(roles.flatMap((role) => (role.stageId === null && role.stageName ? [folded(role.stageName)] : [])));
  if (names.size === 0) return succeed({ ids: byId, names });
  const listed = await adapter.listStages();
  if (!listed.ok) return listed;
  const byName = listed.value.filter((stage) => names.has(folded(stage.name))).map((stage) => stage.stageId);
  return succeed({ ids: [...new Set([...byId, ...byName])], names });
}
