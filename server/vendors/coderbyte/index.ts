import type { z } from 'zod';
import type { coderbyteSettingsSchema } from '../../../lib/contract/settings.ts';
import type { Assessment } from '../../../lib/domain/assessment.ts';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { inviteByLink } from '../invite-by-link.ts';
import { notCapable } from '../not-capable.ts';
import type { VendorOperations } from '../operations.ts';
import type { Checked, VendorAdapter, VendorWebhooks } from '../port.ts';
import { cancel, extend, giveExtraTime, invite, listAssessments, readAnyReport, resend } from './calls.ts';
import { createMappedApi, type MappedApi, misconfigured } from './endpoint-map.ts';
import { toCoderbyteHints } from './to-hints.ts';
import { tryEndpoint } from './try-endpoint.ts';
import { verifyCoderbyteDelivery } from './verify-delivery.ts';

export interface CoderbyteAdapterOptions {
  /** Made with the host of the map's base URL as its only allowed host. */
  http: HttpClient;
  settings: z.infer<typeof coderbyteSettingsSchema>;
  apiKey: string;
  clock: Clock;
}

/**
 * Coderbyte for one organisation. With an empty endpoint map we send its links and its webhooks tell how far a candidate is; with a map,
 * what stands in it goes through the API. An empty map makes no call at all.
 */
export function createCoderbyteAdapter(options: CoderbyteAdapterOptions): VendorAdapter {
  const { http, settings, apiKey, clock } = options;
  const { map, organizationId, reportHosts } = settings;
  const api = createMappedApi({ http, map, apiKey, organizationId });
  return {
    kind: 'coderbyte',
    capabilities: toCapabilities(api),
    emailedByFor: (assessment) => (isSentAsLink(api, { assessment }) ? ['us', 'nobody'] : toEmailedBy(api)),
    operations: toOperations(api),
    trial: { tryEndpoint: (wish) => tryEndpoint(api, wish, { reportHosts, now: clock.now() }) },
    listAssessments: () => listAssessments(api),
    invite: (order) => (isSentAsLink(api, order) ? inviteByLink(order) : invite(api, order)),
    findInvitation: notCapable,
    cancel: (invitation) => cancel(api, invitation),
    readReport: (invitation) => readAnyReport(api, invitation, { reportHosts, now: clock.now() }),
    check: () => check(api, options),
  };
}

/** Only what an admin has mapped: of none of them a path is public. */
function toOperations(api: MappedApi): VendorOperations {
  return {
    ...(api.has('resend') && { resend: (invitation) => resend(api, invitation) }),
    ...(api.has('extend') && { extend: (invitation, expiresAt) => extend(api, invitation, expiresAt) }),
    ...(api.has('extraTime') && { giveExtraTime: (invitation, percent) => giveExtraTime(api, invitation, percent) }),
  };
}

function toCapabilities(api: MappedApi): VendorAdapter['capabilities'] {
  return {
    invite: api.has('invite') ? 'api' : 'link',
    emailedBy: toEmailedBy(api),
    // A link is filled in and nothing is called: the same order gives the same link again. Of the API nothing is known but its path.
    inviteStory: api.has('invite') ? 'unconfirmed' : 'key',
    // Tests have no id of an invitation in any message; interviews have one, but not every map reads it.
    correlation: 'assessment-and-email',
    listsAssessments: api.has('list'),
    cancels: api.has('cancel'),
    retakes: true,
    extraTime: toExtraTime(api),
    // An end of the deadline is not described: https://docs.coderbyte.com/reference/completed-assessment
    reportsStarted: true,
    reportsExpiry: false,
    scoreScale: 'percent',
    results: api.has('report') || api.has('interview') ? 'api' : 'by-hand',
    webhookTrust: 'hint-only',
    webhookProof: 'identity',
  };
}

function toExtraTime(api: MappedApi): VendorAdapter['capabilities']['extraTime'] {
  const atInvite = api.asks('invite', 'extraTimePercent');
  if (api.has('extraTime')) return atInvite ? 'both' : 'later';
  return atInvite ? 'at-invite' : 'none';
}

/** A link that the map does not read cannot be handed over by anybody else. */
function toEmailedBy(api: MappedApi): VendorAdapter['capabilities']['emailedBy'] {
  if (!api.has('invite')) return ['us', 'nobody'];
  return api.reads('invite', 'link') ? ['vendor', 'us', 'nobody'] : ['vendor'];
}

/** Interviews are made by a call of their own at Coderbyte; one that an admin gave a link is sent as that link, map or not. */
function isSentAsLink(api: MappedApi, { assessment }: { assessment: Pick<Assessment, 'kind' | 'linkTemplate'> }): boolean {
  return !api.has('invite') || (assessment.kind === 'live interview' && assessment.linkTemplate !== null);
}

/** Asks for the list where the map has one. Without the key no webhook can be verified, and then nothing tells us how far a candidate is. */
async function check(api: MappedApi, { apiKey, settings }: CoderbyteAdapterOptions): Promise<CallResult<Checked>> {
  if (apiKey === '') return misconfigured('The API key of Coderbyte is missing.');
  const account = settings.organizationId || null;
  if (!api.has('list')) return succeed({ account, asked: false });
  const listed = await listAssessments(api);
  return listed.ok ? succeed({ account }) : listed;
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
