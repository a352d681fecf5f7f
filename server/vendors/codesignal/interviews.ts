/**
 * Live interviews (CodeSignal Interviews): a room for a candidate, of which neither a deadline nor an e-mail is documented, so the link is
 * handed over by us. https://github.com/CodeSignal/developer-docs, docs/graphql/types/mutation.doc.html and liveinterview.doc.html. Nothing of
 * ours travels with one, and a second call would make a second room, so that the open room of the person is looked for first.
 */
import type { Invitation } from '../../../lib/domain/invitation.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { FoundInvitation } from '../operations.ts';
import type { InvitationOrder, InvitationReceipt, VendorReport } from '../port.ts';
import { toLine } from '../to-line.ts';
import { toSafeLink } from '../to-safe-link.ts';
import { ask, type CodesignalApi, change } from './graphql.ts';
import { type Interview, interviewSchema } from './schemas.ts';
import { toInterviewReport } from './to-interview-report.ts';

const MAX_NAME = 200;
const PAGE_SIZE = 20;
const FIELDS = 'id status candidateEmail url startDate finishDate interviewersFeedback { recommendedLevel overallEvaluation }';

/** `liveInterviews` of one address. More than a page of one person is not expected, and the newest may stand anywhere. */
async function findInterviews(api: CodesignalApi, email: string): Promise<CallResult<Interview[]>> {
  const query = `query Interviews($email: String, $first: Int) { liveInterviews(candidateEmail: $email, first: $first) { ${FIELDS} } }`;
  const answer = await ask(api, { query, field: 'liveInterviews', variables: { email, first: PAGE_SIZE } });
  if (!answer.ok) return answer;
  if (!Array.isArray(answer.value)) return { ok: false, kind: 'unreadable', detail: 'The answer is not a list of interviews.' };
  const person = email.trim().toLowerCase();
  return succeed(
    answer.value
      .flatMap((row) => interviewSchema.safeParse(row).data ?? [])
      .filter(({ candidateEmail }) => candidateEmail?.trim().toLowerCase() === person),
  );
}

/** Whether the key may see live interviews at all. */
export async function checkInterviews(api: CodesignalApi): Promise<CallResult<void>> {
  const query = 'query Check($first: Int) { liveInterviews(first: $first) { id } }';
  const answer = await ask(api, { query, field: 'liveInterviews', variables: { first: 1 } });
  return answer.ok ? succeed(undefined) : answer;
}

/** `createLiveInterview`, unless this person has an open one. Safe to repeat. */
export async function inviteToInterview(api: CodesignalApi, order: InvitationOrder): Promise<CallResult<InvitationReceipt>> {
  const { handover } = order.assessment;
  if (handover === 'vendor e-mail')
    return {
      ok: false,
      kind: 'misconfigured',
      detail: 'It writes no e-mail for a live interview, so the link has to be handed over.',
    };
  const known = await findInterviews(api, order.email);
  if (!known.ok) return known;
  const open = known.value.find(({ status }) => status === 'pending');
  const room = open ? succeed(open) : await createInterview(api, order);
  if (!room.ok) return room;
  const link = toSafeLink(room.value.url);
  if (link === null) return { ok: false, kind: 'ambiguous', detail: 'It made the interview but gave no link to hand over.' };
  return succeed({
    externalId: room.value.id,
    link,
    emailedBy: handover === 'our e-mail' ? 'us' : 'nobody',
    expiresAt: order.expiresAt,
  });
}

async function createInterview(api: CodesignalApi, { email, candidateName }: InvitationOrder): Promise<CallResult<Interview>> {
  const query = `mutation Open($fields: LiveInterviewInput) { createLiveInterview(interviewFields: $fields) { ${FIELDS} } }`;
  const name = toLine(candidateName, MAX_NAME);
  const fields = { candidateEmail: email, ...(name !== undefined && { candidateName: name }) };
  const answer = await change(api, { query, field: 'createLiveInterview', variables: { fields } });
  if (!answer.ok) return answer;
  const interview = interviewSchema.safeParse(answer.value).data;
  return interview ? succeed(interview) : { ok: false, kind: 'ambiguous', detail: 'It answered without the id of an interview.' };
}

/** `deleteLiveInterview`. What was begun stays; what is gone counts as done. Safe to repeat. */
export async function cancelInterview(api: CodesignalApi, invitation: Invitation): Promise<CallResult<void>> {
  const interview = await readInterview(api, invitation);
  if (!interview.ok) return interview.kind === 'not-found' ? succeed(undefined) : interview;
  if (interview.value.status !== 'pending')
    return { ok: false, kind: 'refused', status: 409, detail: 'The interview has begun already.' };
  const query = 'mutation TakeBack($id: ID!) { deleteLiveInterview(id: $id) }';
  const answer = await change(api, { query, field: 'deleteLiveInterview', variables: { id: interview.value.id } });
  return answer.ok || answer.kind === 'not-found' ? succeed(undefined) : answer;
}

/** `liveInterview`. */
export async function readInterviewReport(
  api: CodesignalApi,
  invitation: Invitation,
  now: Date,
): Promise<CallResult<VendorReport>> {
  const interview = await readInterview(api, invitation);
  return interview.ok ? succeed(toInterviewReport(interview.value, now)) : interview;
}

/** By its id; of one whose id we were never told, the open one of this person. */
async function readInterview(
  api: CodesignalApi,
  { externalId, email }: Pick<Invitation, 'externalId' | 'email'>,
): Promise<CallResult<Interview>> {
  if (externalId === null) {
    const known = await findInterviews(api, email);
    if (!known.ok) return known;
    const open = known.value.find(({ status }) => status === 'pending' || status === 'active');
    return open ? succeed(open) : notFound();
  }
  const query = `query Interview($id: ID!) { liveInterview(liveInterviewId: $id) { ${FIELDS} } }`;
  const answer = await ask(api, { query, field: 'liveInterview', variables: { id: externalId } });
  if (!answer.ok) return answer;
  if (answer.value === null) return notFound();
  const interview = interviewSchema.safeParse(answer.value).data;
  return interview ? succeed(interview) : { ok: false, kind: 'unreadable', detail: 'The answer is not an interview.' };
}

/** When they were made is not told. */
export async function findInterviewInvitations(
  api: CodesignalApi,
  email: string,
  now: Date,
): Promise<CallResult<FoundInvitation[]>> {
  const known = await findInterviews(api, email);
  if (!known.ok) return known;
  const times = { invitedAt: null, expiresAt: null };
  return succeed(
    known.value.map((interview) => ({
      externalId: interview.id,
      invitationId: null,
      email,
      ...times,
      report: toInterviewReport(interview, now),
    })),
  );
}

function notFound(): CallResult<never> {
  return { ok: false, kind: 'not-found', status: 404, detail: 'It has no such live interview.' };
}
