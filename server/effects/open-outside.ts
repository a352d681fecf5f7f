import { and, eq, inArray } from 'drizzle-orm';
import { type Invitation, isOpen } from '../../lib/domain/invitation.ts';
import { type CallResult, succeed } from '../outbound/outcome.ts';
import { invitations } from '../storage/schema.ts';
import { withoutOwn } from '../storage/without-own.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import type { EffectContext } from './runner.ts';

/**
 * Whether somebody invited this person at the vendor itself, where that can be asked: two at once would only confuse the candidate. A
 * failure is weather, which passes; a vendor that answers but does not tell is left to refuse the second one by itself.
 */
export async function hasOneFromOutside(
  { services }: EffectContext,
  { operations }: VendorAdapter,
  { vendorConnectionId, assessmentExternalId, email }: Invitation,
): Promise<CallResult<boolean>> {
  const found = await operations.findInvitations?.({ assessmentExternalId, email });
  if (!found) return succeed(false);
  if (!found.ok) return found.kind === 'unreachable' || found.kind === 'rate-limited' ? found : succeed(false);
  const foreign = await withoutOwn(services.db, found.value, { vendorConnectionId });
  const open = foreign.filter(({ report: { state } }) => isOpen(state)).map(({ externalId }) => externalId);
  if (open.length === 0) return succeed(false);
  // Our own id does not travel to every vendor.
  const own = await services.db
    .select({ externalId: invitations.externalId })
    .from(invitations)
    .where(and(eq(invitations.vendorConnectionId, vendorConnectionId), inArray(invitations.externalId, open)));
  return succeed(open.some((id) => !own.some(({ externalId }) => externalId === id)));
}
