import { type CallFailure, type CallResult, succeed } from '../../outbound/outcome.ts';
import type { FoundInvitation } from '../operations.ts';
import type { InvitationOrder, InvitationReceipt } from '../port.ts';
import { toSafeLink } from '../to-safe-link.ts';
import { candidatesOf, type HackerrankApi, toResultAddress, toTime } from './api.ts';
import { findOwn, search } from './locate.ts';
import { readInvitationId, toMetadata } from './metadata.ts';
import { type HackerrankCandidate, invitedSchema } from './schemas.ts';
import { toName } from './to-name.ts';
import { toReport } from './to-report.ts';

/** Where the candidate's link leads. */
const LINK_HOSTS = ['hackerrank.com'];

/**
 * "Invite candidate". NOT safe to repeat: see findInvitation. `send_email` is always said, because left out it means that nobody is written
 * to. Only a deliberate retake passes over an earlier invitation or attempt; else HackerRank refuses a second one (422).
 */
export async function inviteToTest(api: HackerrankApi, order: InvitationOrder): Promise<CallResult<InvitationReceipt>> {
  const { assessment, attempt } = order;
  const json = {
    ...(await toWishes(api, order)),
    send_email: assessment.handover === 'vendor e-mail',
    ...(attempt > 1 && { force: true, force_reattempt: true }),
  };
  const answer = await api.client.call(candidatesOf(assessment.externalId), { method: 'POST', json });
  if (!answer.ok) return answer.kind === 'refused' ? await ownOr(api, order, answer) : answer;
  const invited = invitedSchema.safeParse(answer.value).data;
  if (!invited) return { ok: false, kind: 'ambiguous', detail: 'HackerRank answered without the id of an invitation.' };
  return toReceipt({ id: invited.id, link: invited.test_link }, order);
}

/** Refused because it is there already: it may be this very one, of a run whose answer never came. */
async function ownOr(api: HackerrankApi, order: InvitationOrder, refused: { ok: false } & CallFailure) {
  const own = await findInvitationToTest(api, order);
  return own.ok && own.value ? succeed(own.value) : refused;
}

async function toWishes(api: HackerrankApi, order: InvitationOrder) {
  const { email, candidateName, message, expiresAt, profileUrl, extraTimePercent, invitationId } = order;
  const name = toName(candidateName);
  return {
    email,
    ...(name !== undefined && { full_name: name }),
    ...(message !== null && { message: message.toWellFormed() }),
    ...(expiresAt !== null && { invite_valid_to: toTime(expiresAt) }),
    ...(extraTimePercent && { accommodations: { additional_time_percent: extraTimePercent } }),
    invite_metadata: toMetadata(invitationId, profileUrl),
    ...(await toResultAddress(api, invitationId)),
  };
}

/** The samples have links with and without a scheme. */
export function toReceipt(
  { id, link }: { id: string; link: string | null | undefined },
  { assessment: { handover }, expiresAt }: InvitationOrder,
): CallResult<InvitationReceipt> {
  const url = toLink(link);
  if (handover !== 'vendor e-mail' && url === null)
    return { ok: false, kind: 'ambiguous', detail: 'HackerRank took the invitation but gave no link to hand over.' };
  return succeed({
    externalId: id,
    link: url,
    emailedBy: handover === 'vendor e-mail' ? 'vendor' : handover === 'our e-mail' ? 'us' : 'nobody',
    expiresAt,
  });
}

function toLink(link: string | null | undefined): string | null {
  if (!link) return null;
  return toSafeLink(/^https?:\/\//i.test(link) ? link : `https://${link}`, LINK_HOSTS);
}

/** Our invitation as HackerRank has it, by our id; null where it has none that can still be used. */
export async function findInvitationToTest(
  api: HackerrankApi,
  order: InvitationOrder,
): Promise<CallResult<InvitationReceipt | null>> {
  const { invitationId: id, email, assessment } = order;
  const own = await findOwn(api, { id, email, assessmentExternalId: assessment.externalId });
  if (!own.ok || !own.value) return own.ok ? succeed(null) : own;
  const { state } = toReport(own.value, { now: api.now(), cutoff: null });
  if (state === 'cancelled' || state === 'expired') return succeed(null);
  return toReceipt({ id: own.value.id, link: own.value.invite_link }, order);
}

/** See VendorOperations.findInvitations. */
export async function findInvitationsToTest(
  api: HackerrankApi,
  query: { assessmentExternalId: string; email: string },
): Promise<CallResult<FoundInvitation[]>> {
  const found = await search(api, query);
  if (!found.ok) return found;
  const isSame = ({ email }: HackerrankCandidate) => email?.trim().toLowerCase() === query.email.trim().toLowerCase();
  return succeed(
    found.value.filter(isSame).map((candidate) => ({
      externalId: candidate.id,
      invitationId: readInvitationId(candidate.invite_metadata),
      email: candidate.email ?? query.email,
      invitedAt: candidate.invited_on,
      expiresAt: candidate.invite_valid_to,
      report: toReport(candidate, { now: api.now(), cutoff: null }),
    })),
  );
}
