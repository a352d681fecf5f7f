import { sameTag } from '../../lib/domain/assessment.ts';
import type { Invitation, RaisedBy } from '../../lib/domain/invitation.ts';
import type { Effect } from './effect.ts';
import type { Decision, WorkflowEvent } from './event.ts';
import { passTime } from './pass-time.ts';
import { type Policy, stageRoleOf } from './policy.ts';
import { nameOf, prepareInvitation, reasonAgainst } from './prepare-invitation.ts';
import { startLeaving } from './rules/cancel-on-leaving.ts';
import { recordOutcome } from './rules/record-outcome.ts';
import { sendOnStageEntry } from './rules/send-on-stage-entry.ts';
import { afterTag, send, sendNow } from './send.ts';
import type { ApplicationState } from './state.ts';
import { addInvitation, ask, because, begin, change, changeInvitation, findInvitation, type Step } from './step.ts';
import { askForSentNote, takeProgress, takeResult } from './take-report.ts';

const DAY_MS = 24 * 60 * 60_000;

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
  const visible = event.snapshot && state.vanished ? change(begin(state), { vanished: false }) : begin(state);
  const step = ensureReason(recordOutcome(answer(visible, event, policy, now), event.snapshot, policy));
  return {
    state: step.state,
    effects: step.effects,
    decision: {
      event: event.type,
      raisedBy: 'by' in event ? event.by : null,
      reasons: step.reasons,
      effectKeys: step.effects.map((effect) => effect.key),
      invitationId: step.invitationId,
      actionId: 'actionId' in event ? event.actionId : null,
    },
  };
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
    case 'application.seen-again':
      return because(step, 'visible-again');
    case 'outcome.changed':
      return step;
    case 'invitation.requested':
      return request(step, event, policy, now);
    case 'tag.requested':
      return requestTag(step, event);
    case 'invitation.undone':
      return undo(step, event.invitationId, event.by, now);
    case 'cancel.requested':
      return requestCancel(step, event.invitationId, event.by, now);
    case 'retry.requested':
      return retry(step, event, policy);
    case 'sending.confirmed':
      return confirmByPerson(step, event, policy);
    case 'move.requested':
      return requestMove(step, event, policy);
    case 'invitation.sent':
      return confirmSent(step, event);
    case 'invitation.failed':
    case 'invitation.unconfirmed':
      return noteTrouble(step, event, now);
    case 'invitation.cancelled':
      return confirmCancelled(step, event.invitationId, event.at);
    case 'cancel.failed':
      return because({ ...step, invitationId: event.invitationId }, 'cancel-failed', event.trouble.values);
    case 'effect.done':
      return effectDone(step, event, policy, now);
    case 'effect.failed':
      return effectFailed(step, event, policy, now);
    case 'progress.reported':
      return takeProgress(step, event, now);
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

