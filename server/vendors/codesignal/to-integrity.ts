import type { Integrity } from '../../../lib/domain/result.ts';
import { toLine } from '../to-line.ts';
import type { Session, TaskResult } from './schemas.ts';

type Checked = Pick<
  Session,
  'verificationStatus' | 'verificationRejectionReasons' | 'integrityReviewFinalized' | 'integrityReviewSuggested' | 'result'
>;

const MAX_SIGNALS = 20;
const MAX_SIGNAL = 200;

/**
 * Whether the work is trusted. A proctored test is verified by a person at CodeSignal; of the others the system says, once it is done with
 * looking, whether somebody should look. What is not done yet is pending, and what could not be looked at is not evaluated: neither is a
 * clearance. https://github.com/CodeSignal/developer-docs, docs/graphql/types/companytestsession.doc.html
 *
 * Inferred: what is verified is clear, although the looking of the system may still go on.
 */
export function toIntegrity(session: Checked): Integrity {
  const level = levelOf(session.result?.taskResults ?? []);
  return {
    status: statusOf(session),
    ...(level && { level }),
    signals: [...rejectionsOf(session), ...suspicionsOf(session)].slice(0, MAX_SIGNALS),
  };
}

function statusOf(session: Checked): Integrity['status'] {
  const { verificationStatus, integrityReviewFinalized, integrityReviewSuggested } = session;
  if (verificationStatus === 'notVerified' || integrityReviewSuggested === true) return 'flagged';
  if (verificationStatus === 'verified') return 'clear';
  if (verificationStatus === 'pending') return 'pending';
  if (integrityReviewFinalized !== true) return integrityReviewFinalized === false ? 'pending' : 'not evaluated';
  return integrityReviewSuggested === false ? 'clear' : 'not evaluated';
}

function rejectionsOf({ verificationStatus, verificationRejectionReasons }: Checked): string[] {
  if (verificationStatus !== 'notVerified') return [];
  return verificationRejectionReasons.flatMap(({ name }) => toLine(name, MAX_SIGNAL) ?? []);
}

const LEVELS = ['none', 'low', 'medium', 'high'] as const;
type Level = (typeof LEVELS)[number];

/** The highest of all tasks; undefined while no report of any is ready. */
function levelOf(tasks: readonly TaskResult[]): Level | undefined {
  const levels = tasks.flatMap((task) => suspicionOf(task) ?? []);
  return LEVELS.findLast((level) => levels.includes(level));
}

/** docs/graphql/types/suspicionscore.doc.html; `not_applicable` says nothing. */
function suspicionOf({ integrityReport }: TaskResult): Level | undefined {
  if (integrityReport?.status !== 'ready') return undefined;
  return LEVELS.find((level) => level === integrityReport.suspicionScore);
}

/** Which task raised the suspicion; low ones are told by the level alone. */
function suspicionsOf({ result }: Checked): string[] {
  return (result?.taskResults ?? []).flatMap((task) => {
    const level = suspicionOf(task);
    if (level !== 'medium' && level !== 'high') return [];
    const title = toLine(task.sessionTask?.task?.title, MAX_SIGNAL);
    return [title === undefined ? `Suspicion ${level}` : `${title}: suspicion ${level}`];
  });
}
