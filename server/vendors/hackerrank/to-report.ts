import { HACKERRANK_REPORT_HOSTS } from '../../../lib/contract/hackerrank-settings.ts';
import type { BreakdownLine, Score, VendorResult } from '../../../lib/domain/result.ts';
import { numericSchema } from '../numeric-schema.ts';
import type { VendorReport } from '../port.ts';
import { toLine } from '../to-line.ts';
import { toPlainText } from '../to-plain-text.ts';
import { toPublicLink } from '../to-public-link.ts';
import { type HackerrankCandidate, questionSchema } from './schemas.ts';
import { toIntegrity } from './to-integrity.ts';

export interface ReportContext {
  now: Date;
  /** Of the test, in points; null where there is none, or it is not known. */
  cutoff: number | null;
}

const MAX_LINES = 100;
const MAX_NAME = 200;

/** What HackerRank says about one person at one test. HackerRank API docs, "Test Candidate object" */
export function toReport(candidate: HackerrankCandidate, context: ReportContext): VendorReport {
  const state = toState(candidate, context.now);
  const isOver = state === 'scored' || state === 'submitted';
  return {
    state,
    startedAt: candidate.attempt_starttime,
    submittedAt: isOver ? candidate.attempt_endtime : null,
    result: state === 'scored' ? toResult(candidate, context) : null,
  };
}

/** -1 is invited and 7 "completed and report generated"; 0 to 6 are internal, so that between them the two times tell. */
const REPORTED = 7;

function toState(candidate: HackerrankCandidate, now: Date): VendorReport['state'] {
  const { status, attempt_starttime, attempt_endtime } = candidate;
  // A report can be deleted: then nothing is known any more, which is no result.
  if (status === REPORTED) return hasReport(candidate) ? 'scored' : 'submitted';
  if (attempt_endtime !== null) return 'submitted';
  return attempt_starttime === null ? toStateOfInvite(candidate, now) : 'started';
}

function hasReport({ score, percentage_score, report_url }: HackerrankCandidate): boolean {
  return isKnown(score) || isKnown(percentage_score) || Boolean(report_url);
}

/** Inferred: who can no longer begin, though no time has gone by, was taken back. */
function toStateOfInvite(candidate: HackerrankCandidate, now: Date): VendorReport['state'] {
  const { invite_valid, invite_valid_from: from, invite_valid_to: to } = candidate;
  if (to !== null && Date.parse(to) <= now.getTime()) return 'expired';
  if (invite_valid !== false || (from !== null && Date.parse(from) > now.getTime())) return 'sent';
  return 'cancelled';
}

function toResult(candidate: HackerrankCandidate, { now, cutoff }: ReportContext): NonNullable<VendorReport['result']> {
  const { attempt_starttime: began, attempt_endtime: ended } = candidate;
  const comment = toPlainText(candidate.comments);
  const passed = toPassed(candidate, cutoff);
  const score = toScore(candidate);
  return {
    status: 'final',
    verified: true,
    score,
    ...(score?.max === null && { lacksMaximum: true as const }),
    rating: null,
    ...(passed && { passed }),
    breakdown: toBreakdown(candidate),
    integrity: toIntegrity(candidate),
    verdict: null,
    notes: null,
    // Inferred: of a reviewer. What the candidate says of the test stands in `feedback`, and is not read.
    ...(comment !== undefined && { comment }),
    reportUrl: toPublicLink(candidate.report_url, HACKERRANK_REPORT_HOSTS),
    timeExpired: false,
    seconds: began !== null && ended !== null ? Math.max(0, (Date.parse(ended) - Date.parse(began)) / 1000) : null,
    reportedAt: now.toISOString(),
  };
}

/** HackerRank's own percentage. Points alone have no maximum here, since none is told: then there is no percentage either. */
function toScore({ score, percentage_score }: HackerrankCandidate): Score | null {
  if (isKnown(percentage_score)) return { value: percentage_score, max: 100 };
  return isKnown(score) ? { value: score, max: null } : null;
}

/** "Candidates scoring equal or more than this value will automatically be placed into Qualified": in points. */
function toPassed({ score }: HackerrankCandidate, cutoff: number | null): VendorResult['passed'] {
  return isKnown(score) && cutoff !== null ? { value: score >= cutoff, basis: 'cutoff' } : undefined;
}

/** Of none of these a maximum is told. Skills before tags: tags repeat the same points in other words. */
function toBreakdown(candidate: HackerrankCandidate): BreakdownLine[] {
  const { score, percentage_score, scores_skills_split, scores_tags_split, scores_sections_split, questions } = candidate;
  const skills = toLines('skill', scores_skills_split);
  const points = isKnown(score) && isKnown(percentage_score) ? toLines('section', { Points: score }) : [];
  return [
    ...points,
    ...toLines('section', scores_sections_split),
    ...(skills.length > 0 ? skills : toLines('skill', scores_tags_split)),
    ...toTasks(questions),
  ].slice(0, MAX_LINES);
}

function toLines(kind: BreakdownLine['kind'], split: Record<string, unknown> | null | undefined): BreakdownLine[] {
  return Object.entries(split ?? {}).flatMap(([key, given]) => {
    const name = toLine(key, MAX_NAME);
    const value = numericSchema.safeParse(given).data;
    return name === undefined || value === undefined ? [] : [{ kind, name, score: { value, max: null }, rating: null }];
  });
}

/** Answers and what was asked stay at HackerRank. */
function toTasks(questions: Record<string, unknown> | null | undefined): BreakdownLine[] {
  return Object.values(questions ?? {}).flatMap((given) => {
    const question = questionSchema.safeParse(given).data;
    const name = toLine(question?.name, MAX_NAME);
    if (!question || name === undefined) return [];
    return [{ kind: 'task', name, score: isKnown(question.score) ? { value: question.score, max: null } : null, rating: null }];
  });
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}
