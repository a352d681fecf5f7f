import { and, asc, count, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Database, Services, Transaction } from '../services.ts';
import { hashSecret } from './hash-secret.ts';
import { isUniqueViolation } from './is-unique-violation.ts';
import { effects, poolLinks } from './schema.ts';
import { SEALED_FOR } from './seal-contexts.ts';

type Either = Database | Transaction;

export interface PoolCount {
  free: number;
  taken: number;
}

/** `busy`: others hold the last free ones at this moment; asking again soon tells. */
export type PoolTake = { kind: 'taken'; link: string } | { kind: 'none' } | { kind: 'busy' };

/** Rows per statement: PostgreSQL takes 65,535 values in one. */
const BATCH = 500;

/** Puts links in, sealed. One that is there already, also under another assessment or taken, is not taken in twice. Answers how many are new. */
export async function addPoolLinks(
  { db, sealer, random, clock }: Services,
  { assessmentId, links }: { assessmentId: string; links: readonly string[] },
): Promise<number> {
  const addedAt = clock.now();
  const rows = links.map((link) => {
    const id = random.uuid();
    return { id, assessmentId, sealed: sealer.seal(link, SEALED_FOR.poolLink(id)), hash: hashSecret(link), addedAt };
  });
  return await db.transaction(async (tx) => {
    let added = 0;
    for (let from = 0; from < rows.length; from += BATCH) {
      const written = await tx
        .insert(poolLinks)
        .values(rows.slice(from, from + BATCH))
        .onConflictDoNothing()
        .returning({ id: poolLinks.id });
      added += written.length;
    }
    return added;
  });
}

/** By assessment; one without links is not in it. */
export async function countPoolLinks(db: Either): Promise<Map<string, PoolCount>> {
  const rows = await db
    .select({ assessmentId: poolLinks.assessmentId, all: count(), taken: count(poolLinks.invitationId) })
    .from(poolLinks)
    .groupBy(poolLinks.assessmentId);
  return new Map(rows.map(({ assessmentId, all, taken }) => [assessmentId, { free: all - taken, taken }]));
}

/** Which of these assessments have a link that nobody has. Looks at one link of each, however many were given away. */
export async function findFilledPools(db: Either, assessmentIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.execute<{ id: string }>(sql`select id from unnest(${sql.param(assessmentIds)}::uuid[]) as asked(id)
    where exists (select from ${poolLinks} where ${poolLinks.assessmentId} = asked.id and ${isNull(poolLinks.invitationId)})`);
  return new Set(rows.map(({ id }) => id));
}

/** Forgets those that nobody has; what was given away stays, so that it is never taken in again. Answers how many went. */
export async function deleteFreePoolLinks(db: Either, assessmentId: string): Promise<number> {
  const gone = await db
    .delete(poolLinks)
    .where(and(eq(poolLinks.assessmentId, assessmentId), isNull(poolLinks.invitationId)))
    .returning({ id: poolLinks.id });
  return gone.length;
}

/**
 * The one link of this invitation: the same again when it has one, else the oldest free one. One conditional update passes over rows that
 * another worker is just taking, and a unique index keeps each invitation to one, so that none is ever given twice. Throws an
 * UnreadableSecret when it does not open, and then gives none.
 */
export async function takePoolLink(
  services: Services,
  { assessmentId, invitationId }: { assessmentId: string; invitationId: string },
): Promise<PoolTake> {
  const { db, sealer } = services;
  const own = async () => {
    const [row] = await db.select().from(poolLinks).where(eq(poolLinks.invitationId, invitationId));
    return row && openLink(sealer, row);
  };
  const link = (await own()) ?? (await takeFree(services, { assessmentId, invitationId })) ?? (await own());
  if (link !== undefined) return { kind: 'taken', link };
  const [free] = await db.select({ id: poolLinks.id }).from(poolLinks).where(freeOf(assessmentId)).limit(1);
  return free ? { kind: 'busy' } : { kind: 'none' };
}

/**
 * Undefined when there is none, and when the same invitation was given one at the same moment. Opened before it is given for good: under
 * another master key every invitation would use up one.
 */
async function takeFree(
  { db, sealer, clock }: Services,
  { assessmentId, invitationId }: { assessmentId: string; invitationId: string },
): Promise<string | undefined> {
  const next = db
    .select({ id: poolLinks.id })
    .from(poolLinks)
    .where(freeOf(assessmentId))
    .orderBy(asc(poolLinks.addedAt), asc(poolLinks.id))
    .limit(1)
    .for('update', { skipLocked: true });
  try {
    return await db.transaction(async (tx) => {
      const [row] = await tx
        .update(poolLinks)
        .set({ invitationId, takenAt: clock.now() })
        .where(and(inArray(poolLinks.id, next), isNull(poolLinks.invitationId)))
        .returning();
      return row && openLink(sealer, row);
    });
  } catch (error) {
    if (isUniqueViolation(error)) return undefined;
    throw error;
  }
}

function openLink(sealer: Services['sealer'], { id, sealed }: { id: string; sealed: string }): string {
  return sealer.open(sealed, SEALED_FOR.poolLink(id));
}

/**
 * Gives the invitation's link back. To be called when it certainly never went out; where an earlier sending of the same invitation did, or
 * may have, it stays given.
 */
export async function returnPoolLink(db: Either, invitationId: string): Promise<void> {
  const earlier = db
    .select({ one: sql`1` })
    .from(effects)
    .where(
      and(
        eq(effects.invitationId, invitationId),
        eq(effects.kind, 'send-invitation'),
        inArray(effects.state, ['done', 'unconfirmed']),
      ),
    );
  await db
    .update(poolLinks)
    .set({ invitationId: null, takenAt: null })
    .where(and(eq(poolLinks.invitationId, invitationId), isNotNull(poolLinks.takenAt), sql`not exists ${earlier}`));
}

function freeOf(assessmentId: string) {
  return and(eq(poolLinks.assessmentId, assessmentId), isNull(poolLinks.invitationId));
}
