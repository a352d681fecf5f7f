import { sameTag } from '../../../lib/domain/assessment.ts';
import type { Invitation, RaisedBy } from '../../../lib/domain/invitation.ts';
import type { WorkflowEvent } from '../event.ts';
import { ownDeadline } from '../own-deadline.ts';
import { type Policy, stageRoleOf } from '../policy.ts';
import { correctedAddress, nameOf, prepareInvitation, reasonAgainst } from '../prepare-invitation.ts';
import { send, sendNow } from '../send.ts';
import { addInvitation, ask, because, change, changeInvitation, findInvitation, type Step } from '../step.ts';
import { askForSentNote } from '../take-report.ts';
import { visitOf } from '../visit.ts';
import { sendInstead } from './follow-up.ts';

/** Somebody wants this person to take an assessment. */
export function request(
  step: Step,
  event: Extract<WorkflowEvent, { type: 'invitation.requested' }>,
  policy: Policy,
  now: Date,
): Step {
  const assessment = policy.assessments.find((candidate) => candidate.id === event.assessmentId);
  if (!assessment)
    return because(step, 'not-sent-assessment-gone', { assessment: '' }, { kind: 'open-settings', section: 'assessments' });
  const prepared = prepareInvitation({
    state: step.state,
    snapshot: event.snapshot,
    policy,
    now,
    wish: {
      id: event.invitationId,
      assessment,
      email: event.email,
      raisedBy: event.by,
      options: event.options,
      retake: event.retake,
      holdSeconds: policy.holdSeconds,
    },
  });
  if (!prepared.ok) return { ...step, reasons: [...step.reasons, prepared.reason] };
  const { invitation } = prepared;
  // A person has taken it in hand: the automatic second look for a tag would only get in the way.
  const added = change(addInvitation(step, invitation), { tagRecheck: null });
  const told = because(added, 'send-requested', {
    assessment: assessment.name,
    by: nameOf(event.by),
    seconds: String(policy.holdSeconds),
  });
  return invitation.state === 'held' || !event.snapshot ? told : send(told, invitation, event.snapshot);
}

/** Only the tag, without an invitation. */
export function requestTag(step: Step, event: Extract<WorkflowEvent, { type: 'tag.requested' }>): Step {
  const has = event.snapshot?.tags.some((tag) => !tag.inherited && sameTag(tag.text, event.tag));
  if (has) return because(step, 'tag-added', { tag: event.tag });
  const asked = ask(step, { kind: 'add-tag', key: `tag:${event.actionId}`, tag: event.tag, invitationId: null });
  return because(asked, 'tag-requested', { tag: event.tag, by: nameOf(event.by) });
}

/** Taken back while it was held. The row itself is changed where the click arrives; this records it. */
export function undo(step: Step, invitationId: string, by: RaisedBy, now: Date): Step {
  const invitation = findInvitation(step.state, invitationId);
  const values = { assessment: invitation?.assessmentName ?? '', by: nameOf(by) };
  if (invitation?.state !== 'held') return because({ ...step, invitationId }, 'send-undone', values);
  return because(
    changeInvitation(step, invitationId, { state: 'undone', dueAt: null, closedAt: now.toISOString() }),
    'send-undone',
    values,
  );
}

/** Taken back after it went out. */
export function requestCancel(step: Step, invitationId: string, by: RaisedBy, now: Date): Step {
  const invitation = findInvitation(step.state, invitationId);
  const values = { assessment: invitation?.assessmentName ?? '', by: nameOf(by) };
  if (invitation?.state === 'held') return undo(step, invitationId, by, now);
  const cancellable: Invitation['state'][] = ['sent', 'started', 'unconfirmed'];
  if (!invitation || !cancellable.includes(invitation.state)) {
    return because({ ...step, invitationId }, 'not-cancelled', { ...values, state: invitation?.state ?? 'gone' });
  }
  const tries = step.state.effectKeys.filter((key) => key.startsWith(`cancel:${invitationId}:`)).length;
  const asked = ask(
    { ...step, invitationId },
    { kind: 'cancel-invitation', key: `cancel:${invitationId}:${tries + 1}`, invitationId },
  );
  return because(asked, 'cancel-requested', values);
}

