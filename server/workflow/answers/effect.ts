import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { ReasonCode } from '../../../lib/domain/reason.ts';
import type { WorkflowEvent } from '../event.ts';
import type { Policy } from '../policy.ts';
import { afterTag } from '../send.ts';
import { because, changeInvitation, findInvitation, type Step } from '../step.ts';
import { askForSentNote } from '../take-report.ts';
import { changeDone, changeFailed } from './change.ts';
import { writeBackDone, writeBackFailed } from './write-back.ts';

/** The vendor, or the mail server, took it. */
export function confirmSent(step: Step, event: Extract<WorkflowEvent, { type: 'invitation.sent' }>): Step {
  const invitation = findInvitation(step.state, event.invitationId);
  const neverAsked: Invitation['state'][] = ['held', 'undone'];
  if (!invitation || neverAsked.includes(invitation.state))
    return because({ ...step, invitationId: event.invitationId }, 'late-report-dropped', { state: 'sent' });
  const waiting = invitation.state === 'sending' || invitation.state === 'unconfirmed';
  const sent = {
    sentAt: event.at,
    externalId: event.externalId ?? invitation.externalId,
    expiresAt: event.expiresAt ?? invitation.expiresAt,
    handover: event.handover,
    trouble: null,
    // The vendor's webhook may be faster than the vendor's answer: progress that is known already stays.
    ...(waiting ? { state: 'sent' as const } : {}),
  };
  const changed = changeInvitation(step, invitation.id, sent);
  const code = sent.handover === 'copy link' ? 'invitation-sent-by-link' : 'invitation-sent';
  return because(askForSentNote(changed, { ...invitation, ...sent }), code, {
    assessment: invitation.assessmentName,
    email: invitation.email,
  });
}

/** It surely did not go out, or nobody can say whether it did. */
export function noteTrouble(
  step: Step,
  event: Extract<WorkflowEvent, { type: 'invitation.failed' | 'invitation.unconfirmed' }>,
  now: Date,
): Step {
  const invitation = findInvitation(step.state, event.invitationId);
  const failed = event.type === 'invitation.failed';
  const code = failed ? 'invitation-failed' : 'invitation-unconfirmed';
  const values = { ...event.trouble.values, assessment: invitation?.assessmentName ?? '' };
  if (invitation?.state !== 'sending')
    return because({ ...step, invitationId: event.invitationId }, 'late-report-dropped', { state: code });
  const changed = changeInvitation(step, event.invitationId, {
    state: failed ? 'failed' : 'unconfirmed',
    trouble: event.trouble,
    // A person may find that it went out; then the vendor is to be asked about this one.
    externalId: event.made?.externalId ?? invitation.externalId,
    expiresAt: event.made?.expiresAt ?? invitation.expiresAt,
    closedAt: failed ? now.toISOString() : null,
  });
  // Sending again comes to the same until an admin has put links in.
  if (event.trouble.values.about === 'links')
    return because(changed, code, values, { kind: 'open-settings', section: 'assessments' });
  // So does it beside one from outside, until that is gone; its own card leads there.
  if (event.trouble.values.about === 'outside') return because(changed, code, values);
  return because(changed, code, values, { kind: 'send-again', invitationId: event.invitationId });
}

/** The vendor no longer waits for it, or cannot be told. */
export function confirmCancelled(
  step: Step,
  { invitationId, at, onlyHere }: Extract<WorkflowEvent, { type: 'invitation.cancelled' }>,
): Step {
  const invitation = findInvitation(step.state, invitationId);
  const values = { assessment: invitation?.assessmentName ?? '' };
  const stillOpen: Invitation['state'][] = ['sent', 'started', 'unconfirmed', 'sending', 'submitted'];
  if (!invitation || !stillOpen.includes(invitation.state))
    return because({ ...step, invitationId }, 'late-report-dropped', { ...values, state: 'cancelled' });
  const changed = changeInvitation(step, invitationId, { state: 'cancelled', closedAt: at });
  return onlyHere
    ? because(changed, 'invitation-cancelled-here', { ...values, vendor: onlyHere })
    : because(changed, 'invitation-cancelled', values);
}

/** It had waited for the vendor, and by then the candidate was back, or somebody had it sent again: it stays as it is. */
export function dropCancel(step: Step, event: Extract<WorkflowEvent, { type: 'cancel.dropped' }>): Step {
  const values = { assessment: findInvitation(step.state, event.invitationId)?.assessmentName ?? '' };
  return because({ ...step, invitationId: event.invitationId }, DROPPED[event.because], values);
}

const DROPPED: Record<Extract<WorkflowEvent, { type: 'cancel.dropped' }>['because'], ReasonCode> = {
  'came-back': 'cancel-dropped-back',
  'left-anew': 'cancel-dropped-anew',
  'sent-again': 'cancel-dropped-again',
};

/** A tag, note or move is in the ATS. */
export function effectDone(step: Step, event: Extract<WorkflowEvent, { type: 'effect.done' }>, policy: Policy, now: Date): Step {
  switch (event.effect) {
    case 'add-tag':
      return afterTag(because(step, 'tag-added', event.values), { ...event, policy, now });
    case 'remove-tag':
      return because(step, 'tag-removed', event.values);
    case 'write-note':
      return because(step, 'note-written', event.values);
    case 'move-to-stage':
      return because(step, 'stage-moved', event.values);
    case 'call-hook':
      return because(step, 'hook-called', event.values);
    case 'tell-outcome':
      return because(step, event.values.word ? 'outcome-told' : 'outcome-kept', event.values);
    case 'write-fields':
    case 'add-link':
    case 'attach-report':
    case 'write-feedback':
      return writeBackDone(step, event.effect, event);
    case 'change-application':
      return changeDone(step, event);
  }
}

/** A tag, note or move is not in the ATS, or nobody can say. */
export function effectFailed(
  step: Step,
  event: Extract<WorkflowEvent, { type: 'effect.failed' }>,
  policy: Policy,
  now: Date,
): Step {
  switch (event.effect) {
    case 'add-tag':
      return afterTag(because(step, event.unconfirmed ? 'tag-unconfirmed' : 'tag-failed', event.values), {
        ...event,
        policy,
        now,
      });
    case 'remove-tag':
      return because(step, event.unconfirmed ? 'tag-removal-unconfirmed' : 'tag-not-removed', event.values);
    case 'write-note':
      return because(step, event.unconfirmed ? 'note-unconfirmed' : 'note-failed', event.values);
    case 'move-to-stage':
      return because(step, event.unconfirmed ? 'stage-move-unconfirmed' : 'stage-move-failed', event.values);
    case 'call-hook':
      return because(step, event.unconfirmed ? 'hook-unconfirmed' : 'hook-failed', event.values);
    case 'tell-outcome':
      return because(step, event.unconfirmed ? 'outcome-unconfirmed' : 'outcome-not-told', event.values);
    case 'write-fields':
    case 'add-link':
    case 'attach-report':
    case 'write-feedback':
      return writeBackFailed(step, event.effect, event);
    case 'change-application':
      return changeFailed(step, event);
  }
}
