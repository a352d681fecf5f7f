import type { VendorResult } from '../../lib/domain/result.ts';

type Unversioned = Omit<VendorResult, 'version'>;

/**
 * The next version of a result, marked with why it takes the place of the one before. What the sender says counts; else only the
 * integrity check is told apart from the rest. A result that was provisional is not revised but finished, and what tells neither grade nor
 * check anew (a comment, a link) revises nothing. Pure.
 */
export function withRevision(before: Unversioned | null, next: Unversioned, told?: VendorResult['revision']): Unversioned {
  const { revision: _, ...plain } = next;
  if (!before || before.status === 'provisional') return plain;
  const revision = told ?? revisionOf(before, next);
  return revision ? { ...plain, revision } : plain;
}

function revisionOf(before: Unversioned, next: Unversioned): VendorResult['revision'] {
  const isOtherCheck = JSON.stringify(checkOf(before)) !== JSON.stringify(checkOf(next));
  const isOtherGrade = JSON.stringify(gradeOf(before)) !== JSON.stringify(gradeOf(next));
  if (!isOtherCheck && !isOtherGrade) return before.revision;
  return { because: isOtherGrade ? 'unknown' : 'integrity' };
}

/** Declaring an attempt invalid is how the check of a proctored test ends. */
function checkOf({ integrity: { status, level, signals }, status: ofResult }: Unversioned) {
  return [status, level ?? null, signals, ofResult === 'voided'];
}

function gradeOf({ score, percentile, rating, passed, breakdown, verdict }: Unversioned) {
  const lines = breakdown.map((line) => [line.kind, line.name, line.score?.value, line.score?.max, line.rating]);
  return [score?.value, score?.max, percentile ?? null, rating, passed?.value ?? null, lines, verdict];
}
