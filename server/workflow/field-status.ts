import type { Invitation, InvitationState } from '../../lib/domain/invitation.ts';
import type { VendorResult } from '../../lib/domain/result.ts';

/** The words that a status field of the ATS may hold; the catalogue has a sentence for each. */
export type FieldStatus = 'sent' | 'not-confirmed' | 'not-sent' | 'started' | 'submitted' | 'scored' | 'expired' | 'cancelled';

/** Null before anything went out: what can still be undone is nothing for the ATS's record. */
export function fieldStatusOf(state: InvitationState): FieldStatus | null {
  switch (state) {
    case 'held':
    case 'sending':
    case 'undone':
      return null;
    case 'failed':
      return 'not-sent';
    case 'unconfirmed':
      return 'not-confirmed';
    default:
      return state;
  }
}

export interface FieldPicture {
  status: FieldStatus;
  /**
   * Of the newest invitation that has a result, which may be an older one than the status is of: what is known is not taken away by the
   * next invitation. Null while there is none.
   */
  result: VendorResult | null;
  /** Whether an earlier result may have left a score in the field, which one without a score then has to take away. */
  hadResult: boolean;
}

/** What the fields of an application are to say; null for nothing yet. The newest invitation speaks for all of them. */
export function pictureOf(invitations: readonly Invitation[]): FieldPicture | null {
  const gone = invitations
    .flatMap((invitation) => {
      const status = fieldStatusOf(invitation.state);
      return status ? [{ invitation, status }] : [];
    })
    // A stable sort: of two made in the same moment the later one in the record counts as newer.
    .toSorted((a, b) => Date.parse(a.invitation.createdAt) - Date.parse(b.invitation.createdAt));
  const newest = gone.at(-1);
  if (!newest) return null;
  const results = gone.flatMap(({ invitation }) => invitation.result ?? []);
  const result = results.at(-1) ?? null;
  return { status: newest.status, result, hadResult: results.length > 1 || (result?.version ?? 0) > 1 };
}
