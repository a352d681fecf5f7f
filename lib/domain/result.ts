/** A number on a scale. Without a maximum there is no percentage. */
export interface Score {
  value: number;
  max: number | null;
}

/** Byteboard's four words, best first. */
export const RATINGS = ['Strong', 'Leaning Strong', 'Needs Improvement', 'Poor'] as const;

export interface BreakdownLine {
  kind: 'skill' | 'task' | 'section';
  name: string;
  score: Score | null;
  rating: string | null;
}

export interface Integrity {
  status: 'clear' | 'flagged' | 'pending' | 'not evaluated';
  /** How strongly something is suspected, where the vendor grades it. `unknown`: not even whether anything is, which a person has to judge. */
  level?: 'none' | 'low' | 'medium' | 'high' | 'unknown';
  /** What was noticed, in the vendor's words; already safe to show. */
  signals: string[];
}

/** What the vendor (or a person, for vendors that report nothing) says about one invitation; versioned, never overwritten. */
export interface VendorResult {
  version: number;
  /** `provisional` until the vendor calls it final. `voided`: the vendor has declared the attempt invalid. */
  status: 'provisional' | 'final' | 'voided';
  /** False when only an unsigned webhook claims it. Never moves a candidate by itself. */
  verified: boolean;
  score: Score | null;
  /** The vendor tells a maximum otherwise, and told none of this score: a mark in percent says nothing about it. */
  lacksMaximum?: true;
  /** 0 to 100: how many of the others did no better. Never computed here. */
  percentile?: number | null;
  rating: string | null;
  /** Passed or not, as somebody said it: the vendor outright, by a cutoff kept at the vendor, or a person there. */
  passed?: { value: boolean; basis: PassedBasis };
  breakdown: BreakdownLine[];
  integrity: Integrity;
  /** The vendor's or a reviewer's thumb, for assessments without a score. */
  verdict: 'up' | 'down' | null;
  /** The thumb is only claimed by an unsigned webhook, though the rest is verified: then it never moves a candidate by itself. */
  claimedVerdict?: true;
  /** A human's notes, plain text. */
  notes: string | null;
  /** A reviewer's comment at the vendor, plain text, as a webhook told it. In a note only where an admin switched that on. */
  comment?: string;
  reportUrl: string | null;
  timeExpired: boolean;
  /** Seconds that the candidate worked on it, where the vendor counts them. */
  seconds?: number | null;
  /** ISO 8601, UTC. */
  reportedAt: string;
  enteredBy: string | null;
  /**
   * When the vendor last said what stands here, where `reportedAt` does not tell: a person entered the rest, a thumb or a comment came apart
   * from the report, or the same was said once more. ISO 8601, UTC.
   */
  heardAt?: Partial<Record<HeardPart, string>>;
  /** Why this version takes the place of one that was called final. */
  revision?: { because: RevisionCause };
}

/** What comes from a vendor at different times. */
export const HEARD_PARTS = ['report', 'thumb', 'comment'] as const;
export type HeardPart = (typeof HEARD_PARTS)[number];

export const PASSED_BASES = ['vendor', 'cutoff', 'human'] as const;
export type PassedBasis = (typeof PASSED_BASES)[number];

export const REVISION_CAUSES = ['regrade', 'integrity', 'appeal', 'unknown'] as const;
export type RevisionCause = (typeof REVISION_CAUSES)[number];

/** A computer's fractions are a little off: 4.35 of 5 is less than 87 % to it. In percent; no vendor grades as finely. */
const TOLERANCE = 1e-9;

/** Percent with its fraction, or null where the scale has no maximum (a missing maximum is not zero, nor a hundred). */
function percentOf(score: Score | null): number | null {
  if (!score || score.max === null || score.max <= 0) return null;
  return (score.value * 100) / score.max;
}

/** In percent where there is a maximum, else in the score's own unit. Nothing is rounded: who misses the mark by a little has missed it. */
function reachesMark(score: Score, mark: number): boolean {
  const percent = percentOf(score);
  return percent === null ? score.value >= mark : percent >= mark - TOLERANCE;
}

/** A fraction has room for no more in the panel. */
const MAX_DIGITS = 6;

/**
 * Percent as it is shown beside a pass mark: whole, and with as much of its fraction as it takes not to contradict whether the mark was
 * reached. Null where there is no percentage.
 */
export function shownPercent(score: Score | null, mark: number | null): number | null {
  const percent = percentOf(score);
  if (!score || percent === null) return null;
  const whole = Math.round(percent);
  if (mark === null) return whole;
  const hasReached = reachesMark(score, mark);
  const fractions = Array.from({ length: MAX_DIGITS }, (_, at) => roundedDown(percent, at + 1));
  return [whole, ...fractions].find((shown) => shown >= mark === hasReached) ?? percent;
}

/** The nearest whole percent, where no mark stands beside it; nothing is decided by it. Null without a maximum. */
export function wholePercent(score: Score | null): number | null {
  const percent = percentOf(score);
  return percent === null ? null : Math.round(percent);
}

function roundedDown(percent: number, digits: number): number {
  return Math.floor((percent + TOLERANCE) * 10 ** digits) / 10 ** digits;
}

/** Whether a pass mark of ours can be held against the score. */
export function isMarked({ score, lacksMaximum }: Pick<VendorResult, 'score' | 'lacksMaximum'>): boolean {
  return score !== null && lacksMaximum !== true;
}

/**
 * Whether the assessment was passed: our mark reached (in percent where there is a maximum, else in the score's own unit, if the vendor
 * never tells one); where there is no mark or no score, the vendor's own word; without a score, the thumb. Null where nothing can be said, and for what the vendor has
 * declared invalid.
 */
export function hasPassed(result: VendorResult, passMark: number | null): boolean | null {
  if (result.status === 'voided') return null;
  if (result.score && passMark !== null && isMarked(result)) return reachesMark(result.score, passMark);
  if (result.passed) return result.passed.value;
  if (result.score) return null;
  return result.verdict === null ? null : result.verdict === 'up';
}
