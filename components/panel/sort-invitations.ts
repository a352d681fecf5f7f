import type { InvitationView } from '../../lib/contract/panel.ts';
import { isOpen } from '../../lib/domain/invitation.ts';

export interface SortedInvitations {
  /** Open ones, and the newest of each assessment: newest first. */
  current: InvitationView[];
  /** Attempts that a newer one has replaced. */
  earlier: InvitationView[];
}

/** What deserves its own card and what is history. Undone ones never went out: they are told under "What happened". */
export function sortInvitations(invitations: InvitationView[]): SortedInvitations {
  const newestFirst = invitations
    .filter((invitation) => invitation.state !== 'undone')
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt) || b.attempt - a.attempt);
  const newest = new Set(new Map(newestFirst.toReversed().map((each) => [each.assessmentId, each.id])).values());
  const isCurrent = (each: InvitationView) => isOpen(each.state) || newest.has(each.id);
  return { current: newestFirst.filter(isCurrent), earlier: newestFirst.filter((each) => !isCurrent(each)) };
}
