import type { InvitationView } from '../../lib/contract/panel.ts';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import { hasOurDeadline } from '../vendors/has-our-deadline.ts';
import { canDo } from '../vendors/operations.ts';
import type { VendorAdapter } from '../vendors/port.ts';

/** What can be done with an invitation once it has been sent, or should have been. */
export type FollowUp = Extract<InvitationView['actions'][number], 'resend' | 'extend' | 'extra-time' | 'correct-email'>;

export interface FollowUpCase {
  invitation: Invitation;
  /** Null when the vendor's connection is off or gone. */
  adapter: Pick<VendorAdapter, 'operations'> | null;
  snapshot: Pick<Snapshot, 'status' | 'canEmail' | 'anonymised'> | null;
  hasLink: boolean;
  /** Another invitation for the same assessment is open. */
  isOpenElsewhere: boolean;
}

/** Which of them can work now, at this vendor, for this invitation; no others are offered, and no others are taken. Pure. */
export function followUpsFor(given: FollowUpCase): FollowUp[] {
  const { invitation, adapter } = given;
  if (!adapter) return [];
  const { state, handover } = invitation;
  const { operations } = adapter;
  const isWaiting = state === 'sent' || state === 'started';
  const mayReach = maySend(given);
  const canResend =
    handover === 'our e-mail' ? given.hasLink : handover === 'vendor e-mail' && canDo(operations, 'resend', invitation);
  const canExtend = hasOurDeadline(invitation) || canDo(operations, 'extend', invitation);
  const isWrong = state === 'sent' || state === 'unconfirmed' || (state === 'failed' && !given.isOpenElsewhere);
  const fits: Record<FollowUp, boolean> = {
    resend: state === 'sent' && mayReach && canResend,
    extend: isWaiting && canExtend,
    // Where the vendor cannot be told it is kept for the next invitation, and the question says so.
    'extra-time': isWaiting,
    // A link that was handed over by hand has not bounced.
    'correct-email': isWrong && mayReach && handover !== 'copy link',
  };
  return ORDER.filter((action) => fits[action]);
}

const ORDER: readonly FollowUp[] = ['resend', 'correct-email', 'extend', 'extra-time'];

function maySend({ snapshot }: FollowUpCase): boolean {
  if (!snapshot || snapshot.anonymised || snapshot.canEmail === false) return false;
  return snapshot.status !== 'archived' && snapshot.status !== 'hired';
}
