/**
 * Test sessions: what CodeSignal calls an invitation. https://github.com/CodeSignal/developer-docs, docs/graphql/types/query.doc.html and
 * mutation.doc.html. Inviting is safe to repeat: with `preferExisting` the incomplete session of the same test and address is given back.
 * Our id goes in as `externalId`, which comes back in webhooks but in no query: a session of which we were never told the id is found by
 * its test, its address and when it was made.
 */
import type { Invitation } from '../../../lib/domain/invitation.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { FoundInvitation } from '../operations.ts';
import type { InvitationOrder, InvitationReceipt, VendorAssessment, VendorReport } from '../port.ts';
import { toLine } from '../to-line.ts';
import { toSafeLink } from '../to-safe-link.ts';
import { readCurrentSession } from './current-session.ts';
import { findSessions, readBriefSession, sessionIdOf } from './find-sessions.ts';
import { ask, type CodesignalApi, change } from './graphql.ts';
import { briefSessionSchema, durationSchema, sessionSchema, testPageSchema, testSchema } from './schemas.ts';
import { toNames } from './to-names.ts';
import { toReport } from './to-report.ts';
import { toTime } from './to-time.ts';

/** A third party's code says that more are refused; the documentation knows the cost alone. */
const PAGE_SIZE = 20;
const MAX_PAGES = 100;
const MAX_NAME = 120;
const MINUTE_MS = 60_000;

/** `companyTests`: those that are active, by title. What is archived or deleted is not among them. */
export async function listTests(api: CodesignalApi): Promise<CallResult<VendorAssessment[]>> {
  const query = `query Tests($first: Int!, $offset: Int!) {
    companyTests(first: $first, offset: $offset) { tests { id title duration } pageInfo { hasNextPage } }
  }`;
  const listed: VendorAssessment[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const variables = { first: PAGE_SIZE, offset: page * PAGE_SIZE };
    const answer = await ask(api, { query, field: 'companyTests', variables });
    if (!answer.ok) return answer;
    const read = testPageSchema.safeParse(answer.value).data;
    if (!read) return unreadable('The answer is not a list of tests.');
    listed.push(...read.tests.flatMap(toAssessment));
    const hasNext = read.pageInfo ? read.pageInfo.hasNextPage : read.tests.length === PAGE_SIZE;
    if (!hasNext || read.tests.length === 0) break;
  }
  return succeed(listed);
}

function toAssessment(row: unknown): VendorAssessment[] {
  const test = testSchema.safeParse(row).data;
  if (!test) return [];
  const { id: externalId, title, duration } = test;
  const durationMinutes = duration && duration > 0 ? Math.max(1, Math.round(duration / MINUTE_MS)) : null;
  return [{ externalId, name: toLine(title, MAX_NAME) ?? externalId.slice(0, MAX_NAME), kind: 'test', durationMinutes }];
}

const CREATE = `mutation Invite($fields: TestSessionInput!) {
  createCompanyTestSession(sessionFields: $fields) {
    id status testTaker { email } createDate expirationDate customDuration invitationUrl
  }
}`;

