import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { VendorReport } from '../port.ts';
import { toIsoTime } from '../to-iso-time.ts';
import type { EndpointAnswer } from './endpoint-map.ts';
import { readPath } from './read-path.ts';
import { pickReportFields, type RawReport } from './report-fields.ts';
import { toNumber, toReportResult, toVerdict } from './to-report-result.ts';

export interface ReportContext {
  /** Whose report it has to be. */
  email: string;
  /** An interview is over without a score. */
  isInterview: boolean;
  reportHosts: readonly string[];
  now: Date;
}

/**
 * What "Get report data" or "Interview report data" answered, in either of Coderbyte's vocabularies. `unreadable` when it is not a
 * report, is about somebody else, or names the person several times: a guess would put a stranger's score on a candidate.
 */
export function readReport(
  { body, fields }: Pick<EndpointAnswer, 'body' | 'fields'>,
  context: ReportContext,
): CallResult<VendorReport> {
  const found = findReportRow({ body, fields }, context.email);
  if (!found.ok) return found;
  const raw = pickReportFields(found.value, fields);
  if (raw.status === undefined && toNumber(raw.score) === null) return unreadable('The answer of Coderbyte is not a report.');
  if (typeof raw.email === 'string' && !isSame(raw.email, context.email))
    return unreadable('Coderbyte answered with the report of somebody else.');
  return succeed(toReport(raw, context));
}

/** The one row that is about this address: an endpoint may answer all candidates of an assessment. */
export function findReportRow({ body, fields }: Pick<EndpointAnswer, 'body' | 'fields'>, email: string): CallResult<unknown> {
  return findRow(readPath(body, fields.report ?? fields.items ?? ''), fields, email);
}

function findRow(value: unknown, fields: Readonly<Record<string, string>>, email: string): CallResult<unknown> {
  if (!Array.isArray(value)) return succeed(value);
  const rows = value.filter((row) => {
    const given = pickReportFields(row, fields).email;
    return typeof given === 'string' && isSame(given, email);
  });
  if (rows.length > 1) return unreadable('Coderbyte names this address several times; which report is meant cannot be told.');
  if (rows.length === 0)
    return { ok: false, kind: 'not-found', status: 200, detail: 'Coderbyte lists no report for this address.' };
  return succeed(rows[0]);
}

export function isSame(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function toReport(raw: RawReport, context: ReportContext): VendorReport {
  const state = toState(raw, context);
  const isOver = state === 'scored' || state === 'submitted';
  return {
    state,
    startedAt: toIsoTime(raw.startedAt),
    submittedAt: isOver ? toIsoTime(raw.submittedAt) : null,
    result: state === 'scored' ? toReportResult(raw, context) : null,
  };
}

/**
 * "Completed" and "Complete" are seen; the other words are inferred, and an unknown one claims the least. Nothing counts as scored
 * before there is something to show.
 */
const STATES: readonly (readonly [RegExp, VendorReport['state']])[] = [
  [/^complete/i, 'scored'],
  [/^(process|submit|grading)/i, 'submitted'],
  [/^(join|start|in[ _-]?progress)/i, 'started'],
  [/^expire/i, 'expired'],
  [/^cancel/i, 'cancelled'],
];

function toState(raw: RawReport, { isInterview }: ReportContext): VendorReport['state'] {
  const hasScore = toNumber(raw.score) !== null;
  const status = typeof raw.status === 'string' ? raw.status.trim() : '';
  const state = status === '' && hasScore ? 'scored' : (STATES.find(([word]) => word.test(status))?.[1] ?? 'sent');
  if (state !== 'scored') return state;
  const hasAnything = hasScore || isInterview || toVerdict(raw.verdict) !== null;
  return raw.ready === false || !hasAnything ? 'submitted' : 'scored';
}

function unreadable(detail: string): CallResult<never> {
  return { ok: false, kind: 'unreadable', detail };
}
