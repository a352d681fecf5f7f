import type { Invitation } from '../../lib/domain/invitation.ts';
import type { VendorCapabilities } from '../vendors/port.ts';

const MINUTE_MS = 60_000;
/** Greenhouse's own polling of assessment partners gives up after as long; nobody takes a test later. */
const GIVE_UP_AFTER_MS = 8 * 7 * 24 * 60 * MINUTE_MS;

/**
 * When to ask a vendor the next time: a minute apart five times, ten minutes apart for an hour, then hourly, for eight weeks.
 * `polls` counts those since the last sign of life. Null: no more.
 */
export function nextPollAt(invitation: Pick<Invitation, 'createdAt'>, polls: number, now: Date): Date | null {
  if (now.getTime() - Date.parse(invitation.createdAt) > GIVE_UP_AFTER_MS) return null;
  const minutes = polls < 5 ? 1 : polls < 11 ? 10 : 60;
  return new Date(now.getTime() + minutes * MINUTE_MS);
}

/**
 * Whether there is anything to ask about: it is out, not over, and the vendor can be asked. `capabilities` null: the vendor is switched
 * off for now, which must not make us forget to ask once it is on again.
 */
export function isPolled(
  invitation: Pick<Invitation, 'state' | 'result'>,
  capabilities: Pick<VendorCapabilities, 'results'> | null,
): boolean {
  const { state, result } = invitation;
  const isOut = state === 'sent' || state === 'started' || state === 'submitted' || state === 'unconfirmed';
  const isUnsettled = result === null || result.status === 'provisional' || result.integrity.status === 'pending';
  const resultToCome = state === 'scored' && isUnsettled;
  return (isOut || resultToCome) && capabilities?.results !== 'by-hand';
}