/** `createCompanyTestSession`. Who writes to the candidate is said, because the default is CodeSignal. Safe to repeat. */
export async function invite(api: CodesignalApi, order: InvitationOrder, now: Date): Promise<CallResult<InvitationReceipt>> {
  const { handover, externalId: testId } = order.assessment;
  const duration = await durationFor(api, testId, order.extraTimePercent);
  if (!duration.ok) return duration;
  const lastsMs = order.expiresAt === null ? 0 : Date.parse(order.expiresAt) - now.getTime();
  const fields = {
    testId,
    ...toNames(order.candidateName),
    candidateEmail: order.email,
    noInvitationEmail: handover !== 'vendor e-mail',
    preferExisting: true,
    externalId: order.invitationId,
    ...(lastsMs > 0 && { expireDuration: lastsMs }),
    ...(duration.value !== null && { customDuration: duration.value }),
  };
  const answer = await change(api, { query: CREATE, field: 'createCompanyTestSession', variables: { fields } });
  if (!answer.ok) return answer;
  const session = briefSessionSchema.safeParse(answer.value).data;
  if (!session) return ambiguous('It answered without the id of a test session.');
  const { id: externalId, invitationUrl, expirationDate, customDuration } = session;
  // One that was there already keeps the time it was made with.
  if (duration.value !== null && customDuration !== duration.value) {
    const given = await setDuration(api, externalId, duration.value);
    if (!given.ok) return ambiguous('It took the invitation, but not the extra time.');
  }
  const link = toSafeLink(invitationUrl);
  if (handover !== 'vendor e-mail' && link === null) return ambiguous('It took the invitation but gave no link to hand over.');
  return succeed({
    externalId,
    link,
    emailedBy: handover === 'vendor e-mail' ? 'vendor' : handover === 'our e-mail' ? 'us' : 'nobody',
    expiresAt: toTime(expirationDate) ?? order.expiresAt,
  });
}

/** The test's own duration with so many percent more, in milliseconds; null where nobody needs more. */
async function durationFor(api: CodesignalApi, testId: string, percent: number | undefined): Promise<CallResult<number | null>> {
  if (!percent) return succeed(null);
  const query = 'query Duration($id: ID!) { companyTest(id: $id) { duration } }';
  const answer = await ask(api, { query, field: 'companyTest', variables: { id: testId } });
  if (!answer.ok) return answer;
  if (answer.value === null) return { ok: false, kind: 'not-found', status: 404, detail: 'It has no such test.' };
  const test = durationSchema.safeParse(answer.value).data;
  return test ? succeed(withExtra(test.duration, percent)) : unreadable('The answer has no duration.');
}

function withExtra(durationMs: number, percent: number): number {
  return Math.round((durationMs * (100 + percent)) / 100);
}

async function setDuration(api: CodesignalApi, id: string, customDuration: number): Promise<CallResult<unknown>> {
  const query = `mutation GiveTime($id: ID!, $customDuration: Float!) {
    editCompanyTestSessionDuration(id: $id, customDuration: $customDuration) { id }
  }`;
  return await change(api, { query, field: 'editCompanyTestSessionDuration', variables: { id, customDuration } });
}

/**
 * `deleteCompanyTestSession`. Whether it would also delete one that was begun is not documented, so it is looked at first. Safe to repeat.
 */
export async function cancel(
  api: CodesignalApi,
  invitation: Invitation,
  { tellCandidate }: { tellCandidate: boolean },
): Promise<CallResult<void>> {
  const session = await readBriefSession(api, invitation);
  if (!session.ok) return session.kind === 'not-found' ? succeed(undefined) : session;
  const { id, status } = session.value;
  if (['active', 'gracePeriod', 'finalizing', 'over'].includes(status))
    return { ok: false, kind: 'refused', status: 409, detail: 'The candidate has begun already.' };
  if (status !== 'pending') return succeed(undefined);
  const query = `mutation TakeBack($id: ID!, $tell: Boolean) {
    deleteCompanyTestSession(id: $id, sendNotificationEmail: $tell)
  }`;
  const field = 'deleteCompanyTestSession';
  const answer = await change(api, { query, field, variables: { id, tell: tellCandidate } });
  return answer.ok || answer.kind === 'not-found' ? succeed(undefined) : answer;
}

/** `resendCompanyTestSession`. NOT safe to repeat: the candidate gets another e-mail. */
export async function resend(api: CodesignalApi, invitation: Invitation): Promise<CallResult<void>> {
  const session = await readBriefSession(api, invitation);
  if (!session.ok) return session;
  const query = 'mutation WriteAgain($id: ID!) { resendCompanyTestSession(id: $id) { id } }';
  const answer = await change(api, { query, field: 'resendCompanyTestSession', variables: { id: session.value.id } });
  return answer.ok ? succeed(undefined) : answer;
}

