/**
 * Rejecting with a reason, and taking that back.
 * https://harvestdocs.greenhouse.io/reference/post_v3-applications-id-reject (scope harvest:applications:reject)
 * https://harvestdocs.greenhouse.io/reference/post_v3-applications-id-unreject (scope harvest:applications:unreject)
 * Both read applications (harvest:applications:list) and, where that does not name the reason, harvest:rejection_details:list.
 *
 * Once: Greenhouse refuses to reject whoever is rejected, so we look before, and after a refusal or a lost answer. No e-mail goes to
 * the candidate: that would be a template of its own in the call.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { type GreenhouseClient, isGreenhouseId, toWireId } from './client.ts';
import { readApplication } from './read-snapshot.ts';
import { refuse, refuseUnlessInProcess } from './refusal.ts';
import { type GreenhouseApplication, greenhouseRejectionDetailSchema } from './schemas.ts';

export interface Rejection {
  applicationId: string;
  reasonId: string;
  note: string | null;
}

/**
 * A reason that somebody else gave stays: `refused`. (`PATCH /v3/rejection_details/{id}` could replace it, but then a person's decision
 * would be written over without anybody asking for that.)
 */
export async function reject(client: GreenhouseClient, { applicationId, reasonId, note }: Rejection): Promise<CallResult<void>> {
  const before = await judge(client, applicationId, reasonId);
  if (before !== 'open') return before;
  if (!isGreenhouseId(reasonId)) return refuse('Greenhouse has no such rejection reason');
  const answer = await client.post(`/applications/${applicationId}/reject`, {
    rejection_reason_id: toWireId(reasonId),
    ...(note ? { notes: note } : {}),
  });
  if (answer.ok) return succeed(undefined);
  if (answer.kind !== 'ambiguous' && answer.kind !== 'refused') return answer;
  const after = await judge(client, applicationId, reasonId);
  return after !== 'open' && after.ok ? after : answer;
}

/** What there is to do: nothing more (done, or no), or `open`. */
async function judge(client: GreenhouseClient, applicationId: string, reasonId: string): Promise<CallResult<void> | 'open'> {
  const application = await readApplication(client, applicationId);
  if (!application.ok) return application;
  if (application.value.status !== 'rejected') return refuseUnlessInProcess(application.value) ?? 'open';
  const reason = await readReason(client, application.value);
  if (!reason.ok) return reason;
  return reason.value === reasonId ? succeed(undefined) : refuse('The application was rejected for another reason already');
}

/** In older answers an application does not name its reason. */
async function readReason(client: GreenhouseClient, application: GreenhouseApplication): Promise<CallResult<string | null>> {
  if (application.rejection_reason_id !== null) return succeed(application.rejection_reason_id);
  const details = await client.list('/rejection_details', { application_ids: application.id }, greenhouseRejectionDetailSchema);
  return details.ok ? succeed(details.value[0]?.rejection_reason_id ?? null) : details;
}

/** Greenhouse clears reason and notes with it. */
export async function unreject(client: GreenhouseClient, applicationId: string): Promise<CallResult<void>> {
  const application = await readApplication(client, applicationId);
  if (!application.ok) return application;
  if (application.value.status !== 'rejected') return refuseUnlessActive(application.value) ?? succeed(undefined);
  const answer = await client.post(`/applications/${applicationId}/unreject`, {});
  if (answer.ok) return succeed(undefined);
  if (answer.kind !== 'ambiguous' && answer.kind !== 'refused') return answer;
  const now = await readApplication(client, applicationId);
  const isTakenBack = now.ok && now.value.status !== 'rejected' && refuseUnlessActive(now.value) === undefined;
  return isTakenBack ? succeed(undefined) : answer;
}

/** Prospects can be rejected, and are active again afterwards too. */
function refuseUnlessActive(application: GreenhouseApplication): CallResult<never> | undefined {
  return refuseUnlessInProcess({ ...application, prospect: false });
}
