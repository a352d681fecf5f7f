import { succeed } from '../../outbound/outcome.ts';
import { inviteByLink } from '../invite-by-link.ts';
import { notCapable } from '../not-capable.ts';
import type { VendorAdapter, VendorWebhooks } from '../port.ts';
import { toByteboardHints } from './to-hints.ts';
import { verifyByteboardDelivery } from './verify-delivery.ts';

/**
 * Byteboard has no public API, so this is the link vendor: we fill in a link and hand it over, and the result is entered in the
 * panel or comes by the generic signed webhook. Works for any vendor that a link leads to.
 */
export function createByteboardAdapter(): VendorAdapter {
  return {
    kind: 'byteboard',
    capabilities: {
      invite: 'link',
      emailedBy: ['us', 'nobody'],
      // A link is filled in, nothing is called: the same order gives the same link again.
      inviteStory: 'key',
      correlation: 'our-id',
      listsAssessments: false,
      cancels: false,
      retakes: true,
      extraTime: 'none',
      results: 'by-hand',
      reportsStarted: true,
      reportsExpiry: true,
      scoreScale: 'rating',
      webhookTrust: 'body-signed',
      webhookProof: 'body',
    },
    operations: {},
    listAssessments: notCapable,
    invite: inviteByLink,
    findInvitation: notCapable,
    cancel: notCapable,
    readReport: notCapable,
    // Nobody to ask; the links are checked when they are saved.
    check: async () => succeed({ account: null, asked: false }),
  };
}

/** One address takes it all; what is sent to it is described in schemas.ts. */
export const byteboardWebhooks: VendorWebhooks = {
  kind: 'byteboard',
  events: [
    {
      name: 'result',
      purpose: 'Without it progress is not seen and results are entered in the panel by hand.',
      required: false,
    },
  ],
  verifyDelivery: verifyByteboardDelivery,
  toHints: toByteboardHints,
};
