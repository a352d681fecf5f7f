import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { ReasonCode } from '../../../lib/domain/reason.ts';
import type { WorkflowEvent } from '../event.ts';
import { missingAssessmentStages, type Policy, stageRoleOf } from '../policy.ts';
import { carryOver, sendOnStageEntry } from '../rules/send-on-stage-entry.ts';
import { ask, because, change, changeInvitation, type Step } from '../step.ts';

/** A crossing into a stage, decided once. */
export function enterStage(
  step: Step,
  event: Extract<WorkflowEvent, { type: 'stage.entered' }>,
  policy: Policy,
  now: Date,
): Step {
  const { entry, snapshot } = event;
  const { decidedEntries, derivedEntries } = step.state;
  const noted = change(step, {
    decidedEntries: [...decidedEntries, entry.key],
    ...(entry.derived && { derivedEntries: [...derivedEntries, entry.key] }),
  });
  const stage = entry.stageName ?? '';
  if (event.echo) return because(noted, 'own-move-echo', { stage });
  const isAssessmentStage = stageRoleOf(policy, { id: entry.stageId, name: entry.stageName }) === 'assessment';
  if (!isAssessmentStage || !snapshot) return noteOtherStage(noted, { event, stage, policy });
  if (snapshot.status === 'archived' || snapshot.status === 'hired')
    return because(noted, 'not-sent-not-active', { status: snapshot.status, assessment: '' });
  const carried = event.passed ? noted : carryOver(noted, { entry, snapshot, policy });
  return sendOnStageEntry(carried, { ...event, snapshot, policy, now });
}

/** A stage without a role. Perhaps it is the one that a setting means, under another name: then silence would hide it. */
function noteOtherStage(
  step: Step,
  given: { event: Extract<WorkflowEvent, { type: 'stage.entered' }>; stage: string; policy: Policy },
): Step {
  const { event, stage, policy } = given;
  const hasRole = stageRoleOf(policy, { id: event.entry.stageId, name: event.entry.stageName }) !== null;
  const missing = missingAssessmentStages(policy);
  if (hasRole || event.passed || missing.length === 0) return because(step, 'stage-entered', { stage });
  const values = { stage, detail: missing.join(', ') };
  return because(step, 'not-sent-stage-gone', values, { kind: 'open-settings', section: 'stages' });
}

/** Somebody waits in an assessment stage, but without a time of entry nobody can say whether that was before we began. */
export function noteUndated(step: Step, stage: { id: string; name: string | null }): Step {
  return because(change(step, { undatedStage: stage.id }), 'not-sent-undated', { stage: stage.name ?? '' }, { kind: 'send-now' });
}

/** Deleted in the ATS: nothing more goes out, and what the vendor still waits for is taken back. What we know stays, for admins. */
export function remove(step: Step, ats: string, now: Date): Step {
  const gone = change(step, { vanished: true, deleted: true, tagRecheck: null, leaving: null });
  const told = because(stopHeld(gone, 'not-sent-deleted', now), 'application-deleted', { ats });
  const begun = told.state.invitations.filter(({ state }) => state === 'started' || state === 'submitted');
  return begun.reduce(
    (soFar, { assessmentName: assessment }) => because(soFar, 'left-started-ask', { assessment, how: 'deleted' }),
    told,
  );
}

/** Also what was on its way to the vendor when the deletion came. */
export function withdrawDeleted(step: Step): Step {
  if (!step.state.deleted) return step;
  const waiting = step.state.invitations.filter(({ state }) => state === 'sent' || state === 'unconfirmed');
  return waiting.reduce(takeBack, step);
}

function takeBack(step: Step, { id, assessmentName: assessment }: Invitation): Step {
  const key = `cancel:${id}:deleted`;
  if (step.state.effectKeys.includes(key)) return step;
  const asked = ask({ ...step, invitationId: id }, { kind: 'cancel-invitation', key, invitationId: id });
  return because(asked, 'left-cancelled', { assessment, how: 'deleted' });
}

/** The ATS's record of it ended: archived, rejected or hired. */
export function closeApplication(step: Step, event: Extract<WorkflowEvent, { type: 'application.closed' }>): Step {
  const reason = event.snapshot?.disposition?.reasonName ?? '';
  return because(change(step, { closed: true }), event.status === 'hired' ? 'application-hired' : 'application-archived', {
    reason,
  });
}

/** Not visible is not deleted: nothing more goes out, everything we know stays, also that a tag is to be looked for once more. */
export function vanish(step: Step, now: Date): Step {
  const stopped = stopHeld(change(step, { vanished: true }), 'not-sent-not-visible', now);
  return because(stopped, 'not-visible', {}, { kind: 'check-again' });
}

function stopHeld(step: Step, code: ReasonCode, now: Date): Step {
  const held = step.state.invitations.filter((invitation) => invitation.state === 'held');
  return held.reduce(
    (soFar, invitation) =>
      changeInvitation(soFar, invitation.id, {
        state: 'undone',
        dueAt: null,
        closedAt: now.toISOString(),
        trouble: { code, values: { assessment: invitation.assessmentName } },
      }),
    step,
  );
}
