import { and, asc, eq, isNull } from 'drizzle-orm';
import type { MemberAtsUser, MemberRow } from '../../lib/contract/pairing.ts';
import type { AtsKind } from '../../lib/domain/ats.ts';
import type { AtsUser } from '../ats/operations.ts';
import { attributesToRecruiters } from '../people/acting-user.ts';
import { type MappedUser, mapMember } from '../people/map-member.ts';
import type { Database } from '../services.ts';
import { listAtsUsers, listMappingsByHand } from '../storage/ats-users.repository.ts';
import { listMembers } from '../storage/members.repository.ts';
import { connections } from '../storage/schema.ts';
import { atsKindOf } from './sight.ts';

interface AtsAtHand {
  id: string;
  name: string;
  ats: AtsKind;
  attributes: boolean;
  users: AtsUser[];
}

/** All members, also former ones, oldest first, each with who they are in the ATSs. */
export async function readMemberRows(db: Database, yourId: string): Promise<MemberRow[]> {
  const [rows, byHand, ats] = await Promise.all([listMembers(db), listMappingsByHand(db), readAts(db)]);
  return rows.map(({ member, tokens }) => {
    const uses = tokens.flatMap(({ lastUsedAt }) => (lastUsedAt ? [lastUsedAt.getTime()] : []));
    const atsUsers = ats.map((one) => {
      const said = byHand.find(({ memberId, connectionId }) => memberId === member.id && connectionId === one.id);
      return toAtsUserView(one, mapMember({ email: member.email, byHand: said }, one.users));
    });
    return {
      id: member.id,
      name: member.name,
      role: member.role,
      email: member.email,
      createdAt: member.createdAt.toISOString(),
      lastSeenAt: uses.length > 0 ? new Date(Math.max(...uses)).toISOString() : null,
      revokedAt: member.revokedAt?.toISOString() ?? null,
      isYou: member.id === yourId,
      device: tokens.at(-1)?.device ?? '',
      atsUsers: member.revokedAt ? [] : atsUsers,
    };
  });
}

export async function listAtsConnectionIds(db: Database): Promise<string[]> {
  const rows = await db.select({ id: connections.id }).from(connections).where(isAts());
  return rows.map(({ id }) => id);
}

async function readAts(db: Database): Promise<AtsAtHand[]> {
  const rows = await db.select().from(connections).where(isAts()).orderBy(asc(connections.createdAt), asc(connections.id));
  const found: AtsAtHand[] = [];
  for (const { id, name, kind, settings } of rows) {
    const ats = atsKindOf(kind);
    if (ats) found.push({ id, name, ats, attributes: attributesToRecruiters(settings), users: await listAtsUsers(db, id) });
  }
  return found;
}

function isAts() {
  return and(eq(connections.side, 'ats'), isNull(connections.deletedAt));
}

function toAtsUserView({ id, name, ats, attributes }: AtsAtHand, { how, user }: MappedUser): MemberAtsUser {
  const isMissing = attributes && (user === null || how === 'deactivated');
  return { connectionId: id, connectionName: name, ats, how, user: user && toUserView(user), isMissing };
}

function toUserView({ userId, name, emails, roleName, sees }: AtsUser) {
  return { userId, name, emails, roleName, sees };
}
