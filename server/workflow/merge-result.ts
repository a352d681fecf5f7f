import type { VendorResult } from '../../lib/domain/result.ts';

export type ReportedResult = Omit<VendorResult, 'version'>;

/**
 * What is known once a report has come in. A verified report is the whole truth and takes the place of what was known, but for what it
 * has no place for. A claim (an
 * unsigned webhook) tells one thing at a time: Coderbyte's `scorecard_updated` a thumb and nothing of the score, its
 * `assessment_completed` that the clock ran out and nothing of the thumb. So a claim adds what it tells and takes nothing away, and
 * nothing that is only claimed replaces what is known. Pure.
 */
export function mergeResult(before: VendorResult | null, next: ReportedResult): ReportedResult {
  if (!before) return next;
  const { version: _, ...known } = before;
  if (next.enteredBy !== null) return withClaims(known, next);
  // Only a webhook tells that the clock ran out, and that stays so; and a thumb, where the report has no place for one.
  if (next.verified) {
    const isClaimed = next.verdict === null && (!known.verified || known.claimedVerdict === true);
    const told = { ...next, timeExpired: next.timeExpired || known.timeExpired, ...(isClaimed ? claimOf(known.verdict) : {}) };
    return withComment(told, next.comment ?? known.comment);
  }
  return known.verified ? addToVerified(known, next) : addToClaimed(known, next);
}

/** A person enters what they see in a report; what the vendor told besides stays told. */
function withClaims(known: ReportedResult, entered: ReportedResult): ReportedResult {
  const isClaimed = !known.verified || known.claimedVerdict === true;
  const thumb = entered.verdict === null && isClaimed ? claimOf(known.verdict) : {};
  const timeExpired = entered.timeExpired || known.timeExpired;
  return withComment({ ...entered, timeExpired, reportUrl: entered.reportUrl ?? known.reportUrl, ...thumb }, known.comment);
}

function addToVerified(known: ReportedResult, claim: ReportedResult): ReportedResult {
  const isFree = known.verdict === null || known.claimedVerdict === true;
  const told = isFree ? { ...known, ...claimOf(claim.verdict) } : known;
  // A person cannot tell all that the vendor can.
  const besides = { timeExpired: known.timeExpired || claim.timeExpired, reportUrl: known.reportUrl ?? claim.reportUrl };
  return withComment(known.enteredBy === null ? told : { ...told, ...besides }, claim.comment);
}

function addToClaimed(known: ReportedResult, claim: ReportedResult): ReportedResult {
  const merged = {
    ...known,
    status: known.status === 'final' ? known.status : claim.status,
    score: claim.score ?? known.score,
    rating: claim.rating ?? known.rating,
    breakdown: claim.breakdown.length > 0 ? claim.breakdown : known.breakdown,
    integrity: claim.integrity.status === 'not evaluated' ? known.integrity : claim.integrity,
    verdict: claim.verdict ?? known.verdict,
    notes: claim.notes ?? known.notes,
    reportUrl: claim.reportUrl ?? known.reportUrl,
    timeExpired: claim.timeExpired || known.timeExpired,
    reportedAt: claim.reportedAt,
  };
  return withComment(merged, claim.comment);
}

function claimOf(verdict: VendorResult['verdict']): Partial<ReportedResult> {
  return verdict === null ? {} : { verdict, claimedVerdict: true };
}

/** Comments are told by webhook only, so a report without one says nothing about it. */
function withComment(result: ReportedResult, comment: string | undefined): ReportedResult {
  return comment === undefined ? result : { ...result, comment };
}

/** A comment and nothing else: no result by itself, for it may be written before there is one. */
export function isOnlyComment({ score, rating, verdict, breakdown, integrity, notes, comment }: ReportedResult): boolean {
  const isSilent = score === null && rating === null && verdict === null && notes === null && breakdown.length === 0;
  return comment !== undefined && isSilent && integrity.status === 'not evaluated';
}
