import { and, asc, eq, isNull } from 'drizzle-orm';
import type { MemberRole } from '../../lib/domain/member.ts';
import type { Database, Transaction } from '../services.ts';
import { members, tokens } from './schema.ts';

export type MemberRow = typeof members.$inferSelect;
type TokenRow = typeof tokens.$inferSelect;

export async function addMember(
  tx: Transaction,
  member: { id: string; name: string; role: MemberRole; email: string | null; createdAt: Date },
): Promise<void> {
  await tx.insert(members).values(member);
}

export async function hasAdmin(db: Database | Transaction): Promise<boolean> {
  return (await db.select({ id: members.id }).from(members).where(isLiveAdmin()).limit(1)).length > 0;
}

/** Oldest first, each with its tokens. */
export async function listMembers(db: Database): Promise<{ member: MemberRow; tokens: TokenRow[] }[]> {
  const rows = await db
    .select({ member: members, token: tokens })
    .from(members)
    .leftJoin(tokens, eq(tokens.memberId, members.id))
    .orderBy(asc(members.createdAt), asc(members.id), asc(tokens.createdAt));
  const found = new Map<string, { member: MemberRow; tokens: TokenRow[] }>();
  for (const { member, token } of rows) {
    const entry = found.get(member.id) ?? { member, tokens: [] };
    if (token) entry.tokens.push(token);
    found.set(member.id, entry);
  }
  return [...found.values()];
}

/**
 * Ends all that a member may do. The last admin stays: without one nobody could let anybody in. All admins' rows are held
 * meanwhile, so that two admins who revoke each other at the same moment do not both succeed.
 */
export async function revokeMember(
  db: Database,
  { id, now }: { id: string; now: Date },
): Promise<'revoked' | 'unknown' | 'last-admin'> {
  return db.transaction(async (tx) => {
    const admins = await tx.select({ id: members.id }).from(members).where(isLiveAdmin()).orderBy(asc(members.id)).for('update');
    if (admins.length === 1 && admins[0]?.id === id) return 'last-admin';
    const known = await tx.select().from(members).where(eq(members.id, id));
    if (known.length === 0) return 'unknown';
    await tx
      .update(members)
      .set({ revokedAt: now })
      .where(and(eq(members.id, id), isNull(members.revokedAt)));
    await tx
      .update(tokens)
      .set({ revokedAt: now })
      .where(and(eq(tokens.memberId, id), isNull(tokens.revokedAt)));
    return 'revoked';
  });
}

/** Changes what is given. The last admin stays one, as in `revokeMember`. */
export async function changeMember(
  db: Database,
  { id, ...change }: { id: string; email?: string | null | undefined; role?: MemberRole | undefined },
): Promise<'changed' | 'unknown' | 'last-admin'> {
  return db.transaction(async (tx) => {
    const admins = await tx.select({ id: members.id }).from(members).where(isLiveAdmin()).orderBy(asc(members.id)).for('update');
    const isLastAdmin = admins.length === 1 && admins[0]?.id === id;
    if (isLastAdmin && change.role !== undefined && change.role !== 'admin') return 'last-admin';
    const [known] = await tx.select().from(members).where(eq(members.id, id)).for('update');
    if (!known || known.revokedAt) return 'unknown';
    const { email = known.email, role = known.role } = change;
    await tx.update(members).set({ email, role }).where(eq(members.id, id));
    return 'changed';
  });
}

function isLiveAdmin() {
  return and(eq(members.role, 'admin'), isNull(members.revokedAt));
}
