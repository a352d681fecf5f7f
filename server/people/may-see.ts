/**
 * What of a candidate a member may see. An ATS's credential sees everything its scopes allow, whatever the role of the person who looks:
 * Lever's keys have no role at all. So what the ATS would not show to that person we must not show either.
 * https://help.lever.co (user access roles); https://support.greenhouse.io (user permissions)
 */
import type { Snapshot } from '../../lib/domain/application.ts';
import type { AtsKind } from '../../lib/domain/ats.ts';
import { LEVER_INTERVIEWER } from '../../lib/domain/lever-role.ts';
import type { MemberRole } from '../../lib/domain/member.ts';
import type { AtsUser } from '../ats/operations.ts';
import type { MappedUser } from './map-member.ts';

/** `progress`: that there is an assessment and how far it is, without results. */
export type Sight = 'all' | 'progress' | 'nothing';

export interface Viewing {
  ats: AtsKind;
  /** In Tagalong. */
  role: MemberRole;
  mapped: MappedUser;
  candidate: Pick<Snapshot, 'confidential' | 'involved'>;
}

/** Pure and total. */
export function maySee({ ats, role, mapped: { how, user }, candidate }: Viewing): Sight {
  // The ATS has closed its door to this person.
  if (how === 'deactivated') return 'nothing';
  // Of whom we know nothing in the ATS, the role in Tagalong decides; an admin gave it. Looking on alone is no reason to see secrets.
  if (user === null || ats === 'greenhouse') return isSecretTo(role, candidate, user) ? 'nothing' : 'all';
  return seenInLever(user, candidate);
}

/**
 * Greenhouse gives permissions job by job. Which, its API lists in a shape that is not public (harvest:user_job_permissions:list), so
 * that here too the role in Tagalong decides.
 */
function isSecretTo(role: MemberRole, { confidential }: Viewing['candidate'], user: AtsUser | null): boolean {
  return confidential && role === 'viewer' && user?.sees !== 'all';
}

function seenInLever(user: AtsUser, { confidential, involved }: Viewing['candidate']): Sight {
  const isTheirs = involved?.application.includes(user.userId) ?? false;
  const isOfTheirJob = involved?.job.includes(user.userId) ?? false;
  if (user.sees === 'all' || isTheirs) return 'all';
  // Inferred: an Interviewer sees own interviews and feedback only. Somebody else's result would go ahead of what they are asked for.
  if (user.roleName === LEVER_INTERVIEWER) return isOfTheirJob ? 'progress' : 'nothing';
  if (isOfTheirJob) return 'all';
  // A role of the company's own may allow anything. Most such people work with candidates every day and would be shut out by a guess;
  // with confidential ones the guess that is wrong must be the one that shows less.
  return user.sees === 'unknown' && !confidential ? 'all' : 'nothing';
}
