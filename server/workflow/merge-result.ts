import { HEARD_PARTS, type HeardPart, type VendorResult } from '../../lib/domain/result.ts';

export type ReportedResult = Omit<VendorResult, 'version'>;

/** What only a webhook told: all of a result, or what goes besides the answer of an API. `at`: when it came in, ISO 8601, UTC. */
export interface Claimed {
  what: 'all' | 'besides';
  at: string;
}

/** What of a report is older than what is known. */
export type Late = ReadonlySet<HeardPart>;

const NOTHING_LATE: Late = new Set();

/** The clocks of two processes that take webhooks differ: what came in so close together is taken in the order in which it is decided. */
const SAME_MOMENT_MS = 5000;

/**
 * What of a webhook's word is older than what the vendor said of the same since. Only what has a time on both sides: the only word is never
 * late, nor is what an API answers, nor what a person enters, and a person's entry makes no word of the vendor late. A time that is still to
 * come is of a clock that went wrong and makes nothing late. Pure.
 */
export function lateParts(before: VendorResult | null, next: ReportedResult, claimed: Claimed, now: Date): Late {
  if (!before) return NOTHING_LATE;
  const isLate = (part: HeardPart) => {
    const heard = Date.parse(heardAt(before, part) ?? '');
    return heard <= now.getTime() && Date.parse(claimed.at) < heard - SAME_MOMENT_MS;
  };
  return new Set(claimedParts(before, next, claimed).filter(isLate));
}

/** Which parts of it are a webhook's word that could take the place of what is known. */
function claimedParts(before: VendorResult, next: ReportedResult, { what }: Claimed): HeardPart[] {
  const isAll = what === 'all';
  // A report that is signed takes the place of what is only claimed, whenever that was.
  const isReport = isAll && (before.verified || !next.verified);
  const isThumb = next.verdict !== null && (isAll ? !next.verified : next.claimedVerdict === true);
  const parts = { report: isReport, thumb: isThumb, comment: next.comment !== undefined };
  return HEARD_PARTS.filter((part) => parts[part]);
}

/** When the vendor last said this; null where it never has. */
function heardAt(result: ReportedResult, part: HeardPart): string | null {
  if (part === 'thumb' && result.verdict === null) return null;
  if (part === 'comment' && result.comment === undefined) return null;
  const ofReport = result.heardAt?.report ?? (result.enteredBy === null ? result.reportedAt : null);
  return part === 'report' ? ofReport : (result.heardAt?.[part] ?? ofReport);
}

/**
 * `mergeResult` of what may have come late: as if each word had been taken in its own order. So what is older than what is known takes the
 * place of nothing, and adds only what nothing else was said of. Pure.
 */
export function mergeLate(
  before: VendorResult | null,
  next: ReportedResult,
  { claimed, late = NOTHING_LATE }: { claimed?: Claimed | undefined; late?: Late | undefined },
): ReportedResult {
  const told = withoutLate(next, late);
  const merged = before && late.has('report') ? beneath(before, told) : mergeResult(before, told);
  return heardOf(merged, { before, told, claimed, late });
}

function withoutLate({ comment, ...next }: ReportedResult, late: Late): ReportedResult {
  const told = withComment(next, late.has('comment') ? undefined : comment);
  if (!late.has('thumb')) return told;
  const { claimedVerdict: _, ...rest } = told;
  return { ...rest, verdict: null };
}

/** The report is the older one; its thumb and its comment are not, or are left out. */
function beneath(before: VendorResult, older: ReportedResult): ReportedResult {
  const { version: _, ...known } = before;
  if (older.verified) return withComment({ ...known, timeExpired: known.timeExpired || older.timeExpired }, older.comment);
  if (known.verified) return addToVerified(known, older);
  const told = addToClaimed(older, known);
  return withComment({ ...told, verdict: older.verdict ?? known.verdict }, older.comment);
}

/** The result with the times of all that the vendor said in it; of those that `reportedAt` tells nothing is kept. */
function heardOf(
  merged: ReportedResult,
  {
    before,
    told,
    claimed,
    late,
  }: { before: VendorResult | null; told: ReportedResult; claimed: Claimed | undefined; late: Late },
): ReportedResult {
  const { heardAt: _, ...plain } = merged;
  const known = (part: HeardPart) => (before ? heardAt(before, part) : null);
  const isEntered = told.enteredBy !== null;
  const ofTold = claimed?.what === 'all' ? claimed.at : isEntered ? null : told.reportedAt;
  // What is not late is the vendor's newest word, also where an earlier one bears the time of a clock that was ahead.
  const report = late.has('report') ? known('report') : (ofTold ?? known('report'));
  const ofThumb = claimed && (claimed.what === 'all' || told.claimedVerdict) ? claimed.at : ofTold;
  const thumb = told.verdict !== null && told.verdict === merged.verdict ? ofThumb : known('thumb');
  const comment = told.comment === undefined ? known('comment') : (claimed?.at ?? ofTold);
  return withTimes(plain, { report, thumb, comment });
}

function withTimes(result: ReportedResult, { report, thumb, comment }: Record<HeardPart, string | null>): ReportedResult {
  const ofReport = result.enteredBy === null ? result.reportedAt : null;
  const times = {
    ...(report !== null && report !== ofReport && { report }),
    ...(thumb !== null && thumb !== report && result.verdict !== null && { thumb }),
    ...(comment !== null && comment !== report && result.comment !== undefined && { comment }),
  };
  return Object.keys(times).length === 0 ? result : { ...result, heardAt: times };
}

/** What is known, with the times at which it was said once more: told again, it is newer than what came in between. */
export function heardAgain(known: VendorResult, merged: ReportedResult): VendorResult {
  const { heardAt: _, version, ...plain } = known;
  const times = { report: heardAt(merged, 'report'), thumb: heardAt(merged, 'thumb'), comment: heardAt(merged, 'comment') };
  return { ...withTimes(plain, times), version };
}

/**
 * What is known once a report has come in. A verified report is the whole truth and takes the place of what was known, but for what it
 * has no place for. A claim (an
 * unsigned webhook) tells one thing at a time: Coderbyte's `scorecard_updated` a thumb and nothing of the score, its
 * `assessment_completed` that the clock ran out and nothing of the thumb. So a claim adds what it tells and takes nothing away, and
 * nothing that is only claimed replaces what is known. Pure.
 */
function mergeResult(before: VendorResult | null, next: ReportedResult): ReportedResult {
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
