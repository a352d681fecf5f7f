import type { Invitation } from '../../lib/domain/invitation.ts';
import type { VendorCapabilities } from '../vendors/port.ts';
import type { InvitationElsewhere } from '../workflow/state.ts';
import { isOverThere } from '../workflow/take-report.ts';

const MINUTE_MS = 60_000;
/** Greenhouse's own polling of assessment partners gives up after as long; nobody takes a test later. */
const GIVE_UP_AFTER_MS = 8 * 7 * 24 * 60 * MINUTE_MS;
/**
 * Between two questions about one that has run out. Who began in its last minute is through soon, and few are later than that: two dozen
 * questions at most, where one that is open costs as many on each day.
 */
const LATE_LOOK_MS = { least: 15 * MINUTE_MS, most: 3 * 24 * 60 * MINUTE_MS };

/**
 * When to ask a vendor the next time: a minute apart five times, ten minutes apart for an hour, then hourly, for eight weeks.
 * `polls` counts those since the last sign of life. Null: no more. One that has run out is asked about after a while, and then after as long
 * again as it has been over.
 */
export function nextPollAt(
  invitation: Pick<Invitation, 'createdAt'> & Partial<Pick<Invitation, 'state' | 'closedAt'>>,
  polls: number,
  now: Date,
): Date | null {
  if (now.getTime() - Date.parse(invitation.createdAt) > GIVE_UP_AFTER_MS) return null;
  if (invitation.state === 'expired' && invitation.closedAt) {
    const overMs = now.getTime() - Date.parse(invitation.closedAt);
    return new Date(now.getTime() + Math.min(Math.max(overMs, LATE_LOOK_MS.least), LATE_LOOK_MS.most));
  }
  const minutes = polls < 5 ? 1 : polls < 11 ? 10 : 60;
  return new Date(now.getTime() + minutes * MINUTE_MS);
}

/**
 * Whether there is anything to ask about: it is out, not over, and the vendor can be asked. One that ran out by our own record is not over:
 * who began in time, or was let in late, may still hand it in. The vendor's own word that it expired ends that, because nobody is let in
 * then any more, and who was in before is called started or submitted, not expired. `capabilities` null: the vendor is switched off for now,
 * which must not make us forget to ask once it is on again.
 */
export function isPolled(
  invitation: Pick<Invitation, 'state' | 'result' | 'options'>,
  capabilities: Pick<VendorCapabilities, 'results'> | null,
): boolean {
  const { state, result } = invitation;
  const isOut = state === 'sent' || state === 'started' || state === 'submitted' || state === 'unconfirmed';
  const isUnsettled = result === null || result.status === 'provisional' || result.integrity.status === 'pending';
  const resultToCome = state === 'scored' && isUnsettled;
  const mayComeLate = state === 'expired' && !isOverThere(invitation);
  return (isOut || resultToCome || mayComeLate) && capabilities?.results !== 'by-hand';
}

type Attempt = Pick<InvitationElsewhere, 'vendorConnectionId' | 'assessmentExternalId' | 'person' | 'attempt' | 'state'>;

/**
 * Whether the answer to a question about it could be a later one's: the same person was sent the same once more, and the vendor tells the two
 * apart by assessment and address alone, or never gave us an id of the first.
 */
export function isMistakable(
  { vendorConnectionId, assessmentExternalId, person, attempt, externalId }: Invitation,
  others: readonly Attempt[],
  { correlation }: Pick<VendorCapabilities, 'correlation'>,
): boolean {
  if (externalId !== null && correlation !== 'assessment-and-email') return false;
  return others.some((other) => {
    const isSame = other.vendorConnectionId === vendorConnectionId && other.assessmentExternalId === assessmentExternalId;
    const isThere = other.state !== 'undone' && other.state !== 'failed';
    return isSame && isThere && other.person === person && other.attempt > attempt;
  });
}
