import { type CallResult, succeed } from '../outbound/outcome.ts';
import { fillLink } from './fill-link.ts';
import type { InvitationOrder, InvitationReceipt } from './port.ts';

/**
 * Invites to a vendor that we cannot tell anything: the receipt carries the link, filled in or from the pool, and says who hands it over. Safe to
 * repeat: nothing is called, and the same order gives the same link.
 */
export async function inviteByLink(order: InvitationOrder): Promise<CallResult<InvitationReceipt>> {
  const { handover } = order.assessment;
  if (handover === 'vendor e-mail')
    return { ok: false, kind: 'misconfigured', detail: 'This vendor writes no e-mail for an assessment that is sent as a link.' };
  const link = order.link === undefined ? fillLink(order) : succeed(order.link);
  if (!link.ok) return link;
  const emailedBy = handover === 'our e-mail' ? 'us' : 'nobody';
  return succeed({ externalId: null, link: link.value, emailedBy, expiresAt: order.expiresAt });
}
