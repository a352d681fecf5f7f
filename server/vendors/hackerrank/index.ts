import type { HackerrankSettings } from '../../../lib/contract/hackerrank-settings.ts';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { VendorOperations } from '../operations.ts';
import type { VendorAdapter, VendorWebhooks } from '../port.ts';
import { type FindResultAddress, type HackerrankApi, refused } from './api.ts';
import { cancelTest, extendTest, giveExtraTimeAtTest, resendTest, tellOutcomeOfTest } from './change.ts';
import { createHackerrankClient } from './client.ts';
import {
  cancelInterview,
  findInterviews,
  findOwnInterview,
  INTERVIEW,
  inviteToInterview,
  isInterview,
  readReportOfInterview,
  resendInterview,
} from './interviews.ts';
import { findInvitationsToTest, findInvitationToTest, inviteToTest } from './invite.ts';
import { checkAccess, listTests } from './list-tests.ts';
import { readReportOfTest } from './read-report.ts';
import { readReportFileOfTest } from './read-report-file.ts';
import { toHackerrankHints } from './to-hints.ts';
import { RESULT_EVENT, verifyHackerrankDelivery } from './verify-delivery.ts';

export interface HackerrankAdapterOptions {
  /** Made with the host of the API as its only allowed host. */
  http: HttpClient;
  /** A client for another host, to which nobody shows the key. */
  downloadFrom(host: string): HttpClient;
  settings: HackerrankSettings;
  apiKey: string;
  findResultAddress: FindResultAddress;
  clock: Clock;
}

/**
 * One account of HackerRank for Work. "HackerRank API docs" in this folder are its own description of version 3: on www.hackerrank.com the
 * page "apidocs" of its part "work". The API itself is at https://www.hackerrank.com/x/api/v3.
 */
export function createHackerrankAdapter(options: HackerrankAdapterOptions): VendorAdapter {
  const { http, downloadFrom, settings, apiKey, findResultAddress, clock } = options;
  const client = createHackerrankClient({ http, downloadFrom, apiUrl: settings.apiUrl, apiKey });
  const api: HackerrankApi = { client, findResultAddress, now: () => clock.now() };
  return {
    kind: 'hackerrank',
    capabilities: {
      invite: 'api',
      emailedBy: ['vendor', 'us', 'nobody'],
      inviteStory: 'look',
      correlation: 'our-id',
      listsAssessments: true,
      cancels: true,
      retakes: true,
      extraTime: 'both',
      results: 'api',
      reportsStarted: true,
      reportsExpiry: true,
      scoreScale: 'percent',
      webhookTrust: 'hint-only',
      webhookProof: 'shared-secret',
    },
    operations: toOperations(api),
    async listAssessments() {
      const tests = await listTests(api);
      return tests.ok ? succeed([...tests.value, INTERVIEW]) : tests;
    },
    invite: (order) => (isInterview(order.assessment.externalId) ? inviteToInterview(api, order) : inviteToTest(api, order)),
    findInvitation: (order) =>
      isInterview(order.assessment.externalId) ? findOwnInterview(api, order) : findInvitationToTest(api, order),
    cancel: (invitation) => (isOfInterview(invitation) ? cancelInterview(api, invitation) : cancelTest(api, invitation)),
    readReport: (invitation) =>
      isOfInterview(invitation) ? readReportOfInterview(api, invitation) : readReportOfTest(api, invitation),
    async check() {
      const access = await checkAccess(api);
      return access.ok ? succeed({ account: null }) : access;
    },
  };
}

/** An interview has neither a deadline nor a clock, nor a state of the application. */
function toOperations(api: HackerrankApi): VendorOperations {
  return {
    lacks: ({ assessmentExternalId }) => (isInterview(assessmentExternalId) ? ['extend', 'giveExtraTime', 'tellOutcome'] : []),
    resend: (invitation) => (isOfInterview(invitation) ? resendInterview(api, invitation) : resendTest(api, invitation)),
    extend: (invitation, expiresAt) => (isOfInterview(invitation) ? notForInterviews() : extendTest(api, invitation, expiresAt)),
    giveExtraTime: (invitation, percent) =>
      isOfInterview(invitation) ? notForInterviews() : giveExtraTimeAtTest(api, invitation, percent),
    findInvitations: (query) =>
      isInterview(query.assessmentExternalId) ? findInterviews(api, query) : findInvitationsToTest(api, query),
    tellOutcome: (invitation, { word }) =>
      isOfInterview(invitation) ? notForInterviews() : tellOutcomeOfTest(api, invitation, word),
    readReportFile: async (invitation) =>
      isOfInterview(invitation) ? succeed(null) : await readReportFileOfTest(api, invitation),
  };
}

function isOfInterview({ assessmentExternalId }: Invitation): boolean {
  return isInterview(assessmentExternalId);
}

async function notForInterviews(): Promise<CallResult<never>> {
  return refused('HackerRank has no such thing for an interview.');
}

/** Each invitation carries address and proof, so that nobody has to enter anything at HackerRank. */
export const hackerrankWebhooks: VendorWebhooks = {
  kind: 'hackerrank',
  events: [
    {
      name: RESULT_EVENT,
      purpose: 'Without it a finished test is noticed only when HackerRank is asked, up to an hour later.',
      required: false,
    },
  ],
  verifyDelivery: verifyHackerrankDelivery,
  toHints: toHackerrankHints,
};
