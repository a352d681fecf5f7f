/**
 * What we do at Coderbyte through an endpoint map. Idempotency: nothing is known of a key, so an invitation whose answer is lost stays
 * unconfirmed. Cancelling what is gone counts as done; reading is reading. Each call is the admin's (see endpoint-map.ts).
 */
import { z } from 'zod';
import { ASSESSMENT_KINDS, type AssessmentKind } from '../../../lib/domain/assessment.ts';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { InvitationOrder, InvitationReceipt, VendorAssessment, VendorReport } from '../port.ts';
import { toIsoTime } from '../to-iso-time.ts';
import { toLine } from '../to-line.ts';
import { toSafeLink } from '../to-safe-link.ts';
import { type MappedApi, misconfigured, valuesOfInvitation, valuesOfOrder } from './endpoint-map.ts';
import { readPath } from './read-path.ts';
import { type ReportContext, readReport } from './read-report.ts';
import { toNumber } from './to-report-result.ts';

const MAX_NAME = 200;
const textSchema = z.union([z.string(), z.number()]).transform((value) => String(value).trim());

/** Fields: `items` (the list), and in each `id`, `name`, `kind`, `durationMinutes`. The defaults are the words of webhooks and examples. */
export async function listAssessments(api: MappedApi): Promise<CallResult<VendorAssessment[]>> {
  const answer = await api.call('list', {}, { write: false });
  if (!answer.ok) return answer;
  const { body, fields } = answer.value;
  const rows = readPath(body, fields.items ?? '');
  if (!Array.isArray(rows)) return { ok: false, kind: 'unreadable', detail: 'The list of Coderbyte is not where the map says.' };
  return succeed(rows.flatMap((row) => toAssessment(row, fields)));
}

export function toAssessment(row: unknown, fields: Readonly<Record<string, string>>): VendorAssessment[] {
  const id = readText(row, fields.id ? [fields.id] : ['assessment_id', 'test_id']);
  if (id === '') return [];
  // As it was typed into a page there, so that it may be written as HTML.
  const name = toLine(readText(row, fields.name ? [fields.name] : ['display_name', 'name']), MAX_NAME) ?? id;
  const minutes = fields.durationMinutes ? toNumber(readPath(row, fields.durationMinutes)) : null;
  const kind = toKind(fields.kind ? readText(row, [fields.kind]) : '');
  return [{ externalId: id, name, kind, durationMinutes: minutes === 0 ? null : minutes }];
}

function toKind(text: string): AssessmentKind {
  if (/interview/i.test(text)) return 'live interview';
  return ASSESSMENT_KINDS.find((kind) => kind === text.toLowerCase()) ?? 'test';
}

function readText(row: unknown, paths: readonly string[]): string {
  const texts = paths.map((path) => textSchema.safeParse(readPath(row, path)).data ?? '');
  return texts.find(Boolean) ?? '';
}

/** Fields: `id` or `interviewId` (Coderbyte's own), `link`, `expiresAt`. */
export async function invite(api: MappedApi, order: InvitationOrder): Promise<CallResult<InvitationReceipt>> {
  const { handover } = order.assessment;
  if (handover !== 'vendor e-mail' && !api.reads('invite', 'link'))
    return misconfigured('The endpoint map names no link to hand over, so the e-mail has to be the vendor’s.');
  const answer = await api.call('invite', valuesOfOrder(order), { write: true });
  if (!answer.ok) return answer;
  const { field } = answer.value;
  const link = toSafeLink(field('link'));
  if (handover !== 'vendor e-mail' && link === null)
    return { ok: false, kind: 'ambiguous', detail: 'Coderbyte took the invitation but gave no link to hand over.' };
  const externalId = [field('interviewId'), field('id')].map((value) => textSchema.safeParse(value).data).find(Boolean);
  return succeed({
    externalId: externalId ?? null,
    link,
    emailedBy: handover === 'vendor e-mail' ? 'vendor' : handover === 'our e-mail' ? 'us' : 'nobody',
    expiresAt: toIsoTime(field('expiresAt')) ?? order.expiresAt,
  });
}

/** Safe to repeat. */
export async function cancel(api: MappedApi, invitation: Invitation): Promise<CallResult<void>> {
  const answer = await api.call('cancel', valuesOfInvitation(invitation), { write: true });
  return answer.ok || answer.kind === 'not-found' ? succeed(undefined) : answer;
}

/** The map's own call for the invitation's e-mail. NOT safe to repeat: the candidate gets another one. */
export async function resend(api: MappedApi, invitation: Invitation): Promise<CallResult<void>> {
  const answer = await api.call('resend', valuesOfInvitation(invitation), { write: true });
  return answer.ok ? succeed(undefined) : answer;
}

/** Fields: `expiresAt`. Safe to repeat, as far as a deadline that is set can be set again. */
export async function extend(
  api: MappedApi,
  invitation: Invitation,
  expiresAt: Date,
): Promise<CallResult<{ expiresAt: string | null }>> {
  const wanted = expiresAt.toISOString();
  const answer = await api.call('extend', { ...valuesOfInvitation(invitation), expiresAt: wanted }, { write: true });
  return answer.ok ? succeed({ expiresAt: toIsoTime(answer.value.field('expiresAt')) ?? wanted }) : answer;
}

/** Safe to repeat, as far as a share that is set can be set again. */
export async function giveExtraTime(api: MappedApi, invitation: Invitation, percent: number): Promise<CallResult<void>> {
  const values = { ...valuesOfInvitation(invitation), extraTimePercent: String(percent) };
  const answer = await api.call('extraTime', values, { write: true });
  return answer.ok ? succeed(undefined) : answer;
}

/**
 * The report; and where there is none among the assessments, the interview's: an invitation does not say which of the two it is.
 * Fields: `report` (where the report stands, when not at the top) and those of report-fields.ts.
 */
export async function readAnyReport(
  api: MappedApi,
  invitation: Invitation,
  context: Omit<ReportContext, 'email' | 'isInterview'>,
): Promise<CallResult<VendorReport>> {
  const read = async (name: 'report' | 'interview') => {
    const answer = await api.call(name, valuesOfInvitation(invitation), { write: false });
    if (!answer.ok) return answer;
    return readReport(answer.value, { ...context, email: invitation.email, isInterview: name === 'interview' });
  };
  if (!api.has('report') && !api.has('interview')) return misconfigured('The endpoint map has no report.');
  if (!api.has('report')) return read('interview');
  const report = await read('report');
  if (report.ok || report.kind !== 'not-found' || !api.has('interview')) return report;
  const interview = await read('interview');
  // A test has no interview to ask for, whatever that call says to it: then there is simply no report yet.
  return !interview.ok && (interview.kind === 'misconfigured' || interview.kind === 'refused') ? report : interview;
}
