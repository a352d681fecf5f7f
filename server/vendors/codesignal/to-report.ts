import { CODESIGNAL_HOSTS } from '../../../lib/contract/codesignal-settings.ts';
import type { BreakdownLine, Score } from '../../../lib/domain/result.ts';
import type { VendorReport } from '../port.ts';
import { toLine } from '../to-line.ts';
import { toSafeLink } from '../to-safe-link.ts';
import type { Session, SessionResult, TaskResult } from './schemas.ts';
import { toIntegrity } from './to-integrity.ts';
import { toTime } from './to-time.ts';

const MAX_LINES = 100;
const MAX_NAME = 200;

/**
 * What CodeSignal knows of a test session. Until a proctored test is verified its score is there but not final, so that there is no result;
 * one that was not verified is invalid. https://github.com/CodeSignal/developer-docs, docs/webhooks/index.html
 */
export function toReport(session: Session, now: Date): VendorReport {
  const state = toState(session);
  const isOver = state === 'submitted' || state === 'scored';
  return {
    state,
    startedAt: toTime(session.startDate),
    submittedAt: isOver ? toTime(session.finishDate) : null,
    result: state === 'scored' ? toResult(session, now) : null,
  };
}

/** docs/graphql/types/testsessionstatus.doc.html. A status never seen before claims the least. */
function toState(session: Session): VendorReport['state'] {
  switch (session.status) {
    case 'active':
    case 'gracePeriod':
      return 'started';
    case 'finalizing':
      return 'submitted';
    case 'over':
      return isJudged(session) ? 'scored' : 'submitted';
    case 'expired':
      // Also what was taken and not certified, once the time for another attempt is over.
      return session.verificationStatus === 'notVerified' ? 'scored' : 'expired';
    case 'archived':
      // Put away by a person: what was over before stays so.
      return session.result && isJudged(session) ? 'scored' : 'cancelled';
    case 'declined':
    case 'deleted':
    case 'deletedForPii':
      return 'cancelled';
    default:
      return 'sent';
  }
}

/** Nothing counts before there is something to show, and nobody still has to verify it. */
function isJudged({ verificationStatus, result }: Session): boolean {
  if (verificationStatus === 'notVerified') return true;
  return verificationStatus !== 'pending' && result !== null && result !== undefined;
}

function toResult(session: Session, now: Date): NonNullable<VendorReport['result']> {
  const { result, startDate, finishDate } = session;
  const score = toScore(result?.score, session.maxScore);
  return {
    status: session.verificationStatus === 'notVerified' ? 'voided' : 'final',
    verified: true,
    score,
    ...(score?.max === null && { lacksMaximum: true as const }),
    rating: result ? toRating(session, result) : null,
    breakdown: result ? toBreakdown(result) : [],
    integrity: toIntegrity(session),
    verdict: null,
    notes: null,
    reportUrl: toSafeLink(result?.url, CODESIGNAL_HOSTS),
    timeExpired: false,
    seconds: startDate && finishDate && finishDate >= startDate ? Math.round((finishDate - startDate) / 1000) : null,
    reportedAt: now.toISOString(),
  };
}

/** Null is not zero; and what is no maximum, as of a test without points, makes no percentage. */
function toScore(value: number | null | undefined, max: number | null | undefined): Score | null {
  if (value === null || value === undefined) return null;
  return { value, max: max && max > 0 ? max : null };
}

/**
 * The company's own word for the range that the score falls into. Which of the two scores it is about is not documented: where they fall into
 * different ranges, nothing is said.
 */
function toRating({ test }: Session, { score, versionedCodingScore }: SessionResult): string | null {
  const values = [score, versionedCodingScore?.value].filter((value) => value !== null && value !== undefined);
  const isWithin = (value: number, { min, max }: { min?: number | null; max?: number | null }) =>
    value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
  const labels = values.flatMap((value) =>
    (test?.scoreRangeLabels ?? []).flatMap(({ label, scoreRange }) =>
      isWithin(value, scoreRange) ? (toLine(label, MAX_NAME) ?? []) : [],
    ),
  );
  const [only, ...others] = new Set(labels);
  return only !== undefined && others.length === 0 ? only : null;
}

/** The coding score has a scale of its own, which differs from version to version. */
function toBreakdown({ versionedCodingScore, taskResults }: SessionResult): BreakdownLine[] {
  const coding = toScore(versionedCodingScore?.value, null);
  const skills = (versionedCodingScore?.skillAreas ?? []).flatMap(({ name, label }): BreakdownLine[] => {
    const plain = toLine(name, MAX_NAME);
    const rating = toLine(label, MAX_NAME);
    return plain === undefined || rating === undefined ? [] : [{ kind: 'skill', name: plain, score: null, rating }];
  });
  return [
    ...taskResults.flatMap(toTask),
    ...(coding ? [{ kind: 'section' as const, name: 'Coding score', score: coding, rating: null }] : []),
    ...skills,
  ].slice(0, MAX_LINES);
}

/** Replays stay where they are. */
function toTask({ score, sessionTask }: TaskResult): BreakdownLine[] {
  const name = toLine(sessionTask?.task?.title, MAX_NAME);
  return name === undefined ? [] : [{ kind: 'task', name, score: toScore(score, sessionTask?.maxScore), rating: null }];
}
