import type { z } from 'zod';
import type { coderbyteSettingsSchema } from '../../../lib/contract/settings.ts';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { inviteByLink } from '../invite-by-link.ts';
import { notCapable } from '../not-capable.ts';
import type { VendorAdapter, VendorWebhooks } from '../port.ts';
import { toCoderbyteHints } from './to-hints.ts';
import { verifyCoderbyteDelivery } from './verify-delivery.ts';

export interface CoderbyteAdapterOptions {
  /** Made with the host of the map's base URL as its only allowed host. */
  http: HttpClient;
  settings: z.infer<typeof coderbyteSettingsSchema>;
  apiKey: string;
  clock: Clock;
}

/** Coderbyte for one organisation: sends its links, and its webhooks tell how far a candidate is. */
export function createCoderbyteAdapter(options: CoderbyteAdapterOptions): VendorAdapter {
  return {
    kind: 'coderbyte',
    capabilities: {
      invite: 'link',
      // A link is filled in, nothing is called: the same order gives the same link again.
      inviteStory: 'key',
      listsAssessments: false,
      cancels: false,
      results: 'by-hand',
      webhookTrust: 'hint-only',
    },
    listAssessments: notCapable,
    invite: inviteByLink,
    findInvitation: notCapable,
    cancel: notCapable,
    readReport: notCapable,
    check: async () => checkKey(options),
  };
}

/** Without the key no webhook can be verified, and nothing else tells us how far a candidate is. */
function checkKey({ apiKey, settings }: CoderbyteAdapterOptions): CallResult<{ account: string | null }> {
  if (apiKey === '') return { ok: false, kind: 'misconfigured', detail: 'The API key of Coderbyte is missing' };
  return succeed({ account: settings.organizationId || null });
}

/** Each has an address of its own under "API settings, Edit webhooks": https://docs.coderbyte.com/reference/completed-assessment */
export const coderbyteWebhooks: VendorWebhooks = {
  kind: 'coderbyte',
  events: [
    { name: 'candidate_joined', purpose: 'Without it nobody sees that the candidate has started.', required: false },
    {
      name: 'assessment_completed',
      purpose: 'Without it a finished assessment is noticed only by asking Coderbyte, where an endpoint map allows that.',
      required: true,
    },
    {
      name: 'scorecard_updated',
      purpose: 'Without it a reviewer’s thumb at Coderbyte does not reach the candidate here.',
      required: false,
    },
    { name: 'interview_completed', purpose: 'Without it a live interview is not seen to be over.', required: false },
  ],
  verifyDelivery: verifyCoderbyteDelivery,
  toHints: toCoderbyteHints,
};
