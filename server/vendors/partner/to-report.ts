import type { BreakdownLine } from '../../../lib/domain/result.ts';
import { numericSchema } from '../numeric-schema.ts';
import type { VendorReport } from '../port.ts';
import { toLine } from '../to-line.ts';
import { toSafeLink } from '../to-safe-link.ts';
import type { TestStatus } from './schemas.ts';

export interface ReportContext {
  /** Hosts at which the candidate's page at the partner may be. */
  reportHosts: readonly string[];
  now: Date;
}

const MAX_LINES = 50;
const MAX_KEY = 100;
const MAX_TEXT = 500;
const MAX_GRADE = 60;
const MAX_WORD = 60;

/**
 * What `test_status` said. "complete" is the only status with a meaning (https://developers.greenhouse.io/assessment.html#test-status);
 * until then neither score nor address is a result, even where they are there already.
 */
export function toReport(status: TestStatus, context: ReportContext): VendorReport {
  const state = toState(status.partner_status);
  return {
    state,
    ...saysOf(status.partner_status),
    // No time is in the protocol; where there is one it stands in `metadata`, written by hand.
    startedAt: null,
    submittedAt: null,
    result: state === 'scored' ? toResult(status, context) : null,
  };
}

/**
 * Seen in real servers besides "complete": sent, incomplete, in_progress, pending. Only one of them surely says that the candidate has
 * begun; each of the others may as well mean that they have not, and so may every word never seen before.
 */
function toState(status: string): VendorReport['state'] {
  const word = status.toLowerCase().replace(/[\s_-]+/g, '_');
  if (word === 'complete') return 'scored';
  return word === 'in_progress' || word === 'started' ? 'started' : 'sent';
}

/** Its word as it stands, unless it is one whose meaning is known; "sent" is said, so that an earlier word is not shown for ever. */
function saysOf(status: string): Pick<VendorReport, 'says'> {
  if (toState(status) !== 'sent') return {};
  const says = toLine(status, MAX_WORD);
  return says === undefined ? {} : { says: says.toLowerCase() === 'sent' ? 'sent' : says };
}

function toResult(status: TestStatus, { reportHosts, now }: ReportContext): NonNullable<VendorReport['result']> {
  const score = toNumber(status.partner_score);
  return {
    status: 'final',
    verified: true,
    // No maximum is in the protocol, so that there is no percentage.
    score: score === null ? null : { value: score, max: null },
    // Inferred: a score that is no number is a grade.
    rating: score === null ? (toLine(status.partner_score, MAX_GRADE) ?? null) : null,
    breakdown: toLines(status.metadata),
    // Whatever a server tells of it stands in words of its own in `metadata`, where people see it.
    integrity: { status: 'not evaluated', signals: [] },
    verdict: null,
    notes: null,
    reportUrl: toSafeLink(status.partner_profile_url, reportHosts),
    timeExpired: false,
    reportedAt: now.toISOString(),
  };
}

/** A flat object with names and values of the partner's choice; what is not flat is left out. */
function toLines(metadata: unknown): BreakdownLine[] {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return [];
  return Object.entries(metadata).flatMap(toBreakdownLine).slice(0, MAX_LINES);
}

function toBreakdownLine([key, value]: [string, unknown]): BreakdownLine[] {
  const name = toLine(key, MAX_KEY);
  if (name === undefined) return [];
  if (typeof value === 'number') return [{ kind: 'section', name, score: { value, max: null }, rating: null }];
  const text = toLine(typeof value === 'boolean' ? String(value) : value, MAX_TEXT);
  return text === undefined ? [] : [{ kind: 'section', name, score: null, rating: text }];
}

function toNumber(value: unknown): number | null {
  return numericSchema.safeParse(value).data ?? null;
}
