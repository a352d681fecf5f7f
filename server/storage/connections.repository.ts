import { and, asc, desc, eq, exists, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '../services.ts';
import { forgetTokens } from './ats-tokens.repository.ts';
import { applications, assessments, connections, webhookEndpoints } from './schema.ts';
import { changeSweepState } from './sweep-state.ts';

export type ConnectionRow = typeof connections.$inferSelect;
type Either = Database | Transaction;

/** All but deleted ones, oldest first. */
export async function listConnections(db: Either): Promise<ConnectionRow[]> {
  return db
    .select()
    .from(connections)
    .where(isNull(connections.deletedAt))
    .orderBy(asc(connections.createdAt), asc(connections.id));
}

/** Null for an unknown or deleted one, and for an id that is none of ours. */
export async function findConnection(db: Either, id: string): Promise<ConnectionRow | null> {
  if (!z.guid().safeParse(id).success) return null;
  const rows = await db
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), isNull(connections.deletedAt)));
  return rows[0] ?? null;
}

/** Also a deleted one; null for an id that is none of ours. */
export async function findEvenDeleted(db: Either, id: string): Promise<ConnectionRow | null> {
  if (!z.guid().safeParse(id).success) return null;
  const rows = await db.select().from(connections).where(eq(connections.id, id));
  return rows[0] ?? null;
}

/** Deleted ATSs of which applications are here still, the last deleted first. */
export async function listDeletedWithPeople(db: Either): Promise<ConnectionRow[]> {
  const people = db.select({ one: sql`1` }).from(applications).where(eq(applications.connectionId, connections.id));
  return db
    .select()
    .from(connections)
    .where(and(eq(connections.side, 'ats'), isNotNull(connections.deletedAt), exists(people)))
    .orderBy(desc(connections.deletedAt), asc(connections.id));
}

/** As `findConnection`, held until the transaction ends: two admins who change it at once do not overwrite each other's secrets. */
export async function lockConnection(tx: Either, id: string): Promise<ConnectionRow | null> {
  const rows = await tx
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), isNull(connections.deletedAt)))
    .for('update');
  return rows[0] ?? null;
}

export async function addConnection(tx: Transaction, row: typeof connections.$inferInsert): Promise<void> {
  await tx.insert(connections).values(row);
}

export async function changeConnection(
  db: Either,
  id: string,
  change: Partial<
    Pick<
      ConnectionRow,
      'name' | 'enabled' | 'settings' | 'secrets' | 'automaticSince' | 'account' | 'checkedAt' | 'trouble' | 'updatedAt'
    >
  >,
): Promise<void> {
  await db.update(connections).set(change).where(eq(connections.id, id));
}

/** A connection as it was when somebody asked the other side with its credential. */
interface AskedAs {
  id: string;
  updatedAt: Date;
  now: Date;
}

/**
 * What a call learned about the credential. False, and nothing is stored, when somebody else has stored something since, or the connection
 * was changed: then this is about another credential.
 */
export async function noteTrouble(
  db: Either,
  { id, updatedAt, from, to, now }: AskedAs & { from: string | null; to: string | null },
): Promise<boolean> {
  const noted = await db
    .update(connections)
    .set({ trouble: to, checkedAt: now })
    .where(and(isAsItWas({ id, updatedAt }), sql`${connections.trouble} is not distinct from ${from}`))
    .returning({ id: connections.id });
  return noted.length > 0;
}

/** What a check found; nothing of a connection that was changed meanwhile. `account` stays as it was when it is left out. */
export async function recordCheck(
  db: Either,
  { id, updatedAt, now, ...found }: AskedAs & { trouble: string | null; account?: string | null },
): Promise<void> {
  await db
    .update(connections)
    .set({ ...found, checkedAt: now })
    .where(isAsItWas({ id, updatedAt }));
}

function isAsItWas({ id, updatedAt }: Pick<AskedAs, 'id' | 'updatedAt'>) {
  return and(eq(connections.id, id), eq(connections.updatedAt, updatedAt));
}

/** The connections whose credential the other side refused when an application of theirs was last read. */
export async function listRefusedConnections(db: Database): Promise<Set<string>> {
  const rows = await db
    .selectDistinct({ connectionId: applications.connectionId })
    .from(applications)
    .where(eq(applications.readTrouble, 'unauthorised'));
  return new Set(rows.map(({ connectionId }) => connectionId));
}

/**
 * Whatever waits because this connection (or a vendor) could not be read is looked at again now: what an admin has just mended must
 * not go on waiting for the next try.
 */
export async function lookAgainAt(tx: Transaction, { id, now }: { id: string; now: Date }): Promise<void> {
  const mayConcern = or(eq(applications.connectionId, id), eq(applications.readTrouble, 'vendor'));
  await tx
    .update(applications)
    .set({ dueAt: now })
    .where(and(isNotNull(applications.readTrouble), mayConcern));
  await changeSweepState(tx, id, { isRefused: false });
}

/**
 * Takes a connection out of use and forgets its credentials; the row stays, because applications and invitations point at it.
 * Its webhook addresses keep refusing (no secret fits any more), and a vendor's assessments are archived, so that their tags are free again.
 */
export async function deleteConnection(db: Database, { id, now }: { id: string; now: Date }): Promise<boolean> {
  return db.transaction(async (tx) => {
    const gone = await tx
      .update(connections)
      .set({ deletedAt: now, updatedAt: now, enabled: false, secrets: {} })
      .where(and(eq(connections.id, id), isNull(connections.deletedAt)))
      .returning({ id: connections.id });
    if (gone.length === 0) return false;
    await forgetTokens(tx, id);
    await tx.update(webhookEndpoints).set({ secrets: [] }).where(eq(webhookEndpoints.connectionId, id));
    await tx
      .update(assessments)
      .set({ archivedAt: now })
      .where(and(eq(assessments.vendorConnectionId, id), isNull(assessments.archivedAt)));
    return true;
  });
}
