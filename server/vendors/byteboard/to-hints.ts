import { RATINGS, type Score } from '../../../lib/domain/result.ts';
import { fieldsOf } from '../../fields-of.ts';
import type { VendorHint, VendorReport } from '../port.ts';
import { toPlainText } from '../to-plain-text.ts';
import { toSafeLink } from '../to-safe-link.ts';
import { type GenericReport, genericReportSchema } from './schemas.ts';

/** What a signed report says; fact, because the signature covers the whole body. */
export function toByteboardHints(body: unknown, receivedAt: Date): VendorHint[] {
  const parsed = genericReportSchema.safeParse(body);
  if (!parsed.success) return [];
  const report = parsed.data;
  const whom = toWhom(report);
  const claim = toClaim(report, receivedAt);
  if (!whom || (claim.result && saysNothing(claim.result) && claimsToSay(body))) return [];
  return [{ event: 'result', ...whom, trusted: true, claim }];
}

/** No part of it could be read. One that came without any is what its sender meant. */
function saysNothing({ score, rating, breakdown, notes, reportUrl }: NonNullable<VendorReport['result']>): boolean {
  return !(score || rating || notes || reportUrl) && breakdown.length === 0;
}

/** A link that may not be shown says nothing anyway. */
function claimsToSay(body: unknown): boolean {
  const { rating, score, skills, notes } = fieldsOf(body) ?? {};
  return [rating, score, skills, notes].some(isFilled);
}

function isFilled(part: unknown): boolean {
  if (typeof part === 'string') return part.trim() !== '';
  return typeof part === 'object' && part !== null ? Object.values(part).some(isFilled) : part !== undefined && part !== null;
}

function toWhom({ invitation, assessment, email }: GenericReport) {
  if (!invitation && !(assessment && email)) return undefined;
  return {
    ...(invitation && { invitationId: invitation.toLowerCase() }),
    ...(assessment && { assessmentExternalId: assessment }),
    ...(email && { email }),
  };
}

function toClaim(report: GenericReport, receivedAt: Date): VendorReport {
  const at = receivedAt.toISOString();
  return {
    state: report.state,
    startedAt: report.state === 'started' ? at : null,
    submittedAt: report.state === 'submitted' ? at : null,
    result: report.state === 'scored' ? toResult(report, at) : null,
  };
}

function toResult(report: GenericReport, reportedAt: string): VendorReport['result'] {
  return {
    status: 'final',
    verified: true,
    score: toScore(report),
    rating: toRating(report.rating),
    breakdown: report.skills.flatMap(({ name, rating }) => {
      const plain = toPlainText(name);
      return plain ? [{ kind: 'skill' as const, name: plain, score: null, rating: toRating(rating) }] : [];
    }),
    integrity: { status: 'not evaluated', signals: [] },
    verdict: null,
    notes: toPlainText(report.notes, MAX_NOTES) ?? null,
    reportUrl: toSafeLink(report.report_url),
    timeExpired: false,
    reportedAt,
  };
}

/** A maximum that is not above zero is none: it would make a percentage of nothing. */
function toScore({ score }: GenericReport): Score | null {
  if (!score) return null;
  return { value: score.value, max: score.max && score.max > 0 ? score.max : null };
}

/** A grader's notes on a whole project are longer than a comment. */
const MAX_NOTES = 20_000;

/** Byteboard's words in their usual spelling; a word of another vendor stays as it is. */
function toRating(word: string | null): string | null {
  const text = toPlainText(word);
  if (!text) return null;
  return RATINGS.find((rating) => rating.toLowerCase() === text.toLowerCase()) ?? text;
}
