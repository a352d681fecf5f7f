import { and, desc, eq, isNull } from 'drizzle-orm';
import type { MemberRole } from '../../lib/domain/member.ts';
import type { Database, Transaction } from '../services.ts';
import { members, pairingCodes } from './schema.ts';

export type PairingCodeRow = typeof pairingCodes.$inferSelect;
type Either = Database | Transaction;

/** Null when another code, perhaps long used, has the same prefix: make another. */
export async function addPairingCode(
  db: Either,
  code: {
    id: string;
    prefix: string;
    hash: string;
    role: MemberRole;
    note: string;
    email: string | null;
    createdBy: string | null;
    createdAt: Date;
    expiresAt: Date;
  },
): Promise<PairingCodeRow | null> {
  const rows = await db.insert(pairingCodes).values(code).onConflictDoNothing().returning();
  return rows[0] ?? null;
}

/** Newest first, with the name of whoever used it. */
export async function listPairingCodes(db: Database): Promise<{ code: PairingCodeRow; usedByName: string | null }[]> {
  return db
    .select({ code: pairingCodes, usedByName: members.name })
    .from(pairingCodes)
    .leftJoin(members, eq(members.id, pairingCodes.usedBy))
    .orderBy(desc(pairingCodes.createdAt), desc(pairingCodes.id))
    .limit(200);
}

/** Holds the row until the transaction ends, so that two tries at once are counted as two and a code is used once. */
export async function lockPairingCode(tx: Transaction, prefix: string): Promise<PairingCodeRow | null> {
  const rows = await tx.select().from(pairingCodes).where(eq(pairingCodes.prefix, prefix)).for('update');
  return rows[0] ?? null;
}

export async function countWrongTry(tx: Transaction, code: PairingCodeRow): Promise<void> {
  await tx
    .update(pairingCodes)
    .set({ tries: code.tries + 1 })
    .where(eq(pairingCodes.id, code.id));
}

export async function markPairingCodeUsed(tx: Transaction, use: { id: string; memberId: string; now: Date }): Promise<void> {
  await tx.update(pairingCodes).set({ usedAt: use.now, usedBy: use.memberId }).where(eq(pairingCodes.id, use.id));
}

/** False when there is no such code. A used one stays used: revoking it ends nothing. */
export async function revokePairingCode(db: Database, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const rows = await db
    .update(pairingCodes)
    .set({ revokedAt: now })
    .where(and(eq(pairingCodes.id, id), isNull(pairingCodes.revokedAt)))
    .returning({ id: pairingCodes.id });
  if (rows.length > 0) return true;
  return (await db.select({ id: pairingCodes.id }).from(pairingCodes).where(eq(pairingCodes.id, id))).length > 0;
}

/** Ends the codes that a start of the server printed and nobody used. */
export async function revokePrintedCodes(tx: Transaction, now: Date): Promise<void> {
  await tx
    .update(pairingCodes)
    .set({ revokedAt: now })
    .where(and(isNull(pairingCodes.createdBy), isNull(pairingCodes.usedAt), isNull(pairingCodes.revokedAt)));
}
