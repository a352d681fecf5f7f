import type { Invitation } from '../../../lib/domain/invitation.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { readCurrentSession } from './current-session.ts';
import { ask, type CodesignalApi } from './graphql.ts';
import { type BriefSession, briefSessionSchema } from './schemas.ts';

const PAGE_SIZE = 20;
/** Of a test with more, its sessions are not gone through: each page is a call, and ten in a second are allowed. */
const MAX_SESSIONS = 500;

const PAGE = `query Sessions($testId: ID!, $first: Int!, $offset: Int!) {
  companyTestSessions(companyTestId: $testId, first: $first, offset: $offset) {
    id status testTaker { email } createDate expirationDate customDuration
  }
}`;

/**
 * `companyTestSessions`: those of this address, newest first. It cannot be asked for an address, and where those stand that are not finished
 * is not documented (query.doc.html), so all are gone through; of a test with very many none are, and the answer is `unreadable`.
 */
export async function findSessions(
  api: CodesignalApi,
  { testId, email }: { testId: string; email: string },
): Promise<CallResult<BriefSession[]>> {
  const person = toPerson(email);
  const beyond = await readPage(api, { testId, first: 1, offset: MAX_SESSIONS });
  if (!beyond.ok) return beyond;
  if (beyond.value.length > 0)
    return { ok: false, kind: 'unreadable', detail: `It has more than ${MAX_SESSIONS} invitations to this test.` };
  const found: BriefSession[] = [];
  for (let offset = 0; offset < MAX_SESSIONS; offset += PAGE_SIZE) {
    const page = await readPage(api, { testId, first: PAGE_SIZE, offset });
    if (!page.ok) return page;
    found.push(...page.value.filter(({ testTaker }) => toPerson(testTaker?.email ?? '') === person));
    if (page.value.length < PAGE_SIZE) break;
  }
  return succeed(found.toSorted((a, b) => (b.createDate ?? 0) - (a.createDate ?? 0)));
}

async function readPage(
  api: CodesignalApi,
  variables: { testId: string; first: number; offset: number },
): Promise<CallResult<BriefSession[]>> {
  const answer = await ask(api, { query: PAGE, field: 'companyTestSessions', variables });
  if (!answer.ok) return answer;
  if (!Array.isArray(answer.value))
    return { ok: false, kind: 'unreadable', detail: 'The answer is not a list of test sessions.' };
  // A row that is null, or unlike the others, still counts for the length of the page.
  return succeed(answer.value.map((row) => briefSessionSchema.safeParse(row).data ?? NOBODYS));
}

const NOBODYS: BriefSession = {
  id: '-',
  status: '',
  testTaker: null,
  createDate: null,
  expirationDate: null,
  customDuration: null,
  invitationUrl: null,
};

function toPerson(email: string): string {
  return email.trim().toLowerCase();
}

/** Clocks differ. */
const LEEWAY_MS = 5 * 60_000;

/**
 * The id of its session: as we were told it, else of the newest one of this person and test that was made since we asked for it. `not-found`
 * where there is none.
 */
export async function sessionIdOf(api: CodesignalApi, invitation: Invitation): Promise<CallResult<string>> {
  const { externalId, assessmentExternalId: testId, email, createdAt } = invitation;
  if (externalId !== null) return succeed(externalId);
  const sessions = await findSessions(api, { testId, email });
  if (!sessions.ok) return sessions;
  const since = Date.parse(createdAt) - LEEWAY_MS;
  const ours = sessions.value.find(({ createDate }) => (createDate ?? 0) >= since);
  return ours ? succeed(ours.id) : notFound();
}

const BRIEF = 'testTaker { email } createDate expirationDate customDuration test { duration }';

/** The session that is this invitation by now, as far as it is needed before something is changed. */
export async function readBriefSession(api: CodesignalApi, invitation: Invitation): Promise<CallResult<BriefSession>> {
  const id = await sessionIdOf(api, invitation);
  if (!id.ok) return id;
  const answer = await readCurrentSession(api, id.value, BRIEF);
  if (!answer.ok) return answer;
  const session = briefSessionSchema.safeParse(answer.value).data;
  return session ? succeed(session) : { ok: false, kind: 'unreadable', detail: 'The answer is not a test session.' };
}

function notFound(): CallResult<never> {
  return { ok: false, kind: 'not-found', status: 404, detail: 'It has no such test session.' };
}