function enterStage(step: Step, event: Extract<WorkflowEvent, { type: 'stage.entered' }>, policy: Policy, now: Date): Step {
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

function closeApplication(step: Step, event: Extract<WorkflowEvent, { type: 'application.closed' }>): Step {
  const reason = event.snapshot?.disposition?.reasonName ?? '';
  return because(change(step, { closed: true }), event.status === 'hired' ? 'application-hired' : 'application-archived', {
    reason,
  });
}

/** Not visible is not deleted: nothing more goes out, everything we know stays. */
function vanish(step: Step, now: Date): Step {
  const held = step.state.invitations.filter((invitation) => invitation.state === 'held');
  const stopped = held.reduce(
    (soFar, invitation) =>
      changeInvitation(soFar, invitation.id, {
        state: 'undone',
        dueAt: null,
        closedAt: now.toISOString(),
        trouble: { code: 'not-sent-not-visible', values: { assessment: invitation.assessmentName } },
      }),
    change(step, { vanished: true, tagRecheck: null }),
  );
  return because(stopped, 'not-visible', {}, { kind: 'check-again' });
}

function request(step: Step, event: Extract<WorkflowEvent, { type: 'invitation.requested' }>, policy: Policy, now: Date): Step {
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

function requestTag(step: Step, event: Extract<WorkflowEvent, { type: 'tag.requested' }>): Step {
  const has = event.snapshot?.tags.some((tag) => !tag.inherited && sameTag(tag.text, event.tag));
  if (has) return because(step, 'tag-added', { tag: event.tag });
  const asked = ask(step, { kind: 'add-tag', key: `tag:${event.actionId}`, tag: event.tag, invitationId: null });
  return because(asked, 'tag-requested', { tag: event.tag, by: nameOf(event.by) });
}

function undo(step: Step, invitationId: string, by: RaisedBy, now: Date): Step {
  const invitation = findInvitation(step.state, invitationId);
  const values = { assessment: invitation?.assessmentName ?? '', by: nameOf(by) };
  if (invitation?.state !== 'held') return because({ ...step, invitationId }, 'send-undone', values);
  return because(
    changeInvitation(step, invitationId, { state: 'undone', dueAt: null, closedAt: now.toISOString() }),
    'send-undone',
    values,
  );
}

function requestCancel(step: Step, invitationId: string, by: RaisedBy, now: Date): Step {
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

/** On a person's word only: what is unconfirmed is never sent again by itself. What speaks against sending speaks against this too. */
function retry(step: Step, event: Extract<WorkflowEvent, { type: 'retry.requested' }>, policy: Policy): Step {
  const { invitationId, by, snapshot } = event;
  const invitation = findInvitation(step.state, invitationId);
  if (!invitation || (invitation.state !== 'unconfirmed' && invitation.state !== 'failed')) {
    const values = { assessment: invitation?.assessmentName ?? '', state: invitation?.state ?? 'gone' };
    return because({ ...step, invitationId }, 'not-sent-again', values);
  }
  const against = reasonAgainst({ state: step.state, snapshot, policy, invitation });
  if (against) return because({ ...step, invitationId }, against.code, against.values, against.mend);
  const reopened = changeInvitation(step, invitationId, { state: 'sending', trouble: null, closedAt: null, raisedBy: by });
  return because(sendNow(reopened, invitation), 'send-requested', { assessment: invitation.assessmentName, by: nameOf(by) });
}

/** From the assessment stage to the one after it, and nowhere else: whoever stands elsewhere by now was moved by somebody else. */
function requestMove(step: Step, event: Extract<WorkflowEvent, { type: 'move.requested' }>, policy: Policy): Step {
  const { snapshot } = event;
  const values = { stage: event.toStageName ?? '', by: nameOf(event.by), assessment: '' };
  const isThere = snapshot?.status === 'active' && snapshot.stage?.id === event.fromStageId;
  if (!isThere || stageRoleOf(policy, snapshot.stage) !== 'assessment') return because(step, 'not-advanced-left-stage', values);
  if (policy.moveTarget?.stageId !== event.toStageId)
    return because(step, 'not-advanced-no-target', values, { kind: 'open-settings', section: 'stages' });
  const asked = ask(step, {
    kind: 'move-to-stage',
    key: `move:${event.actionId}`,
    fromStageId: event.fromStageId,
    toStageId: event.toStageId,
    toStageName: event.toStageName,
    invitationId: null,
  });
  return because(asked, 'move-requested', values);
}

/** A person looked at the vendor's and found it there. From now on it is like any other that went out, with its deadline. */
function confirmByPerson(step: Step, event: Extract<WorkflowEvent, { type: 'sending.confirmed' }>, policy: Policy): Step {
  const invitation = findInvitation(step.state, event.invitationId);
  const values = { assessment: invitation?.assessmentName ?? '', email: invitation?.email ?? '' };
  if (invitation?.state !== 'unconfirmed')
    return because({ ...step, invitationId: event.invitationId }, 'not-sent-again', {
      ...values,
      state: invitation?.state ?? 'gone',
    });
  const assessment = policy.assessments.find((candidate) => candidate.id === invitation.assessmentId);
  const days = invitation.options.deadlineDays ?? assessment?.deadlineDays ?? null;
  const deadline = days === null ? null : new Date(Date.parse(event.at) + days * DAY_MS).toISOString();
  const sent = { state: 'sent' as const, sentAt: event.at, expiresAt: invitation.expiresAt ?? deadline, trouble: null };
  const changed = changeInvitation(step, invitation.id, sent);
  return because(askForSentNote(changed, { ...invitation, ...sent }), 'invitation-sent', values);
}

function confirmSent(step: Step, event: Extract<WorkflowEvent, { type: 'invitation.sent' }>): Step {
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

function noteTrouble(
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
    closedAt: failed ? now.toISOString() : null,
  });
  return because(changed, code, values, { kind: 'send-again', invitationId: event.invitationId });
}

function confirmCancelled(step: Step, invitationId: string, at: string): Step {
  const invitation = findInvitation(step.state, invitationId);
  const values = { assessment: invitation?.assessmentName ?? '' };
  const stillOpen: Invitation['state'][] = ['sent', 'started', 'unconfirmed', 'sending', 'submitted'];
  if (!invitation || !stillOpen.includes(invitation.state))
    return because({ ...step, invitationId }, 'late-report-dropped', { ...values, state: 'cancelled' });
  return because(changeInvitation(step, invitationId, { state: 'cancelled', closedAt: at }), 'invitation-cancelled', values);
}

function effectDone(step: Step, event: Extract<WorkflowEvent, { type: 'effect.done' }>, policy: Policy, now: Date): Step {
  switch (event.effect) {
    case 'add-tag':
      return afterTag(because(step, 'tag-added', event.values), { ...event, policy, now });
    case 'remove-tag':
      return because(step, 'tag-removed', event.values);
    case 'write-note':
      return because(step, 'note-written', event.values);
    case 'move-to-stage':
      return because(step, 'stage-moved', event.values);
  }
}

function effectFailed(step: Step, event: Extract<WorkflowEvent, { type: 'effect.failed' }>, policy: Policy, now: Date): Step {
  switch (event.effect) {
    case 'add-tag':
      return afterTag(because(step, 'tag-failed', event.values), { ...event, policy, now });
    case 'remove-tag':
      return because(step, 'tag-not-removed', event.values);
    case 'write-note':
      return because(step, event.unconfirmed ? 'note-unconfirmed' : 'note-failed', event.values);
    case 'move-to-stage':
      return because(step, 'stage-move-failed', event.values);
  }
}
