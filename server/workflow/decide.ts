import type { Snapshot } from '../../lib/domain/application.ts';
import { closeApplication, enterStage, noteUndated, remove, vanish, withdrawDeleted } from './answers/application.ts';
import { attach } from './answers/attach.ts';
import { requestChange } from './answers/change.ts';
import { confirmByPerson, request, requestCancel, requestMove, requestTag, retry, undo } from './answers/click.ts';
import { confirmCancelled, confirmSent, dropCancel, effectDone, effectFailed, noteTrouble } from './answers/effect.ts';
import {
  followUpDone,
  followUpFailed,
  requestCorrection,
  requestExtension,
  requestExtraTime,
  requestResend,
} from './answers/follow-up.ts';
import { takeBack } from './answers/take-back.ts';
import type { Effect } from './effect.ts';
import type { Decision, WorkflowEvent } from './event.ts';
import { passTime } from './pass-time.ts';
import type { Policy } from './policy.ts';
import { startLeaving } from './rules/cancel-on-leaving.ts';
import { recordOutcome } from './rules/record-outcome.ts';
import { closeReview, reviewAfterMove } from './rules/review-after-move.ts';
import { tellHooks } from './rules/tell-hooks.ts';
import { tellOutcome } from './rules/tell-outcome.ts';
import { writeBack } from './rules/write-back.ts';
import type { ApplicationState } from './state.ts';
import { because, begin, change, findInvitation, type Step } from './step.ts';
import { takeProgress, takeResult } from './take-report.ts';

/**
 * The one place where it is said what happens. Pure: no clock, no I/O, no chance. The same state, event, policy and time give
 * the same answer, and the answer always has a reason, also when nothing is to be done.
 */
export function decide(
  state: ApplicationState,
  event: WorkflowEvent,
  policy: Policy,
  now: Date,
): { state: ApplicationState; effects: Effect[]; decision: Decision } {
  const seen = event.snapshot ? sawIt(begin(state), event.snapshot) : begin(state);
  const answered = withdrawDeleted(answer(seen, event, policy, now));
  const reviewed = reviewAfterMove(answered, { event, policy, now });
  const written = writeBack(reviewed, { before: state, snapshot: event.snapshot, policy });
  const told = tellOutcome(recordOutcome(written, event.snapshot, policy), { before: state, policy });
  const step = ensureReason(tellHooks(told, { before: state, snapshot: event.snapshot, policy, now }));
  return {
    state: step.state,
    effects: step.effects,
    decision: {
      event: event.type,
      raisedBy: 'by' in event ? event.by : null,
      reasons: step.reasons,
      effectKeys: step.effects.map((effect) => effect.key),
      invitationId: aboutWhich(step, event),
      actionId: 'actionId' in event ? event.actionId : null,
    },
  };
}

/** What was touched last; but a send is taken back by what it made itself (take-back.ts), whatever other rules touched after it. */
function aboutWhich(step: Step, event: WorkflowEvent): string | null {
  if (event.type !== 'invitation.requested') return step.invitationId;
  return findInvitation(step.state, event.invitationId)?.id ?? null;
}

/** The ATS shows it: whatever was believed of its absence is over. */
function sawIt(step: Step, snapshot: Snapshot): Step {
  const { vanished, deleted, undatedStage } = step.state;
  const shown = vanished || deleted ? change(step, { vanished: false, deleted: false }) : step;
  return undatedStage === null || undatedStage === snapshot.stage?.id ? shown : change(shown, { undatedStage: null });
}

function answer(step: Step, event: WorkflowEvent, policy: Policy, now: Date): Step {
  switch (event.type) {
    case 'stage.entered':
      return enterStage(step, event, policy, now);
    case 'application.left':
      return startLeaving(step, { how: event.how, policy, now, stage: event.snapshot?.stage?.name ?? '' });
    case 'application.returned':
      return because(change(step, { leaving: null, closed: false }), 'came-back', { stage: event.snapshot?.stage?.name ?? '' });
    case 'application.closed':
      return closeApplication(step, event);
    case 'application.vanished':
      return vanish(step, now);
    case 'application.deleted':
      return remove(step, event.ats, now);
    case 'stage.undated':
      return noteUndated(step, event.stage);
    case 'stage.return-untold':
      return because(step, 'not-sent-return-untold', { stage: event.stage.name ?? '' }, { kind: 'send-now' });
    case 'application.seen-again':
      return because(step, 'visible-again');
    case 'outcome.changed':
      return step;
    case 'invitation.requested':
      return request(step, event, policy, now);
    case 'invitation.attached':
      return attach(step, event, policy, now);
    case 'tag.requested':
      return requestTag(step, event);
    case 'invitation.undone':
      return undo(step, event.invitationId, event.by, now);
    case 'invitation.called-off':
      return because(step, 'send-called-off');
    case 'invitation.taken-back':
      return takeBack(step, event, now);
    case 'cancel.requested':
      return requestCancel(step, event.invitationId, event.by, now);
    case 'retry.requested':
      return retry(step, event, policy, now);
    case 'resend.requested':
      return requestResend(step, event, policy);
    case 'extension.requested':
      return requestExtension(step, event, now);
    case 'extra-time.requested':
      return requestExtraTime(step, event);
    case 'correction.requested':
      return requestCorrection(step, event, policy, now);
    case 'sending.confirmed':
      return confirmByPerson(step, event, policy);
    case 'review.closed':
      return closeReview(step, event);
    case 'move.requested':
      return requestMove(step, event, policy);
    case 'change.requested':
      return requestChange(step, event);
    case 'invitation.sent':
      return confirmSent(step, event);
    case 'invitation.failed':
    case 'invitation.unconfirmed':
      return noteTrouble(step, event, now);
    case 'invitation.cancelled':
      return confirmCancelled(step, event);
    case 'cancel.failed': {
      const code = event.unconfirmed ? 'cancel-unconfirmed' : 'cancel-failed';
      return because({ ...step, invitationId: event.invitationId }, code, event.trouble.values);
    }
    case 'cancel.dropped':
      return dropCancel(step, event);
    case 'effect.done':
      return effectDone(step, event, policy, now);
    case 'effect.failed':
      return effectFailed(step, event, policy, now);
    case 'follow-up.done':
      return followUpDone(step, event);
    case 'follow-up.failed':
      return followUpFailed(step, event);
    case 'progress.reported':
      return takeProgress(step, event, policy, now);
    case 'result.reported':
      return takeResult(step, event, policy, now);
    case 'time.passed':
      return passTime(step, { ...event, policy, now });
  }
}

/** Every decision has a reason; a timer that finds its work already done says so. */
function ensureReason(step: Step): Step {
  return step.reasons.length > 0 ? step : because(step, 'left-nothing-open');
}
