import type { Invitation } from '../../lib/domain/invitation.ts';
import type { Outcome } from '../../lib/domain/outcome.ts';
import type { CallResult } from '../outbound/outcome.ts';
import type { VendorReport } from './port.ts';

/**
 * What a vendor can do beyond inviting, cancelling and reporting. An adapter leaves out what its vendor cannot do at all, and then no
 * button asks for it. The promises of `VendorAdapter` hold here too.
 */
export interface VendorOperations {
  /** Which of these it cannot do for this invitation, though it can for others: a live interview has no clock to give time on. */
  lacks?(invitation: Pick<Invitation, 'assessmentExternalId'>): readonly LackedOperation[];
  /** Sends the invitation's e-mail once more, to the same address. NOT safe to repeat by itself: the candidate gets another e-mail. */
  resend?(invitation: Invitation): Promise<CallResult<void>>;
  /** Safe to repeat: sets the deadline. `refused` where the vendor only extends, or the test is over. */
  extend?(invitation: Invitation, expiresAt: Date): Promise<CallResult<{ expiresAt: string | null }>>;
  /** Safe to repeat: sets, in percent of the test's own duration. At inviting it travels in the order instead. */
  giveExtraTime?(invitation: Invitation, percent: number): Promise<CallResult<void>>;
  /** Invitations of this person to this assessment that the vendor knows, also those made at the vendor by hand. Newest first. */
  findInvitations?(query: { assessmentExternalId: string; email: string }): Promise<CallResult<FoundInvitation[]>>;
  /** Safe to repeat. What became of the candidate, in the vendor's own word that an admin chose for it. */
  tellOutcome?(invitation: Invitation, told: { outcome: Outcome; word: string }): Promise<CallResult<void>>;
  /** The report as a PDF; null where there is none for this invitation. Left out by a vendor that has no such file at all. */
  readReportFile?(invitation: Invitation): Promise<CallResult<ReportFile | null>>;
}

export type LackedOperation = 'resend' | 'extend' | 'giveExtraTime' | 'tellOutcome';

/** Whether the vendor can do this for this invitation; what it cannot is neither offered nor called. */
export function canDo(
  operations: VendorOperations,
  operation: LackedOperation,
  invitation: Pick<Invitation, 'assessmentExternalId'>,
): boolean {
  return operations[operation] !== undefined && !operations.lacks?.(invitation).includes(operation);
}

export interface ReportFile {
  /** As the vendor calls it. */
  name: string;
  bytes: Uint8Array;
}

/** An invitation as the vendor knows it, perhaps not ours. */
export interface FoundInvitation {
  externalId: string;
  /** Our own id where it travels with the invitation; null for one made outside. */
  invitationId: string | null;
  email: string;
  invitedAt: string | null;
  expiresAt: string | null;
  report: VendorReport;
}
