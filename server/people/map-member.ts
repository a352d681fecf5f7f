import type { AtsUser } from '../ats/operations.ts';

/** Which user of one ATS a member is, and how we know. */
export type MappedUser =
  | { how: 'e-mail' | 'by-hand' | 'deactivated'; user: AtsUser }
  /** `by-hand` without a user: an admin said that there is none. `ambiguous`: several users have the address. */
  | { how: 'none' | 'ambiguous' | 'by-hand'; user: null };

export interface MemberToMap {
  /** Lower case. */
  email: string | null;
  /** What an admin said; undefined where nobody said anything, and the e-mail decides. */
  byHand: { userId: string | null } | undefined;
}

/** Pure. A user who may not sign in any more is found, so that the admin sees why nothing is written in that name, and never acts. */
export function mapMember({ email, byHand }: MemberToMap, users: readonly AtsUser[]): MappedUser {
  if (byHand) {
    if (byHand.userId === null) return { how: 'by-hand', user: null };
    const user = users.find(({ userId }) => userId === byHand.userId);
    return user ? { how: user.active ? 'by-hand' : 'deactivated', user } : { how: 'none', user: null };
  }
  const matching = email === null ? [] : users.filter(({ emails }) => emails.includes(email));
  // Whoever has left does not stand in the way of the one who has the address now.
  const active = matching.filter((user) => user.active);
  if (active.length > 1) return { how: 'ambiguous', user: null };
  const [user] = active;
  if (user) return { how: 'e-mail', user };
  const [former] = matching;
  return former ? { how: 'deactivated', user: former } : { how: 'none', user: null };
}
