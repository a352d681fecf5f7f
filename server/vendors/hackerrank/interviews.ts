/**
 * Live interviews at HackerRank (HackerRank API docs, "Create interview" and after). Our id travels as `metadata`.
 * Of their `result_url` no authentication is documented, so none is given: an interview is asked about.
 */
import type { Invitation } from '../../../lib/domain/invitation.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { FoundInvitation } from '../operations.ts';
import type { InvitationOrder, InvitationReceipt, VendorAssessment, VendorReport } from '../port.ts';
import { toLine } from '../to-line.ts';
import { type HackerrankApi, notFound, refused, unreadable } from './api.ts';
import { type InterviewStage, stageOfInterview } from './interview-stage.ts';
import { toReceipt } from './invite.ts';
import { readInvitationId, toMetadata } from './metadata.ts';
import { type HackerrankInterview, interviewSchema } from './schemas.ts';
import { toInterviewReport } from './to-interview-report.ts';
import { toName } from './to-name.ts';

/** Interviews are made and not chosen: this is the one that can be sent, beside the tests. */
export const INTERVIEW: VendorAssessment = {
  externalId: 'interview',
  name: 'Live interview',
  kind: 'live interview',
  durationMinutes: null,
  state: 'active',
};

const MAX_NAME = 200;
const MAX_WORD = 60;

export function isInterview(externalId: string): boolean {
  return externalId === INTERVIEW.externalId;
}

/** "Create interview". NOT safe to repeat: see findOwnInterview. */
export async function inviteToInterview(api: HackerrankApi, order: InvitationOrder): Promise<CallResult<InvitationReceipt>> {
  const { email, candidateName, assessment, invitationId, profileUrl } = order;
  const name = toName(candidateName);
  const title = `${toLine(assessment.name, MAX_NAME) ?? INTERVIEW.name}${name === undefined ? '' : `: ${name}`}`;
  const json = {
    title,
    candidate: { email, ...(name !== undefined && { name }) },
    send_email: assessment.handover === 'vendor e-mail',
    metadata: toMetadata(invitationId, profileUrl),
  };
  const answer = await api.client.call(['interviews'], { method: 'POST', json });
  if (!answer.ok) return answer;
  const made = interviewSchema.safeParse(answer.value).data;
  if (!made) return { ok: false, kind: 'ambiguous', detail: 'HackerRank answered without the id of an interview.' };
  return toReceipt({ id: made.id, link: made.url }, order);
}

/** Our interview as HackerRank has it, by our id; null where it has none that is still to come. */
export async function findOwnInterview(
  api: HackerrankApi,
  order: InvitationOrder,
): Promise<CallResult<InvitationReceipt | null>> {
  const listed = await listInterviews(api);
  if (!listed.ok) return listed;
  const own = listed.value.find(({ metadata }) => readInvitationId(metadata) === order.invitationId.toLowerCase());
  return own ? toReceipt({ id: own.id, link: own.url }, order) : succeed(null);
}

/** See VendorOperations.findInvitations. */
export async function findInterviews(api: HackerrankApi, { email }: { email: string }): Promise<CallResult<FoundInvitation[]>> {
  const listed = await listInterviews(api);
  if (!listed.ok) return listed;
  const isSame = ({ candidate }: HackerrankInterview) => candidate?.email?.trim().toLowerCase() === email.trim().toLowerCase();
  return succeed(
    listed.value
      .filter(isSame)
      .toSorted((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''))
      .map((interview) => ({
        externalId: interview.id,
        invitationId: readInvitationId(interview.metadata),
        email,
        invitedAt: interview.created_at,
        expiresAt: null,
        report: toInterviewReport(interview, api.now()),
      })),
  );
}

/** "List all interviews". */
async function listInterviews({ client }: HackerrankApi): Promise<CallResult<HackerrankInterview[]>> {
  const rows = await client.list(['interviews']);
  return rows.ok ? succeed(rows.value.flatMap((row) => interviewSchema.safeParse(row).data ?? [])) : rows;
}

/** "Delete interview" would also delete one that was held, so it is looked at first: only one that is surely still to come goes. */
export async function cancelInterview(api: HackerrankApi, invitation: Invitation): Promise<CallResult<void>> {
  const interview = await readInterview(api, invitation);
  if (!interview.ok) return interview.kind === 'not-found' ? succeed(undefined) : interview;
  const stage = stageOfInterview(interview.value, api.now());
  if (stage !== 'to come') return refused(whyKept(stage, interview.value));
  const answer = await api.client.call(['interviews', interview.value.id], { method: 'DELETE' });
  return answer.ok || answer.kind === 'not-found' ? succeed(undefined) : answer;
}

function whyKept(stage: Exclude<InterviewStage, 'to come'>, { status }: HackerrankInterview): string {
  if (stage === 'under way') return 'The interview has begun.';
  if (stage === 'over') return 'The interview was held.';
  const word = toLine(status, MAX_WORD);
  const said = word === undefined ? '' : ` HackerRank calls it "${word}".`;
  return `Tagalong cannot tell whether the interview was held, so that it is not deleted.${said}`;
}

/** "Update interview": `send_email` sends the invitation once more. NOT safe to repeat. */
export async function resendInterview(api: HackerrankApi, invitation: Invitation): Promise<CallResult<void>> {
  const interview = await readInterview(api, invitation);
  if (!interview.ok) return interview;
  const path = ['interviews', interview.value.id];
  const answer = await api.client.call(path, { method: 'PUT', json: { send_email: true } });
  return answer.ok ? succeed(undefined) : answer;
}

/** "Show interview". */
export async function readReportOfInterview(api: HackerrankApi, invitation: Invitation): Promise<CallResult<VendorReport>> {
  const interview = await readInterview(api, invitation);
  return interview.ok ? succeed(toInterviewReport(interview.value, api.now())) : interview;
}

async function readInterview(
  api: HackerrankApi,
  { id, externalId }: Pick<Invitation, 'id' | 'externalId'>,
): Promise<CallResult<HackerrankInterview>> {
  if (externalId === null) {
    const listed = await listInterviews(api);
    if (!listed.ok) return listed;
    const own = listed.value.find(({ metadata }) => readInvitationId(metadata) === id.toLowerCase());
    return own ? succeed(own) : notFound('HackerRank has no such interview.');
  }
  const answer = await api.client.call(['interviews', externalId], { method: 'GET' });
  if (!answer.ok) return answer;
  const interview = interviewSchema.safeParse(answer.value).data;
  return interview ? succeed(interview) : unreadable('The answer of HackerRank is not an interview.');
}
