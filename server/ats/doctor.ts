import type { CallFailure, CallResult } from '../outbound/outcome.ts';
import type { AllowanceLeft } from '../outbound/rate-limiter.ts';

/**
 * Looks what a credential may do. A caller may rely on this: nothing is written unless a test candidate is named, what is written
 * there is taken away again or told, no method throws, and no answer holds a secret.
 */
export interface AtsDoctor {
  examine(question: AccessQuestion): Promise<Examination & Heard>;
}

/** The half that an adapter knows; what every answer tells besides is heard by the registry. */
export interface AtsExaminer {
  examine(question: AccessQuestion): Promise<Examination>;
}

/** What answers tell beside what was asked. Null: nothing was told. */
export interface Heard {
  /** By how much their clock is ahead of ours; below two seconds it is no more than the header can tell. */
  clockAheadMs: number | null;
  allowance: AllowanceLeft | null;
}

export interface AccessQuestion {
  /** What is switched on: decides which rights are needed. */
  uses: ReadonlySet<AtsUse>;
  /** An application on which harmless writes may be tried, named by an admin. */
  testApplicationId: string | null;
  /** One that was seen before, for reads that take an id. */
  knownApplicationId: string | null;
}

/** What can be switched on and needs rights of its own. */
export type AtsUse =
  /** Stages and reasons are read with this credential, because nothing was kept and no other key reads them. */
  | 'set-up'
  /** Tags are put on candidates, because sends begin with a click and not with a tag that is there. */
  | 'tagging'
  /** Moves by rule. */
  | 'advance'
  /** A recruiter's clicks are written in the name of their ATS user. */
  | 'attribution'
  /** Status or score into custom fields. */
  | 'fields'
  | 'report-file'
  | 'report-link'
  | 'feedback'
  /** Webhooks through the ATS's API. */
  | 'managed-webhooks';

/** What a right is for, by the word under which the catalogue describes it. */
export type RightPurpose =
  | 'read-application'
  | 'read-candidate'
  | 'stage-history'
  | 'stage-names'
  | 'stages'
  | 'jobs'
  | 'postings'
  | 'reasons'
  | 'end-reason'
  | 'list-applications'
  | 'write-note'
  | 'find-note'
  | 'change-note'
  | 'read-tags'
  | 'new-tag'
  | 'add-tag'
  | 'remove-tag'
  | 'move'
  | 'users'
  | 'read-fields'
  | 'write-fields'
  | 'find-file'
  | 'attach-file'
  | 'add-link'
  | 'feedback-forms'
  | 'find-feedback'
  | 'write-feedback'
  | 'webhooks'
  | 'confidential'
  | 'openings'
  | 'job-posts'
  | 'transfer'
  | 'end'
  | 'stay-connected'
  | 'nothing';

export interface AtsRight {
  /** Its exact name in that ATS: scope, or check box. */
  name: string;
  purpose: RightPurpose;
  need: RightNeed;
}

/**
 * `always`: nothing works without it. Otherwise needed while one of the uses is switched on; if none is, a granted one either `helps`
 * (we call it, and do without it as well as we can) or lies `idle`.
 */
export type RightNeed = 'always' | { for: readonly AtsUse[]; otherwise: 'helps' | 'idle' };

export const HELPS: RightNeed = { for: [], otherwise: 'helps' };
export const IDLE: RightNeed = { for: [], otherwise: 'idle' };
export const neededFor = (...uses: AtsUse[]): RightNeed => ({ for: uses, otherwise: 'idle' });
export const helpsNeededFor = (...uses: AtsUse[]): RightNeed => ({ for: uses, otherwise: 'helps' });

/** What a scope or a call told about a right. */
export type Finding = 'granted' | 'missing' | 'unknown';

export interface ExaminedRight {
  name: string;
  purpose: RightPurpose;
  /** `unneeded`: granted, and nothing that is switched on calls it. */
  state: Finding | 'unneeded';
  /** Whether something that is switched on does not work without it. */
  needed: boolean;
}

export interface Examination {
  /** The first failure that says nothing about rights: credential refused, nobody there. Null: the credential is good. */
  trouble: CallFailure | null;
  rights: ExaminedRight[];
  actingUser: ActingUser | null;
  /** When what we hold ends. */
  expiries: { what: 'access-token' | 'consent'; at: string }[];
  /** What the trial on the test candidate left behind, in the ATS's words; and whether the trial could be made. */
  trial: Trial;
}

/** `seesAll`: whether the user in whose name we read may see every candidate (Greenhouse: Site Admin). */
export interface ActingUser {
  userId: string | null;
  seesAll: 'yes' | 'no' | 'unknown';
}

export type Trial =
  | { state: 'not-asked' }
  /** Rights are known from the scopes; nothing had to be tried. */
  | { state: 'not-needed' }
  | { state: 'done'; left: Leftover[] }
  | { state: 'failed'; failure: CallFailure };

export type Leftover = { what: 'tag' | 'note'; text: string };

export const NOTHING_TRIED: Trial = { state: 'not-asked' };

/** Puts together what was found with what is needed. Pure. */
export function judgeRight({ name, purpose, need }: AtsRight, finding: Finding, uses: ReadonlySet<AtsUse>): ExaminedRight {
  const needed = isNeeded(need, uses);
  const isIdle = need !== 'always' && need.otherwise === 'idle' && !needed;
  return { name, purpose, needed, state: finding === 'granted' && isIdle ? 'unneeded' : finding };
}

export function isNeeded(need: RightNeed, uses: ReadonlySet<AtsUse>): boolean {
  return need === 'always' || need.for.some((use) => uses.has(use));
}

/**
 * What one call told about the right it takes. Inferred: the right is looked at before the thing itself, so that "not there" and
 * "refused as wrong" are said only to those who have it.
 */
export function findingOf(answer: CallResult<unknown>): Finding {
  if (answer.ok || answer.kind === 'not-found' || answer.kind === 'refused') return 'granted';
  return answer.kind === 'forbidden' ? 'missing' : 'unknown';
}

/**
 * Failures of the connection as a whole. A pause or one broken page is none: that right alone stays unknown. Who cannot be reached at
 * the first call is not waited for at thirty more.
 */
export function isWholeTrouble(failure: CallFailure, isFirst = false): boolean {
  return failure.kind === 'unauthorised' || failure.kind === 'misconfigured' || (isFirst && failure.kind === 'unreachable');
}

/** An examination that could not begin: every right is unknown. */
export function cannotExamine(failure: CallFailure, rights: readonly AtsRight[], uses: ReadonlySet<AtsUse>): Examination {
  return {
    trouble: failure,
    rights: rights.map((right) => judgeRight(right, 'unknown', uses)),
    actingUser: null,
    expiries: [],
    trial: NOTHING_TRIED,
  };
}
