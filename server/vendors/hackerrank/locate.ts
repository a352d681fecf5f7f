import type { Invitation } from '../../../lib/domain/invitation.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { candidatesOf, type HackerrankApi, notFound, unreadable } from './api.ts';
import { readInvitationId } from './metadata.ts';
import { candidateSchema, type HackerrankCandidate } from './schemas.ts';

export type Known = Pick<Invitation, 'id' | 'externalId' | 'assessmentExternalId' | 'email'>;

/** "Search candidates": by name or e-mail, so that others may be among them. Newest first; rows without an address say nothing of whom. */
export async function search(
  { client }: HackerrankApi,
  { assessmentExternalId, email }: { assessmentExternalId: string; email: string },
): Promise<CallResult<HackerrankCandidate[]>> {
  const rows = await client.list([...candidatesOf(assessmentExternalId), 'search'], { search: email });
  if (!rows.ok) return rows;
  const candidates = rows.value.flatMap((row) => candidateSchema.safeParse(row).data ?? []);
  return succeed(candidates.toSorted((a, b) => (b.invited_on ?? '').localeCompare(a.invited_on ?? '')));
}

export async function findOwn(
  api: HackerrankApi,
  invitation: Omit<Known, 'externalId'>,
): Promise<CallResult<HackerrankCandidate | null>> {
  const found = await search(api, invitation);
  if (!found.ok) return found;
  const own = found.value.find(({ invite_metadata }) => readInvitationId(invite_metadata) === invitation.id.toLowerCase());
  return succeed(own ?? null);
}

export async function readCandidate(
  api: HackerrankApi,
  invitation: Known,
  query: Record<string, string> = {},
): Promise<CallResult<HackerrankCandidate>> {
  const id = await idOf(api, invitation);
  if (!id.ok) return id;
  const path = [...candidatesOf(invitation.assessmentExternalId), id.value];
  const answer = await api.client.call(path, { method: 'GET', query });
  if (!answer.ok) return answer;
  const candidate = candidateSchema.safeParse(answer.value).data;
  return candidate ? succeed(candidate) : unreadable('The answer of HackerRank is not a candidate.');
}

/** HackerRank's id; of an invitation whose answer was lost it is found by ours. */
export async function idOf(api: HackerrankApi, invitation: Known): Promise<CallResult<string>> {
  if (invitation.externalId !== null) return succeed(invitation.externalId);
  const own = await findOwn(api, invitation);
  if (!own.ok) return own;
  return own.value ? succeed(own.value.id) : notFound('HackerRank has no such invitation.');
}
