import type { CallFailure } from '../../outbound/outcome.ts';
import type { Trial, TrialWish, TriedField } from '../endpoint-trial.ts';
import { toAssessment } from './calls.ts';
import type { EndpointAnswer, MappedApi } from './endpoint-map.ts';
import type { GapValues } from './fill-gaps.ts';
import { readPath } from './read-path.ts';
import { findReportRow, isSame, readReport } from './read-report.ts';
import { findReportField, REPORT_FIELD_NAMES } from './report-fields.ts';

interface TrialContext {
  reportHosts: readonly string[];
  now: Date;
}

const MAX_TEXT = 120;
const WEEK_MS = 7 * 24 * 60 * 60_000;
/** Stands for what an invitation would bring; nothing is sent with it. */
const EXAMPLE_ID = '00000000-0000-4000-8000-000000000000';

/**
 * Tries one endpoint of the map, so that an admin sees what it asks and what we read from the answer. Only reads go out; of an answer
 * about several people only the row of the address that was asked for is looked at.
 */
export async function tryEndpoint(api: MappedApi, wish: TrialWish, context: TrialContext): Promise<Trial> {
  const { endpoint, values } = wish;
  const gaps = toGaps(wish, context.now);
  const shown = api.show(endpoint, gaps);
  if (!shown.ok) return { kind: 'refused', request: null, fields: [], sent: false, status: null, failure: shown };
  const request = shown.value;
  const isRead = endpoint === 'list' || endpoint === 'report' || endpoint === 'interview';
  if (!isRead) return { kind: 'shown', request, fields: [] };
  const answer = await api.call(endpoint, gaps, { write: false });
  if (!answer.ok) return { kind: 'refused', request, fields: [], sent: true, status: statusOf(answer), failure: answer };
  const read = endpoint === 'list' ? readList(answer.value) : readOne(answer.value, values.email ?? '', { ...context, endpoint });
  return { ...read, request };
}

type Read = Trial extends infer Kind ? (Kind extends Trial ? Omit<Kind, 'request'> : never) : never;

function readList({ status, body, fields }: EndpointAnswer): Read {
  const rows = readPath(body, fields.items ?? '');
  if (!Array.isArray(rows)) {
    const failure: CallFailure = { kind: 'unreadable', detail: 'The list is not where the map says.' };
    return {
      kind: 'refused',
      sent: true,
      status,
      failure,
      fields: [{ field: 'items', value: null, from: fields.items ?? null }],
    };
  }
  const [first] = rows.flatMap((row) => toAssessment(row, fields));
  const example: TriedField[] = [
    { field: 'items', value: { entries: rows.length }, from: fields.items ?? '' },
    { field: 'id', value: first ? shorten(first.externalId) : null, from: fields.id ?? null },
    { field: 'name', value: first ? shorten(first.name) : null, from: fields.name ?? null },
    { field: 'kind', value: first ? first.kind : null, from: fields.kind ?? null },
    {
      field: 'durationMinutes',
      value: first?.durationMinutes ? `${first.durationMinutes}` : null,
      from: fields.durationMinutes ?? null,
    },
  ];
  const count = rows.flatMap((row) => toAssessment(row, fields)).length;
  return { kind: 'list', status, count, rows: rows.length, fields: example };
}

function readOne(
  answer: EndpointAnswer,
  email: string,
  { endpoint, ...context }: TrialContext & { endpoint: 'report' | 'interview' },
): Read {
  const { status } = answer;
  const report = readReport(answer, { ...context, email, isInterview: endpoint === 'interview' });
  const fields = fieldsOfPerson(answer, email);
  return report.ok
    ? { kind: 'report', status, state: report.value.state, fields }
    : { kind: 'refused', sent: true, status, failure: report, fields };
}

function fieldsOfPerson(answer: EndpointAnswer, email: string): TriedField[] {
  const row = findReportRow(answer, email);
  if (!row.ok) return [];
  const found = REPORT_FIELD_NAMES.map((field) => ({ field, found: findReportField(row.value, field, answer.fields) }));
  const whose = found.find(({ field }) => field === 'email')?.found?.value;
  if (typeof whose === 'string' && !isSame(whose, email)) return [];
  return found.map(({ field, found: at }) => ({ field, value: at ? toShown(at.value) : null, from: at?.from ?? null }));
}

function toShown(value: unknown): TriedField['value'] {
  if (typeof value === 'object' && value !== null) return { entries: Object.keys(value).length };
  return shorten(String(value));
}

/** A link without what may open it. */
function shorten(text: string): string {
  const plain = /^https?:/i.test(text) ? text.replace(/[?#].*$/s, '…') : text;
  return plain.length > MAX_TEXT ? `${plain.slice(0, MAX_TEXT).toWellFormed()}…` : plain;
}

/** For reads only what was given; for what is only shown, examples of the rest. */
function toGaps({ endpoint, values }: TrialWish, now: Date): GapValues {
  const { assessmentId = null, email = null, externalId = null } = values;
  const isRead = endpoint === 'list' || endpoint === 'report' || endpoint === 'interview';
  const given = { assessmentId, email, externalId, interviewId: externalId ?? assessmentId, attempt: '1' };
  if (endpoint === 'list') return {};
  if (isRead) return { ...given, invitationId: null };
  return {
    ...given,
    externalId: externalId ?? (endpoint === 'invite' ? null : 'external-id'),
    invitationId: EXAMPLE_ID,
    ...(endpoint === 'invite' && { name: 'Ada Example', message: 'Good luck!', profileUrl: null, extraTimePercent: null }),
    ...((endpoint === 'invite' || endpoint === 'extend') && { expiresAt: new Date(now.getTime() + WEEK_MS).toISOString() }),
    ...(endpoint === 'extraTime' && { extraTimePercent: '50' }),
  };
}

function statusOf(failure: CallFailure): number | null {
  if ('status' in failure) return failure.status;
  return failure.kind === 'rate-limited' ? 429 : null;
}
