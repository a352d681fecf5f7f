import type { ConnectionSettings } from '../../lib/contract/settings.ts';
import type { RaisedBy } from '../../lib/domain/invitation.ts';
import type { Database } from '../services.ts';
import type { Effect } from '../workflow/effect.ts';
import { findMappedUser } from './find-mapped-user.ts';

/**
 * The member whose click an effect carries out; null for what a rule or a vendor set off, even if somebody's click came before it. Sending takes
 * several steps, decided one after the other, and all of them are that click's.
 */
export function raiserOf(
  effect: Pick<Effect, 'kind'> & { note?: { about: string } },
  {
    decision,
    invitation,
  }: { decision: { event: string; raisedBy: RaisedBy | null } | null; invitation: { raisedBy: RaisedBy } | null },
): string | null {
  const isSending = effect.kind === 'add-tag' || (effect.kind === 'write-note' && effect.note?.about === 'invitation-sent');
  if (isSending && invitation) return memberOf(invitation.raisedBy);
  // A result that somebody entered may also make a rule move the candidate on: that is the rule's doing.
  const isClick = decision?.event.endsWith('.requested') || effect.kind === 'write-note';
  return isClick && decision ? memberOf(decision.raisedBy) : null;
}

function memberOf(by: RaisedBy | null): string | null {
  return by?.kind === 'member' ? by.memberId : null;
}

/**
 * The ATS user in whose name a member's click is written; null for the connection's own. Comes from what an admin set up and the ATS
 * listed, never from the browser; who is deactivated there never acts (Lever itself would let them).
 */
export async function findActingUser(
  db: Database,
  { connectionId, memberId }: { connectionId: string; memberId: string | null },
): Promise<string | null> {
  if (memberId === null) return null;
  const { how, user } = await findMappedUser(db, { memberId, connectionId });
  return user && how !== 'deactivated' ? user.userId : null;
}

export function attributesToRecruiters(settings: ConnectionSettings): boolean {
  return 'attribution' in settings && settings.attribution === 'recruiter';
}
