import type { Snapshot, StageEntry } from '../../../lib/domain/application.ts';
import { type Assessment, sameTag } from '../../../lib/domain/assessment.ts';
import { type Invitation, isOpen } from '../../../lib/domain/invitation.ts';
import type { ReasonCode } from '../../../lib/domain/reason.ts';
import { stageIdOfKey, timeOfKey } from '../known-entries.ts';
import type { Policy } from '../policy.ts';
import { personKey, prepareInvitation } from '../prepare-invitation.ts';
import { send } from '../send.ts';
import { addInvitation, because, change, changeInvitation, type Step } from '../step.ts';

export interface StageEntryCase {
  snapshot: Snapshot;
  entry: StageEntry;
  policy: Policy;
  now: Date;
  freshId: string;
}

/** Rule: who enters an assessment stage with exactly one assessment tag is invited. */
export function sendOnStageEntry(step: Step, given: StageEntryCase & { passed: boolean }): Step {
  const { entry, policy, snapshot } = given;
  const stage = entry.stageName ?? snapshot.stage?.name ?? '';
  const early = tooEarly(given);
  if (early)
    // Who still waits in the stage is worth a word and a button; how they came here long ago is not.
    return because(step, early, { stage }, waits(given) ? { kind: 'send-now' } : undefined);
  if (!policy.rules.sendOnStageEntry) return because(step, 'not-sent-rule-off', { stage }, { kind: 'send-now' });
  if (given.passed) return because(step, 'not-sent-left-stage', { stage });
  const found = assessmentsByTag(snapshot, policy);
  if (found.length === 0 && policy.tagRecheckSeconds > 0) return lookAgain(step, given);
  // A second look that still waits was for an earlier entry; this one has its tag.
  return sendByTags(change(step, { tagRecheck: null }), given, found);
}

/** What was entered before we looked at it; of what a backup does not know, an invitation may have gone out already. */
function tooEarly(given: StageEntryCase): ReasonCode | null {
  const { automaticSince, restoredAt } = given.policy;
  const entered = enteredByOurClock(given);
  if (!automaticSince || entered < Date.parse(automaticSince)) return 'not-sent-before-start';
  return restoredAt && entered < Date.parse(restoredAt) ? 'not-sent-before-restore' : null;
}

/** The ATS's clock may be wrong by minutes; when we were switched on is told by ours. */
function enteredByOurClock({ entry, snapshot }: Pick<StageEntryCase, 'entry' | 'snapshot'>): number {
  return Date.parse(entry.enteredAt) - (snapshot.clockAheadMs ?? 0);
}

/**
 * An invitation of another assessment stage whose assessment is just what the tags ask for here too is not cancelled there to be sent
 * anew here: it goes on as this entry's. With another tag, or several, it belongs to the stage that was left.
 */
export function carryOver(step: Step, { entry, snapshot, policy }: Pick<StageEntryCase, 'entry' | 'snapshot' | 'policy'>): Step {
  const [only, another] = assessmentsByTag(snapshot, policy);
  if (!only || another) return step;
  return step.state.invitations
    .filter(({ state, assessmentId, stageEntryKey }) => {
      const isOfOtherStage = stageEntryKey !== null && stageIdOfKey(stageEntryKey) !== entry.stageId;
      return isOpen(state) && assessmentId === only.id && isOfOtherStage;
    })
    .reduce((soFar, { id }) => changeInvitation(soFar, id, { stageEntryKey: entry.key }), step);
}

/**
 * Who left and came back within the hold is invited once: what this rule holds since an earlier entry would stand in the way of another, so it
 * goes on as this entry's, to be looked at once more when its hold is over. To an address that was corrected meanwhile it does not.
 */
