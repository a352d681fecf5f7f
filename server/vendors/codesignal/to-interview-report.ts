import type { VendorReport } from '../port.ts';
import { toLine } from '../to-line.ts';
import type { Interview } from './schemas.ts';
import { toTime } from './to-time.ts';

const MAX_WORD = 100;

/**
 * What CodeSignal knows of a live interview: no score, but what the interviewers said. Their general notes stay with CodeSignal, whose pages
 * they were written for. https://github.com/CodeSignal/developer-docs, docs/graphql/types/liveinterview.doc.html
 */
export function toInterviewReport(interview: Interview, now: Date): VendorReport {
  const state = toState(interview.status);
  return {
    state,
    startedAt: toTime(interview.startDate),
    submittedAt: state === 'scored' ? toTime(interview.finishDate) : null,
    result: state === 'scored' ? toResult(interview, now) : null,
  };
}

/** docs/graphql/types/liveinterviewstatus.doc.html */
function toState(status: string): VendorReport['state'] {
  if (status === 'over') return 'scored';
  return status === 'active' ? 'started' : 'sent';
}

function toResult({ id, interviewersFeedback }: Interview, now: Date): NonNullable<VendorReport['result']> {
  const evaluations = interviewersFeedback.flatMap(({ overallEvaluation }) => toLine(overallEvaluation, MAX_WORD) ?? []);
  const levels = interviewersFeedback.flatMap(({ recommendedLevel }) => toLine(recommendedLevel, MAX_WORD) ?? []);
  const level = onlyOne(levels);
  return {
    // Somebody still has to say how it went.
    status: evaluations.length === 0 ? 'provisional' : 'final',
    verified: true,
    score: null,
    rating: onlyOne(evaluations),
    breakdown: level === null ? [] : [{ kind: 'section', name: 'Recommended level', score: null, rating: level }],
    integrity: { status: 'not evaluated', signals: [] },
    verdict: toVerdict(evaluations),
    notes: null,
    reportUrl: interviewPageOf(id),
    timeExpired: false,
    reportedAt: now.toISOString(),
  };
}

/** Several interviewers may not be of one mind; then nobody speaks for all. */
function onlyOne(words: readonly string[]): string | null {
  const [only, ...others] = new Set(words);
  return only !== undefined && others.length === 0 ? only : null;
}

/** Inferred: "Strong Yes" is seen; a company may have words of its own, which say nothing to us. All have to be of one mind. */
function toVerdict(evaluations: readonly string[]): 'up' | 'down' | null {
  if (evaluations.length === 0) return null;
  if (evaluations.every((word) => /^(strong(ly)? )?yes$/i.test(word))) return 'up';
  return evaluations.every((word) => /^(strong(ly)? )?no$/i.test(word)) ? 'down' : null;
}

/** As webhooks name it (docs/webhooks/index.html, liveInterviewFinished): opens for who has signed in. */
function interviewPageOf(id: string): string {
  const url = new URL('https://app.codesignal.com/client-dashboard/interviews');
  url.search = new URLSearchParams({ status: 'over', liveInterviewId: id }).toString();
  return url.href;
}
