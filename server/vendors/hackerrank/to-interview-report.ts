import { HACKERRANK_REPORT_HOSTS } from '../../../lib/contract/hackerrank-settings.ts';
import type { VendorResult } from '../../../lib/domain/result.ts';
import type { VendorReport } from '../port.ts';
import { toPlainText } from '../to-plain-text.ts';
import { toPublicLink } from '../to-public-link.ts';
import { type InterviewStage, stageOfInterview } from './interview-stage.ts';
import type { HackerrankInterview } from './schemas.ts';

/** What nobody can tell claims the least. */
const STATES: Readonly<Record<InterviewStage, VendorReport['state']>> = {
  'to come': 'sent',
  'under way': 'started',
  over: 'scored',
  unknown: 'sent',
};

/** What HackerRank says about an interview: over with a thumb it is a result, without one it waits for it. */
export function toInterviewReport(interview: HackerrankInterview, now: Date): VendorReport {
  const state = STATES[stageOfInterview(interview, now)];
  const isOver = state === 'scored';
  return {
    state,
    startedAt: null,
    submittedAt: isOver ? interview.ended_at : null,
    result: isOver ? toResult(interview, now) : null,
  };
}

function toResult({ thumbs_up, feedback, report_url }: HackerrankInterview, now: Date): NonNullable<VendorReport['result']> {
  const verdict = toVerdict(thumbs_up);
  const comment = toPlainText(feedback);
  return {
    status: verdict === null ? 'provisional' : 'final',
    verified: true,
    score: null,
    rating: null,
    breakdown: [],
    integrity: { status: 'not evaluated', signals: [] },
    verdict,
    notes: null,
    ...(comment !== undefined && { comment }),
    reportUrl: toReportUrl(report_url),
    timeExpired: false,
    reportedAt: now.toISOString(),
  };
}

/** 1 in the samples; inferred: 0 is the other thumb, and nothing is none yet. */
function toVerdict(thumbs: HackerrankInterview['thumbs_up']): VendorResult['verdict'] {
  if (thumbs === 1 || thumbs === true) return 'up';
  return thumbs === 0 || thumbs === false ? 'down' : null;
}

/** The samples have no scheme. */
function toReportUrl(address: string | null | undefined): string | null {
  return toPublicLink(address && !/^https?:\/\//i.test(address) ? `https://${address}` : address, HACKERRANK_REPORT_HOSTS);
}