function findHeld(step: Step, { id }: Assessment, { entry, snapshot }: StageEntryCase): Invitation | undefined {
  const person = personKey(snapshot.emails[0] ?? '');
  return step.state.invitations.find(({ state, raisedBy, stageEntryKey, ...one }) => {
    const isHeldByRule = state === 'held' && raisedBy.kind === 'rule' && one.assessmentId === id && one.person === person;
    return isHeldByRule && stageEntryKey !== null && timeOfKey(stageEntryKey) <= timeOfKey(entry.key);
  });
}

function waits({ passed, snapshot }: { passed: boolean; snapshot: Snapshot }): boolean {
  return !passed && snapshot.status === 'active';
}

/** The second look, for tags that are set a moment after the move. */
export function sendAfterRecheck(step: Step, given: StageEntryCase): Step {
  const { policy, snapshot, entry } = given;
  const looked = change(step, { tagRecheck: null });
  if (!policy.rules.sendOnStageEntry || !policy.automaticSince)
    return because(looked, 'not-sent-rule-off', { stage: entry.stageName ?? '' }, { kind: 'send-now' });
  // The first look was before that moment, this one is not.
  const early = tooEarly(given);
  if (early) return because(looked, early, { stage: entry.stageName ?? '' }, { kind: 'send-now' });
  return sendByTags(looked, given, assessmentsByTag(snapshot, policy));
}

function lookAgain(step: Step, { entry, policy, now }: StageEntryCase): Step {
  const dueAt = new Date(now.getTime() + policy.tagRecheckSeconds * 1000).toISOString();
  const noted = change(step, { tagRecheck: { entryKey: entry.key, dueAt } });
  return because(
    noted,
    'looking-again-for-tag',
    { stage: entry.stageName ?? '', seconds: String(policy.tagRecheckSeconds) },
    { kind: 'send-now' },
  );
}

function sendByTags(step: Step, given: StageEntryCase, found: Assessment[]): Step {
  const { snapshot, entry, policy } = given;
  const stage = entry.stageName ?? '';
  const [only, another] = found;
  if (!only) return because(step, ...whyNoTag(given, stage), { kind: 'send-now' });
  if (another)
    return because(step, 'not-sent-several-tags', { stage, tags: found.map((a) => a.tag).join(', ') }, { kind: 'send-now' });
  const told = { stage, assessment: only.name, tag: only.tag };
  const held = findHeld(step, only, given);
  if (held) return because(changeInvitation(step, held.id, { stageEntryKey: entry.key }), 'sent-on-stage-entry', told);
  const prepared = prepareInvitation({
    state: step.state,
    snapshot,
    policy,
    now: given.now,
    wish: {
      id: given.freshId,
      assessment: only,
      email: null,
      raisedBy: { kind: 'rule', rule: 'send-on-stage-entry', stage },
      options: {},
      retake: false,
      holdSeconds: policy.automaticHoldSeconds,
    },
  });
  if (!prepared.ok) return { ...step, reasons: [...step.reasons, prepared.reason] };
  const added = because(addInvitation(step, prepared.invitation), 'sent-on-stage-entry', told);
  return prepared.invitation.state === 'held' ? added : send(added, prepared.invitation, snapshot);
}

/** A tag that came with the posting stands on the page in Lever, so that "no tag" would be taken for a mistake. */
function whyNoTag({ snapshot, policy }: StageEntryCase, stage: string): [code: ReasonCode, values: Record<string, string>] {
  const [inherited] = assessmentsByTag(snapshot, { ...policy, inheritedTagsCount: true });
  return inherited ? ['not-sent-tag-of-job', { stage, tag: inherited.tag }] : ['not-sent-no-tag', { stage }];
}

/** The assessments that the candidate's tags name; tags handed down by a Lever posting only if an admin switched that on. */
export function assessmentsByTag(snapshot: Snapshot, policy: Policy): Assessment[] {
  const tags = snapshot.tags.filter((tag) => policy.inheritedTagsCount || !tag.inherited);
  const named = policy.assessments.filter((assessment) => tags.some((tag) => sameTag(tag.text, assessment.tag)));
  const live = named.filter((assessment) => !assessment.archived);
  return live.length > 0 ? live : named;
}
