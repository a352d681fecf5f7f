import { and, asc, eq, sql } from 'drizzle-orm';
import type { AtsUser } from '../ats/operations.ts';
import type { MemberToMap } from '../people/map-member.ts';
import type { Database, Transaction } from '../services.ts';
import { atsUsers, memberAtsUsers, members } from './schema.ts';

/** The list as the ATS gave it just now takes the place of the earlier one. */
export async function replaceAtsUsers(
  db: Database,
  { connectionId, users, now }: { connectionId: string; users: readonly AtsUser[]; now: Date },
): Promise<void> {
  const distinct = [...new Map(users.map((user) => [user.userId, user])).values()];
  await db.transaction(async (tx) => {
    await tx.delete(atsUsers).where(eq(atsUsers.connectionId, connectionId));
    for (let from = 0; from < distinct.length; from += ROWS_AT_ONCE) {
      const rows = distinct.slice(from, from + ROWS_AT_ONCE).map((user) => ({ ...user, connectionId, readAt: now }));
      await tx.insert(atsUsers).values(rows).onConflictDoNothing();
    }
  });
}

/** PostgreSQL takes 65 535 parameters in one statement; a row has eight. */
const ROWS_AT_ONCE = 1000;

/** By name. */
export async function listAtsUsers(db: Database, connectionId: string): Promise<AtsUser[]> {
  const rows = await db.select().from(atsUsers).where(eq(atsUsers.connectionId, connectionId)).orderBy(asc(atsUsers.name));
  return rows.map(toAtsUser);
}

/** Those of them that a member can be: a company may have thousands, and every panel asks. */
export async function listPossibleUsers(
  db: Database,
  { connectionId, member: { email, byHand } }: { connectionId: string; member: MemberToMap },
): Promise<AtsUser[]> {
  const isMeant = byHand
    ? eq(atsUsers.userId, byHand.userId ?? '')
    : sql`${atsUsers.emails} @> ${JSON.stringify([email ?? ''])}::jsonb`;
  const rows = await db
    .select()
    .from(atsUsers)
    .where(and(eq(atsUsers.connectionId, connectionId), isMeant));
  return rows.map(toAtsUser);
}

function toAtsUser({ connectionId: _, readAt: __, ...user }: typeof atsUsers.$inferSelect): AtsUser {
  return user;
}

/** What is known of a member for the mapping; undefined when there is no such member. */
export async function findMemberToMap(
  db: Database,
  { memberId, connectionId }: { memberId: string; connectionId: string },
): Promise<MemberToMap | undefined> {
  const [row] = await db
    .select({ email: members.email, byHand: memberAtsUsers })
    .from(members)
    .leftJoin(memberAtsUsers, and(eq(memberAtsUsers.memberId, members.id), eq(memberAtsUsers.connectionId, connectionId)))
    .where(eq(members.id, memberId));
  return row ? { email: row.email, byHand: row.byHand ?? undefined } : undefined;
}

/** All that admins have said by hand. */
export function listMappingsByHand(db: Database): Promise<(typeof memberAtsUsers.$inferSelect)[]> {
  return db.select().from(memberAtsUsers);
}

/** `userId` null: none, and the e-mail does not count either. */
export async function mapByHand(
  db: Database | Transaction,
  mapping: { memberId: string; connectionId: string; userId: string | null; setBy: string; setAt: Date },
): Promise<void> {
  const { userId, setBy, setAt } = mapping;
  await db
    .insert(memberAtsUsers)
    .values(mapping)
    .onConflictDoUpdate({ target: [memberAtsUsers.memberId, memberAtsUsers.connectionId], set: { userId, setBy, setAt } });
}

/** From now on the e-mail decides again. */
export async function mapByEmail(db: Database, { memberId, connectionId }: { memberId: string; connectionId: string }) {
  await db
    .delete(memberAtsUsers)
    .where(and(eq(memberAtsUsers.memberId, memberId), eq(memberAtsUsers.connectionId, connectionId)));
}
