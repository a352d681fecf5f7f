import type { Assessment } from '../../lib/domain/assessment.ts';
import type { InvitationReceipt, VendorAdapter } from './port.ts';

const BY: Record<Assessment['handover'], InvitationReceipt['emailedBy']> = {
  'vendor e-mail': 'vendor',
  'our e-mail': 'us',
  'copy link': 'nobody',
};

/** Whether this vendor's invitation to it can reach the candidate in the way that an admin chose for it. */
export function canHandOver(
  { capabilities, emailedByFor }: Pick<VendorAdapter, 'capabilities' | 'emailedByFor'>,
  assessment: Pick<Assessment, 'externalId' | 'kind' | 'linkTemplate' | 'handover'>,
): boolean {
  return (emailedByFor?.(assessment) ?? capabilities.emailedBy).includes(BY[assessment.handover]);
}
