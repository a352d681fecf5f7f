import { hostsOfPartnerReports, type PartnerSettings } from '../../../lib/contract/partner-settings.ts';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { succeed } from '../../outbound/outcome.ts';
import { notCapable } from '../not-capable.ts';
import type { VendorAdapter, VendorWebhooks } from '../port.ts';
import { listTests, readReport, sendTest } from './calls.ts';

export interface PartnerAdapterOptions {
  /** Made with the host of the base URL as its only allowed host. */
  http: HttpClient;
  settings: PartnerSettings;
  apiKey: string;
  clock: Clock;
}

/**
 * Any service that speaks Greenhouse's Assessment Partner protocol (https://developers.greenhouse.io/assessment.html): Adaface, which
 * offers it to everybody (https://www.adaface.com, "Integration Partner API"), a vendor that hands out the addresses it gave to
 * Greenhouse, or a service of the company's own.
 */
export function createPartnerAdapter({ http, settings, apiKey, clock }: PartnerAdapterOptions): VendorAdapter {
  const api = { http, settings, apiKey };
  const reportHosts = hostsOfPartnerReports(settings);
  return {
    kind: 'partner',
    capabilities: {
      invite: 'api',
      emailedBy: ['vendor'],
      inviteStory: 'unconfirmed',
      correlation: 'vendor-id',
      listsAssessments: true,
      cancels: false,
      // Inferred: nothing is said of a second time. A server that answers with the first is noticed, see calls.ts.
      retakes: true,
      extraTime: 'none',
      results: 'api',
      // Some servers say that it was begun; the protocol does not promise it, nor an end of the deadline.
      reportsStarted: false,
      reportsExpiry: false,
      scoreScale: 'number',
      webhookTrust: 'none',
      webhookProof: 'none',
    },
    operations: {},
    listAssessments: () => listTests(api),
    invite: (order) => sendTest(api, order),
    findInvitation: notCapable,
    cancel: notCapable,
    readReport: (invitation) => readReport(api, invitation, { reportHosts, now: clock.now() }),
    async check() {
      const listed = await listTests(api);
      return listed.ok ? succeed({ account: null }) : listed;
    },
  };
}

/** It tells nobody but Greenhouse, and without a body: everything is asked for. So there is no address, and whatever comes is refused. */
export const partnerWebhooks: VendorWebhooks = {
  kind: 'partner',
  events: [],
  verifyDelivery: () => ({ kind: 'refused', because: 'no-secret-configured' }),
  toHints: () => [],
};
