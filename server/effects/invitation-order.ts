import type { Invitation } from '../../lib/domain/invitation.ts';
import { profileUrls } from '../storage/page-hosts.repository.ts';
import type { InvitationOrder } from '../vendors/port.ts';
import type { EffectContext } from './runner.ts';

/** All that is needed to invite, as of now; null when the assessment is gone. */
export async function orderOf(context: EffectContext, invitation: Invitation): Promise<InvitationOrder | null> {
  if (!context.assessment) return null;
  const [profileUrl = null] = await profileUrls(context.services.db, [context.snapshot]);
  return {
    invitationId: invitation.id,
    assessment: context.assessment,
    email: invitation.email,
    candidateName: context.snapshot?.name ?? null,
    message: invitation.options.message ?? null,
    expiresAt: deadlineFromNow(context, invitation),
    attempt: invitation.attempt,
    profileUrl,
  };
}

/** Counted from the moment of sending, so that a long wait in the queue takes nothing from the candidate. */
export function deadlineFromNow(context: EffectContext, invitation: Invitation): string {
  const days = invitation.options.deadlineDays ?? context.assessment?.deadlineDays ?? 7;
  return new Date(context.services.clock.now().getTime() + days * 24 * 60 * 60_000).toISOString();
}

/** Why nothing may reach the candidate any more; what waits in a queue for hours must not reach somebody who was rejected. */
export function noLongerWanted({ visible, snapshot }: EffectContext): string | null {
  if (!visible) return 'the application cannot be seen in the ATS any more.';
  if (snapshot?.status === 'archived' || snapshot?.status === 'hired') return 'the application is not active any more.';
  return null;
}
