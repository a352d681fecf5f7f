import { type CodesignalSettings, LIVE_INTERVIEW } from '../../../lib/contract/codesignal-settings.ts';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { notCapable } from '../not-capable.ts';
import type { VendorOperations } from '../operations.ts';
import type { Checked, VendorAdapter, VendorAssessment, VendorWebhooks } from '../port.ts';
import { cancel, extend, findInvitations, giveExtraTime, invite, listTests, readReport, resend } from './calls.ts';
import type { CodesignalApi } from './graphql.ts';
import {
  cancelInterview,
  checkInterviews,
  findInterviewInvitations,
  inviteToInterview,
  readInterviewReport,
} from './interviews.ts';
import { toCodesignalHints } from './to-hints.ts';
import { CODESIGNAL_HOOK, verifyCodesignalDelivery } from './verify-delivery.ts';

export interface CodesignalAdapterOptions {
  /** Made with the host of the API as its only allowed host. */
  http: HttpClient;
  settings: CodesignalSettings;
  apiKey: string;
  clock: Clock;
}

/** CodeSignal through its GraphQL API: tests, proctored or not, and live interviews. https://github.com/CodeSignal/developer-docs */
export function createCodesignalAdapter({ http, settings, apiKey, clock }: CodesignalAdapterOptions): VendorAdapter {
  const api = { http, apiUrl: settings.apiUrl, apiKey };
  const { tellCancelled: tellCandidate } = settings;
  return {
    kind: 'codesignal',
    capabilities: {
      invite: 'api',
      emailedBy: EMAILED_BY,
      // `preferExisting`: whoever asks again gets the invitation that is out. See calls.ts and, for live interviews, interviews.ts.
      inviteStory: 'key',
      correlation: 'our-id',
      listsAssessments: true,
      cancels: true,
      retakes: true,
      extraTime: 'both',
      results: 'api',
      reportsStarted: true,
      reportsExpiry: true,
      scoreScale: 'points',
      webhookTrust: 'hint-only',
      webhookProof: 'identity',
    },
    emailedByFor: ({ externalId, kind }) =>
      isInterview({ assessmentExternalId: externalId }) || kind === 'live interview' ? HANDED_OVER : EMAILED_BY,
    operations: toOperations(api, clock),
    listAssessments: () => listAssessments(api, settings),
    invite: async (order) => {
      if (isInterview({ assessmentExternalId: order.assessment.externalId })) return await inviteToInterview(api, order);
      if (order.assessment.kind === 'live interview')
        return { ok: false, kind: 'misconfigured', detail: `Live interviews have the ID "${LIVE_INTERVIEW}".` };
      return await invite(api, order, clock.now());
    },
    findInvitation: notCapable,
    cancel: (invitation) =>
      isInterview(invitation) ? cancelInterview(api, invitation) : cancel(api, invitation, { tellCandidate }),
    readReport: (invitation) => (isInterview(invitation) ? readInterviewReport : readReport)(api, invitation, clock.now()),
    check: () => check(api, settings),
  };
}

const EMAILED_BY = ['vendor', 'us', 'nobody'] as const;
/** A room for a live interview: see interviews.ts. */
const HANDED_OVER = ['us', 'nobody'] as const;

/** Neither an outcome is taken nor a report given as a file. A room for a live interview has neither e-mail, deadline nor clock. */
function toOperations(api: CodesignalApi, clock: Clock): VendorOperations {
  return {
    lacks: (invitation) => (isInterview(invitation) ? ['resend', 'giveExtraTime'] : []),
    resend: async (invitation) =>
      isInterview(invitation)
        ? { ok: false, kind: 'misconfigured', detail: 'It writes no e-mail for a live interview.' }
        : await resend(api, invitation),
    extend: async (invitation, expiresAt) =>
      isInterview(invitation) ? succeed({ expiresAt: expiresAt.toISOString() }) : await extend(api, invitation, expiresAt),
    giveExtraTime: async (invitation, percent) =>
      isInterview(invitation)
        ? { ok: false, kind: 'misconfigured', detail: 'It has no clock for a live interview.' }
        : await giveExtraTime(api, invitation, percent),
    findInvitations: (query) =>
      isInterview(query) ? findInterviewInvitations(api, query.email, clock.now()) : findInvitations(api, query, clock.now()),
  };
}

function isInterview({ assessmentExternalId }: Pick<Invitation, 'assessmentExternalId'>): boolean {
  return assessmentExternalId === LIVE_INTERVIEW;
}

async function listAssessments(
  api: CodesignalApi,
  { liveInterviews }: Pick<CodesignalSettings, 'liveInterviews'>,
): Promise<CallResult<VendorAssessment[]>> {
  const tests = await listTests(api);
  if (!tests.ok || !liveInterviews) return tests;
  const interview = {
    externalId: LIVE_INTERVIEW,
    name: 'Live interview',
    kind: 'live interview' as const,
    durationMinutes: null,
  };
  return succeed([...tests.value, interview]);
}

async function check(api: CodesignalApi, { liveInterviews }: CodesignalSettings): Promise<CallResult<Checked>> {
  const tests = await listTests(api);
  if (!tests.ok) return tests;
  const interviews = liveInterviews ? await checkInterviews(api) : succeed(undefined);
  return interviews.ok ? succeed({ account: null }) : interviews;
}

/** One webhook there takes a list of events. */
export const codesignalWebhooks: VendorWebhooks = {
  kind: 'codesignal',
  events: [
    {
      name: CODESIGNAL_HOOK,
      purpose: 'Without it progress and results are noticed only by asking CodeSignal, up to an hour later.',
      required: false,
    },
  ],
  verifyDelivery: verifyCodesignalDelivery,
  toHints: toCodesignalHints,
};
