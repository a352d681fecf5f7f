import type { Invitation } from '../../lib/domain/invitation.ts';
import type { InvitationReceipt } from '../vendors/port.ts';
import type { EffectContext } from './runner.ts';

const EMAILED_BY = { 'vendor e-mail': 'vendor', 'our e-mail': 'us', 'copy link': 'nobody' } as const;

/** What is known of an invitation by now, in the place of the answer that never came. */
export function receiptKnown(
  { assessment }: EffectContext,
  { externalId, expiresAt }: Pick<Invitation, 'externalId' | 'expiresAt'>,
): InvitationReceipt {
  return { externalId, expiresAt, link: null, emailedBy: EMAILED_BY[assessment?.handover ?? 'vendor e-mail'] };
}
