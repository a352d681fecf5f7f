/**
 * The Assessment Partner protocol, with us in the place of Greenhouse. HTTP Basic, the key as user name and no password
 * (https://developers.greenhouse.io/assessment.html#authentication). There is no word for taking back, writing again, a deadline or a
 * maximum, and nothing by which an invitation could be recognised: after a lost answer it stays unconfirmed.
 */
import type { PartnerSettings } from '../../../lib/contract/partner-settings.ts';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { InvitationOrder, InvitationReceipt, VendorAssessment, VendorReport } from '../port.ts';
import { toLine } from '../to-line.ts';
import { sentTestSchema, testSchema, testStatusSchema } from './schemas.ts';
import { toCandidate } from './to-candidate.ts';
import { type ReportContext, toReport } from './to-report.ts';

/** One partner's server as we call it. */
export interface PartnerApi {
  http: HttpClient;
  settings: PartnerSettings;
  apiKey: string;
}

const MAX_NAME = 120;

/** https://developers.greenhouse.io/assessment.html#list-tests: two tests may have the same name, which is theirs to mend. */
export async function listTests(api: PartnerApi): Promise<CallResult<VendorAssessment[]>> {
  const { listTests: path } = api.settings.paths;
  const answer = await api.http.request({ method: 'GET', ...addressed(api, path), write: false });
  if (!answer.ok) return answer;
  const { body } = answer.value;
  if (!Array.isArray(body)) return { ok: false, kind: 'unreadable', detail: 'The answer is not a list of tests.' };
  const listed = new Map(body.flatMap(toAssessment).map((assessment) => [assessment.externalId, assessment]));
  return succeed([...listed.values()]);
}

function toAssessment(row: unknown): VendorAssessment[] {
  const test = testSchema.safeParse(row).data;
  if (!test) return [];
  const { partner_test_id: externalId, partner_test_name } = test;
  const name = toLine(partner_test_name, MAX_NAME) ?? externalId.slice(0, MAX_NAME);
  return [{ externalId, name, kind: 'test', durationMinutes: null }];
}

/** https://developers.greenhouse.io/assessment.html#send-test: the partner writes to the candidate. NOT safe to repeat. */
export async function sendTest(api: PartnerApi, order: InvitationOrder): Promise<CallResult<InvitationReceipt>> {
  const { assessment, expiresAt } = order;
  if (assessment.handover !== 'vendor e-mail')
    return { ok: false, kind: 'misconfigured', detail: 'It gives no link to hand over, so the e-mail has to be the vendor’s.' };
  const { paths, callbackUrl } = api.settings;
  // We poll: of what a partner tells by itself only Greenhouse is the receiver, and some call no other host than Greenhouse's.
  const json = {
    partner_test_id: assessment.externalId,
    candidate: toCandidate(order),
    sent_by: null,
    url: callbackUrl || null,
  };
  const answer = await api.http.request({ method: 'POST', ...addressed(api, paths.sendTest), json, write: true });
  if (!answer.ok) return answer;
  const sent = sentTestSchema.safeParse(answer.value.body).data;
  if (!sent) return { ok: false, kind: 'ambiguous', detail: 'It answered without the id of an invitation.' };
  const { partner_interview_id: externalId } = sent;
  if (order.attempt > 1 && (await isComplete(api, externalId)))
    return { ok: false, kind: 'refused', status: 409, detail: 'It names the earlier attempt, and gives no second one.' };
  return succeed({ externalId, link: null, emailedBy: 'vendor', expiresAt });
}

/** Some answer a second time with the first invitation, whose score would then be taken for that of the new attempt. */
async function isComplete(api: PartnerApi, interviewId: string): Promise<boolean> {
  const status = await readTestStatus(api, interviewId);
  return status.ok && toReport(status.value, { reportHosts: [], now: new Date(0) }).state === 'scored';
}

/** https://developers.greenhouse.io/assessment.html#test-status */
export async function readReport(
  api: PartnerApi,
  { externalId }: Pick<Invitation, 'externalId'>,
  context: ReportContext,
): Promise<CallResult<VendorReport>> {
  if (externalId === null)
    return { ok: false, kind: 'not-found', status: 404, detail: 'It gave no id under which it could be asked.' };
  const status = await readTestStatus(api, externalId);
  return status.ok ? succeed(toReport(status.value, context)) : status;
}

async function readTestStatus(api: PartnerApi, interviewId: string) {
  const query = { partner_interview_id: interviewId };
  const { testStatus: path } = api.settings.paths;
  const answer = await api.http.request({ method: 'GET', ...addressed(api, path), query, write: false });
  if (!answer.ok) return answer;
  const status = testStatusSchema.safeParse(answer.value.body).data;
  return status ? succeed(status) : ({ ok: false, kind: 'unreadable', detail: 'The answer has no status.' } as const);
}

function addressed({ settings: { baseUrl }, apiKey }: PartnerApi, path: string) {
  const credential = Buffer.from(`${apiKey}:`).toString('base64');
  return { url: `${baseUrl.replace(/\/+$/, '')}${path}`, headers: { Authorization: `Basic ${credential}` } };
}