/**
 * On a person's word only: what is unconfirmed is never sent again by itself. What speaks against sending speaks against this too. What
 * surely reached nobody goes to the address that the ATS has by now.
 */
export function retry(step: Step, event: Extract<WorkflowEvent, { type: 'retry.requested' }>, policy: Policy, now: Date): Step {
  const { invitationId, by, snapshot } = event;
  const invitation = findInvitation(step.state, invitationId);
  if (!invitation || (invitation.state !== 'unconfirmed' && invitation.state !== 'failed')) {
    const values = { assessment: invitation?.assessmentName ?? '', state: invitation?.state ?? 'gone' };
    return because({ ...step, invitationId }, 'not-sent-again', values);
  }
  const email = invitation.state === 'failed' ? correctedAddress(invitation, snapshot) : null;
  if (email !== null)
    return sendInstead({ ...step, invitationId }, { ...event, wrong: invitation, email, reason: 'retry-corrected' }, policy, now);
  const against = reasonAgainst({ state: step.state, snapshot, policy, invitation });
  if (against) return because({ ...step, invitationId }, against.code, against.values, against.mend);
  const reopened = changeInvitation(step, invitationId, { state: 'sending', trouble: null, closedAt: null, raisedBy: by });
  return because(sendNow(reopened, invitation), 'send-requested', { assessment: invitation.assessmentName, by: nameOf(by) });
}

/** From the assessment stage to the one after it, and nowhere else: whoever stands elsewhere by now was moved by somebody else. */
export function requestMove(step: Step, event: Extract<WorkflowEvent, { type: 'move.requested' }>, policy: Policy): Step {
  const { snapshot } = event;
  const values = { stage: event.toStageName ?? '', by: nameOf(event.by), assessment: '' };
  const isThere = snapshot?.status === 'active' && snapshot.stage?.id === event.fromStageId;
  if (!isThere || stageRoleOf(policy, snapshot.stage) !== 'assessment') return because(step, 'not-advanced-left-stage', values);
  if (policy.moveTarget === 'unknown') return because(step, 'not-advanced-stages-unread', values);
  if (policy.moveTarget?.stageId !== event.toStageId)
    return because(step, 'not-advanced-no-target', values, { kind: 'open-settings', section: 'stages' });
  const asked = ask(step, {
    kind: 'move-to-stage',
    key: `move:${event.actionId}`,
    fromStageId: event.fromStageId,
    fromEntryKey: visitOf(snapshot).entryKey,
    toStageId: event.toStageId,
    toStageName: event.toStageName,
    invitationId: null,
  });
  return because(asked, 'move-requested', values);
}

/** A person looked at the vendor's and found it there. From now on it is like any other that went out, with its deadline. */
export function confirmByPerson(step: Step, event: Extract<WorkflowEvent, { type: 'sending.confirmed' }>, policy: Policy): Step {
  const invitation = findInvitation(step.state, event.invitationId);
  const values = { assessment: invitation?.assessmentName ?? '', email: invitation?.email ?? '' };
  if (invitation?.state !== 'unconfirmed')
    return because({ ...step, invitationId: event.invitationId }, 'not-sent-again', {
      ...values,
      state: invitation?.state ?? 'gone',
    });
  const expiresAt = ownDeadline(invitation, event.at, policy);
  const sent = { state: 'sent' as const, sentAt: event.at, expiresAt, trouble: null };
  const changed = changeInvitation(step, invitation.id, sent);
  return because(askForSentNote(changed, { ...invitation, ...sent }), 'invitation-sent', values);
}
