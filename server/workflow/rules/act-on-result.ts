import type { Snapshot } from '../../../lib/domain/application.ts';
import { type Assessment, sameTag } from '../../../lib/domain/assessment.ts';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import { hasPassed, type VendorResult } from '../../../lib/domain/result.ts';
import type { Policy, ResultRule } from '../policy.ts';
import { ask, because, type Step } from '../step.ts';

interface ResultCase {
  invitation: Invitation;
  result: VendorResult;
  snapshot: Snapshot | null;
  policy: Pick<Policy, 'onResult' | 'assessments'>;
}

/**
 * Rule: a result of this kind puts a tag on the candidate, once for each version of the result that it newly fits. What an older version
 * did is not undone. Nothing that is only claimed or not final yet does anything by itself.
 */
export function tagOnResult(step: Step, given: ResultCase): Step {
  const tags = rulesThatFit(given.result, given).flatMap(({ does }) => does.tag ?? []);
  const before = given.invitation.result;
  const earlier = before ? rulesThatFit(before, given).flatMap(({ does }) => does.tag ?? []) : [];
  const distinct = tags.filter((tag, index) => tags.findIndex((one) => sameTag(one, tag)) === index);
  return distinct.reduce((soFar, tag) => {
    const wasAsked = earlier.some((one) => sameTag(one, tag)) && hasAsked(step, given.invitation, tag);
    return wasAsked || isThere(given.snapshot, tag) ? soFar : askForTag(soFar, given, tag);
  }, step);
}

/** Whether a rule asks for the move that follows a pass; whether it may be made is for advanceOnPass to say. */
export function asksForMove({ result, ...given }: Pick<ResultCase, 'invitation' | 'result' | 'policy'>): boolean {
  return rulesThatFit(result, given).some(({ does }) => does.move);
}

function askForTag(step: Step, { invitation, result, snapshot }: ResultCase, tag: string): Step {
  const values = { assessment: invitation.assessmentName, tag };
  if (snapshot?.status !== 'active') return because(step, 'result-tag-not-active', values);
  const key = `${tagKeyStart(invitation)}${result.version}:${toKey(tag)}`;
  return because(ask(step, { kind: 'add-tag', key, tag, invitationId: null }), 'result-tag', values);
}

function hasAsked({ state }: Step, invitation: Invitation, tag: string): boolean {
  const start = tagKeyStart(invitation);
  return state.effectKeys.some((key) => key.startsWith(start) && key.slice(key.indexOf(':', start.length) + 1) === toKey(tag));
}

const tagKeyStart = ({ id }: Invitation) => `result-tag:${id}:`;
const toKey = (tag: string) => tag.trim().toLocaleLowerCase('en');

function isThere(snapshot: Snapshot | null, tag: string): boolean {
  return snapshot?.tags.some((one) => !one.inherited && sameTag(one.text, tag)) ?? false;
}

function rulesThatFit(result: VendorResult, { invitation, policy }: Pick<ResultCase, 'invitation' | 'policy'>): ResultRule[] {
  if (!result.verified || result.status !== 'final') return [];
  const facts = factsOf(result, passMarkOf(policy, invitation));
  return policy.onResult.filter(({ when }) => fits(when, facts));
}

interface Facts {
  qualified: boolean | null;
  cheating: boolean | null;
}

/**
 * What nobody can say fits nothing: a score without a mark, an integrity check that was not made, still runs, or says what only a person can
 * judge, a claimed thumb.
 */
function factsOf(result: VendorResult, passMark: Assessment['passMark']): Facts {
  const isClaimed = result.score === null && result.claimedVerdict === true;
  return {
    qualified: isClaimed ? null : hasPassed(result, passMark),
    cheating: isCheating(result.integrity),
  };
}

function isCheating({ status, level }: VendorResult['integrity']): boolean | null {
  if (status === 'flagged') return level === 'unknown' ? null : true;
  return status === 'clear' ? false : null;
}

function fits(when: ResultRule['when'], facts: Facts): boolean {
  const wanted = (['qualified', 'cheating'] as const).filter((name) => when[name] !== undefined);
  const holds = (name: 'qualified' | 'cheating') => facts[name] === when[name];
  if (wanted.length === 0) return false;
  return when.match === 'all' ? wanted.every(holds) : wanted.some(holds);
}

function passMarkOf(policy: Pick<Policy, 'assessments'>, invitation: Invitation): Assessment['passMark'] {
  return policy.assessments.find((assessment) => assessment.id === invitation.assessmentId)?.passMark ?? null;
}
