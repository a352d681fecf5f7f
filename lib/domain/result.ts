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
  /** What was noticed, in the vendor's words; already safe to show. */
  signals: string[];
}

/** What the vendor (or a person, for vendors that report nothing) says about one invitation; versioned, never overwritten. */
export interface VendorResult {
  version: number;
  /** `provisional` until the vendor calls it final. */
  status: 'provisional' | 'final';
  /** False when only an unsigned webhook claims it. Never moves a candidate by itself. */
  verified: boolean;
  score: Score | null;
  rating: string | null;
  breakdown: BreakdownLine[];
  integrity: Integrity;
  /** The vendor's or a reviewer's thumb, for assessments without a score. */
  verdict: 'up' | 'down' | null;
  /** A human's notes, plain text. */
  notes: string | null;
  reportUrl: string | null;
  timeExpired: boolean;
  /** ISO 8601, UTC. */
  reportedAt: string;
  enteredBy: string | null;
}

/** Whole percent, or null where the scale has no maximum (a missing maximum is not zero, nor a hundred). */
export function percentOf(score: Score | null): number | null {
  if (!score || score.max === null || score.max <= 0) return null;
  return Math.round((score.value / score.max) * 100);
}

/**
 * Whether the assessment was passed: its mark reached (in percent where there is a maximum, else in the score's own unit),
 * or, without a score, the thumb. Null where neither can be said.
 */
export function hasPassed(result: VendorResult, passMark: number | null): boolean | null {
  if (result.score) return passMark === null ? null : (percentOf(result.score) ?? result.score.value) >= passMark;
  return result.verdict === null ? null : result.verdict === 'up';
}
