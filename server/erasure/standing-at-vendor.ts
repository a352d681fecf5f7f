import type { Traces } from './find-traces.ts';
import type { InvitationRow } from './named-by.ts';

export const STANDINGS = ['vendor-cancelled', 'vendor-open', 'vendor-perhaps', 'vendor-keeps'] as const;
export type Standing = (typeof STANDINGS)[number];

export interface VendorFacts {
  name: string;
  /** It can take an invitation back. */
  cancels: boolean;
  /** Its API makes the invitation, so that it may be there though our e-mail with the link never went out. */
  makes: boolean;
}

type Asked = Pick<Traces['asked'][number], 'kind' | 'state' | 'attempts' | 'invitationId'>;

/** How an invitation stands at its vendor once nobody here knows of it any more. Null for what never reached the vendor. Pure. */
export function standingAtVendor(
  { id, state, sentAt }: Pick<InvitationRow, 'id' | 'state' | 'sentAt'>,
  asked: readonly Asked[],
  { cancels, makes }: VendorFacts,
): Standing | null {
  const own = asked.filter(({ invitationId }) => invitationId === id);
  const tried = own.some(({ kind, attempts }) => kind === 'send-invitation' && attempts > 0);
  switch (state) {
    case 'held':
      return null;
    // Stopped by the erasure while it waited for its turn.
    case 'sending':
      return tried ? 'vendor-open' : null;
    // Failed says that the candidate has none, not how far it came; a failed one whose address was corrected is undone.
    case 'undone':
    case 'failed':
      if (sentAt) return 'vendor-keeps';
      return makes && tried ? 'vendor-perhaps' : null;
    case 'cancelled':
      return cancels && wasTakenBack(own) ? 'vendor-cancelled' : 'vendor-open';
    case 'scored':
    case 'expired':
      return 'vendor-keeps';
    default:
      return 'vendor-open';
  }
}

/** One that another took the place of is cancelled here before it is there. Where we asked for nothing, the vendor told of it. */
function wasTakenBack(own: readonly Asked[]): boolean {
  const cancels = own.filter(({ kind }) => kind === 'cancel-invitation');
  return cancels.length === 0 || cancels.some(({ state }) => state === 'done');
}
