import type { ReasonCode } from '../../../lib/domain/reason.ts';
import type { WorkflowEvent } from '../event.ts';
import { type Policy, stageRoleOf } from '../policy.ts';
import { sendOnStageEntry } from '../rules/send-on-stage-entry.ts';
import { because, change, changeInvitation, type Step } from '../step.ts';

/** A crossing into a stage, decided once. */
export function enterStage(
  step: Step,
  event: Extract<WorkflowEvent, { type: 'stage.entered' }>,
  policy: Policy,
  now: Date,
): Step {
  const { entry, snapshot } = event;
  const noted = change(step, { decidedEntries: [...step.state.decidedEntries, entry.key] });
  const stage = entry.stageName ?? '';
  if (event.echo) return because(noted, 'own-move-echo', { stage });
  const isAssessmentStage = stageRoleOf(policy, { id: entry.stageId, name: entry.stageName }) === 'assessment';
  if (!isAssessmentStage || !snapshot) return because(noted, 'stage-entered', { stage });
  if (snapshot.status === 'archived' || snapshot.status === 'hired')
    return because(noted, 'not-sent-not-active', { status: snapshot.status, assessment: '' });
  return sendOnStageEntry(noted, { ...event, snapshot, policy, now });
}

/** The ATS's record of it ended: archived, rejected or hired. */
export function closeApplication(step: Step, event: Extract<WorkflowEvent, { type: 'application.closed' }>): Step {
  const reason = event.snapshot?.disposition?.reasonName ?? '';
  return because(change(step, { closed: true }), event.status === 'hired' ? 'application-hired' : 'application-archived', {
    reason,
  });
}

/** Not visible is not deleted: nothing more goes out, everything we know stays. */
export function vanish(step: Step, now: Date): Step {
  const stopped = stopHeld(change(step, { vanished: true, tagRecheck: null }), 'not-sent-not-visible', now);
  return because(stopped, 'not-visible', {}, { kind: 'check-again' });
}

/** Nothing more goes out to somebody who asked to be forgotten; what the vendor has already is for a person to decide. */
export function anonymise(step: Step, now: Date): Step {
  return because(stopHeld(change(step, { tagRecheck: null }), 'not-sent-anonymised', now), 'candidate-anonymised');
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
