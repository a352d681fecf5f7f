/** What can be done with an invitation that is out. What sets something (PUT) is safe to repeat, as documented ("Methods"). */
import { toAtsState } from '../../../lib/contract/hackerrank-settings.ts';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { candidatesOf, type HackerrankApi, refused, toResultAddress, toTime } from './api.ts';
import { idOf, readCandidate } from './locate.ts';
import { toMetadata } from './metadata.ts';
import { candidateSchema, type HackerrankCandidate } from './schemas.ts';

/** "Cancel invite". Who has begun is not taken back: HackerRank refuses it, and so do we where it would not. */
export async function cancelTest(api: HackerrankApi, invitation: Invitation): Promise<CallResult<void>> {
  const located = await readCandidate(api, invitation);
  if (!located.ok) return located.kind === 'not-found' ? succeed(undefined) : located;
  const { id, attempt_starttime } = located.value;
  if (attempt_starttime !== null) return refused('The candidate has begun the test.');
  const path = [...candidatesOf(invitation.assessmentExternalId), id, 'invite'];
  const answer = await api.client.call(path, { method: 'DELETE' });
  return answer.ok || answer.kind === 'not-found' ? succeed(undefined) : answer;
}

/**
 * `force`: "forces sending an email even when the candidate has already been invited". NOT safe to repeat. Inferred: the same invitation
 * stays; deadline, our id and the address for the result are said once more, in case that what is left out is forgotten.
 */
export async function resendTest(api: HackerrankApi, invitation: Invitation): Promise<CallResult<void>> {
  const located = await readCandidate(api, invitation);
  if (!located.ok) return located;
  const { attempt_starttime, invite_valid_to, invite_metadata } = located.value;
  if (attempt_starttime !== null) return refused('The candidate has begun the test.');
  const json = {
    email: invitation.email,
    send_email: true,
    force: true,
    invite_metadata: { ...invite_metadata, ...toMetadata(invitation.id) },
    ...(invite_valid_to !== null && { invite_valid_to: toTime(invite_valid_to) }),
    ...(await toResultAddress(api, invitation.id)),
  };
  const answer = await api.client.call(candidatesOf(invitation.assessmentExternalId), { method: 'POST', json });
  return answer.ok ? succeed(undefined) : answer;
}

/** "Update candidate": the deadline as it shall be. */
export async function extendTest(
  api: HackerrankApi,
  invitation: Invitation,
  expiresAt: Date,
): Promise<CallResult<{ expiresAt: string | null }>> {
  const changed = await change(api, invitation, { invite_valid_to: toTime(expiresAt.toISOString()) });
  if (!changed.ok) return changed;
  if (changed.value?.attempt_endtime) return refused('The test is over.');
  return succeed({ expiresAt: changed.value?.invite_valid_to ?? expiresAt.toISOString() });
}

/** "Update candidate". "Value must be greater than 0"; inferred: null takes the extra time away again. */
export async function giveExtraTimeAtTest(
  api: HackerrankApi,
  invitation: Invitation,
  percent: number,
): Promise<CallResult<void>> {
  const accommodations = percent > 0 ? { additional_time_percent: Math.round(percent) } : null;
  const changed = await change(api, invitation, { accommodations });
  return changed.ok ? succeed(undefined) : changed;
}

/** "Update candidate": `ats_state`. HackerRank tells us of it like of a result, which causes nothing: see to-report.ts, where it is not read. */
export async function tellOutcomeOfTest(api: HackerrankApi, invitation: Invitation, word: string): Promise<CallResult<void>> {
  const state = toAtsState(word);
  if (state === null) return { ok: false, kind: 'misconfigured', detail: `HackerRank does not know "${word}".` };
  const changed = await change(api, invitation, { ats_state: state });
  return changed.ok ? succeed(undefined) : changed;
}

async function change(
  api: HackerrankApi,
  invitation: Invitation,
  json: Record<string, unknown>,
): Promise<CallResult<HackerrankCandidate | undefined>> {
  const id = await idOf(api, invitation);
  if (!id.ok) return id;
  const path = [...candidatesOf(invitation.assessmentExternalId), id.value];
  const answer = await api.client.call(path, { method: 'PUT', json });
  return answer.ok ? succeed(candidateSchema.safeParse(answer.value).data) : answer;
}
