/** A person who uses Tagalong. Each role may do what the ones after it may. */
export const MEMBER_ROLES = ['admin', 'recruiter', 'viewer'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

export interface Member {
  id: string;
  name: string;
  role: MemberRole;
}

export function mayActAs(role: MemberRole, needed: MemberRole): boolean {
  return MEMBER_ROLES.indexOf(role) <= MEMBER_ROLES.indexOf(needed);
}
