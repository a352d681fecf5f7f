import type { Database } from '../services.ts';
import { findMemberToMap, listPossibleUsers } from '../storage/ats-users.repository.ts';
import { type MappedUser, mapMember } from './map-member.ts';

/** As the users were last listed. */
export async function findMappedUser(
  db: Database,
  { memberId, connectionId }: { memberId: string; connectionId: string },
): Promise<MappedUser> {
  const member = await findMemberToMap(db, { memberId, connectionId });
  if (!member) return { how: 'none', user: null };
  return mapMember(member, await listPossibleUsers(db, { connectionId, member }));
}
