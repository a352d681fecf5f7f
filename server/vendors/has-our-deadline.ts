import type { Invitation } from '../../lib/domain/invitation.ts';

/**
 * True for what went out as a link of ours: the vendor knows no invitation, so that nobody but us counts the days. What the vendor made
 * has an id of the vendor's, or an e-mail of the vendor's.
 */
export function hasOurDeadline({ externalId, handover }: Pick<Invitation, 'externalId' | 'handover'>): boolean {
  return externalId === null && handover !== 'vendor e-mail';
}
