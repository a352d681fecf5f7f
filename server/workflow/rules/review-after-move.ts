import type { Invitation } from '../../../lib/domain/invitation.ts';
import { hasPassed, type VendorResult } from '../../../lib/domain/result.ts';
import type { WorkflowEvent } from '../event.ts';
import type { Policy } from '../policy.ts';
import type { OwnAdvance } from '../state.ts';
import { because, change, changeInvitation, findInvitation, type Step } from '../step.ts';

/**
 * Rule: what moved a candidate on by itself and does not hold any more is put before a person, never reversed. Looks at what any other rule
 * asked for and at the newest versions, so that no way to a new version can be forgotten here.
 */
export function reviewAfterMove(step: Step, given: { event: WorkflowEvent; policy: Policy; now: Date }): Step {
  const followed = followMoves(rememberMoves(step), given.event, given.now);
  return (followed.state.advances ?? []).reduce((soFar, advance) => reviewOne(soFar, advance, given), followed);
}

/** A person has looked. What the result says by now is settled with that; the next version is another matter. */
export function closeReview(step: Step, event: Extract<WorkflowEvent, { type: 'review.closed' }>): Step {
  const invitation = findInvitation(step.state, event.invitationId);
  const by = event.by.kind === 'member' ? event.by.name : '';
  const values = { assessment: invitation?.assessmentName ?? '', by };
  if (!invitation?.review) return because({ ...step, invitationId: event.invitationId }, 'not-to-review', values);
  return because(changeInvitation(step, invitation.id, { review: null }), 'review-closed', values);
}

/** Every move that a result asked for just now, with the results that it rests on. */
function rememberMoves(step: Step): Step {
  const known = step.state.advances ?? [];
  const added = step.effects.flatMap((effect): OwnAdvance[] => {
    if (effect.kind !== 'move-to-stage' || effect.invitationId === null) return [];
    if (known.some(({ effectKey }) => effectKey === effect.key)) return [];
    return [
      { effectKey: effect.key, stage: effect.toStageName, doneAt: null, results: resultsBehind(step, effect.invitationId) },
    ];
  });
  return added.length === 0 ? step : change(step, { advances: [...known, ...added] });
}

/** Several assessments of one stage entry may have had to be passed for one move. */
function resultsBehind({ state }: Step, invitationId: string): OwnAdvance['results'] {
  const cause = findInvitation(state, invitationId);
  return state.invitations.flatMap(({ id, stageEntryKey, result }) => {
    const belongs = id === invitationId || (stageEntryKey !== null && stageEntryKey === cause?.stageEntryKey);
    if (!belongs || !result) return [];
    const { version, score, rating, verdict } = result;
    return [{ invitationId: id, version, reviewed: version, was: { score, rating, verdict } }];
  });
}

/** Only what was really moved is to be looked at; a move that failed has left everybody where they were. */
function followMoves(step: Step, event: WorkflowEvent, now: Date): Step {
  if (event.type !== 'effect.done' && event.type !== 'effect.failed') return step;
  const known = step.state.advances ?? [];
  if (event.effect !== 'move-to-stage' || !known.some(({ effectKey }) => effectKey === event.effectKey)) return step;
  const advances = known.flatMap((advance) => {
    if (advance.effectKey !== event.effectKey) return [advance];
    return event.type === 'effect.done' ? [{ ...advance, doneAt: now.toISOString() }] : [];
  });
  return change(step, { advances });
}

function reviewOne(step: Step, advance: OwnAdvance, { policy, now }: { policy: Policy; now: Date }): Step {
  if (advance.doneAt === null) return step;
  return advance.results.reduce((soFar, rests) => {
    const invitation = findInvitation(soFar.state, rests.invitationId);
    const { result } = invitation ?? {};
    if (!invitation || !result || result.version <= rests.reviewed || stillHolds(invitation, result, policy)) return soFar;
    const seen = rememberReviewed(soFar, advance, { ...rests, reviewed: result.version });
    const review = { since: now.toISOString(), version: rests.version, stage: advance.stage, was: rests.was };
    const values = { assessment: invitation.assessmentName, stage: advance.stage ?? '' };
    return because(changeInvitation(seen, invitation.id, { review }), 'review-needed', values);
  }, step);
}

function rememberReviewed(step: Step, { effectKey }: OwnAdvance, rests: OwnAdvance['results'][number]): Step {
  const advances = (step.state.advances ?? []).map((advance) => {
    if (advance.effectKey !== effectKey) return advance;
    const results = advance.results.map((one) => (one.invitationId === rests.invitationId ? rests : one));
    return { ...advance, results };
  });
  return change(step, { advances });
}

/** The same that had to hold for the move, as far as the result itself can say it. */
function stillHolds({ assessmentId }: Invitation, result: VendorResult, policy: Policy): boolean {
  const mark = policy.assessments.find(({ id }) => id === assessmentId)?.passMark ?? null;
  return hasPassed(result, mark) === true && result.integrity.status !== 'flagged';
}