/** `editCompanyTestSessionExpiration`, which only moves it on. Safe to repeat: what is set already is left alone. */
export async function extend(
  api: CodesignalApi,
  invitation: Invitation,
  expiresAt: Date,
): Promise<CallResult<{ expiresAt: string | null }>> {
  const session = await readBriefSession(api, invitation);
  if (!session.ok) return session;
  const { id, expirationDate } = session.value;
  const wanted = { expiresAt: expiresAt.toISOString() };
  if (expirationDate === expiresAt.getTime()) return succeed(wanted);
  if (expirationDate && expirationDate > expiresAt.getTime())
    return { ok: false, kind: 'refused', status: 422, detail: 'A deadline there can only be moved on, not back.' };
  const query = `mutation MoveOn($id: ID!, $to: Timestamp!) {
    editCompanyTestSessionExpiration(id: $id, expirationDate: $to) { expirationDate }
  }`;
  const variables = { id, to: expiresAt.getTime() };
  const answer = await change(api, { query, field: 'editCompanyTestSessionExpiration', variables });
  return answer.ok ? succeed(wanted) : answer;
}

/** `editCompanyTestSessionDuration`: the test's own duration with so many percent more; with none, that duration. Safe to repeat. */
export async function giveExtraTime(api: CodesignalApi, invitation: Invitation, percent: number): Promise<CallResult<void>> {
  const session = await readBriefSession(api, invitation);
  if (!session.ok) return session;
  const { id, customDuration, test } = session.value;
  if (!test?.duration) return unreadable('The answer has no duration.');
  const wanted = withExtra(test.duration, percent);
  if ((customDuration ?? test.duration) === wanted) return succeed(undefined);
  const answer = await setDuration(api, id, wanted);
  return answer.ok ? succeed(undefined) : answer;
}

const SESSION = `maxScore startDate finishDate expirationDate
    test { scoreRangeLabels { label scoreRange { min max } } }
    verificationRejectionReasons { name } integrityReviewFinalized integrityReviewSuggested
    result {
      score url versionedCodingScore { value skillAreas { name label } }
      taskResults { score sessionTask { maxScore task { title } } integrityReport { status suspicionScore } }
    }`;

/** What is known of the session that is this invitation by now (see current-session.ts). */
export async function readReport(api: CodesignalApi, invitation: Invitation, now: Date): Promise<CallResult<VendorReport>> {
  const first = await sessionIdOf(api, invitation);
  if (!first.ok) return first;
  return await readSessionReport(api, first.value, now);
}

async function readSessionReport(api: CodesignalApi, first: string, now: Date): Promise<CallResult<VendorReport>> {
  const answer = await readCurrentSession(api, first, SESSION);
  if (!answer.ok) return answer;
  const session = sessionSchema.safeParse(answer.value).data;
  return session ? succeed(toReport(session, now)) : unreadable('The answer is not a test session.');
}

/** Those of this person, whoever made them; newest first. Our own id is not among what can be read. */
export async function findInvitations(
  api: CodesignalApi,
  { assessmentExternalId, email }: { assessmentExternalId: string; email: string },
  now: Date,
): Promise<CallResult<FoundInvitation[]>> {
  const sessions = await findSessions(api, { testId: assessmentExternalId, email });
  if (!sessions.ok) return sessions;
  const found: FoundInvitation[] = [];
  for (const { id, createDate, expirationDate } of sessions.value) {
    const report = await readSessionReport(api, id, now);
    if (!report.ok) return report;
    const times = { invitedAt: toTime(createDate), expiresAt: toTime(expirationDate) };
    found.push({ externalId: id, invitationId: null, email, ...times, report: report.value });
  }
  return succeed(found);
}

function ambiguous(detail: string): CallResult<never> {
  return { ok: false, kind: 'ambiguous', detail };
}

function unreadable(detail: string): CallResult<never> {
  return { ok: false, kind: 'unreadable', detail };
}
