import type { Snapshot } from '../../../lib/domain/application.ts';
import type { Invitation, InvitationState, RaisedBy } from '../../../lib/domain/invitation.ts';
import type { ReasonCode } from '../../../lib/domain/reason.ts';
import type { FollowUpKind } from '../effect.ts';
import type { WorkflowEvent } from '../event.ts';
import type { Policy } from '../policy.ts';
import { nameOf, personKey, reasonAgainst } from '../prepare-invitation.ts';
import { send } from '../send.ts';
import { addInvitation, ask, because, changeInvitation, findInvitation, type Step } from '../step.ts';

type Of<Type extends WorkflowEvent['type']> = Extract<WorkflowEvent, { type: Type }>;

/** The same invitation once more to the same address, on a person's word. What speaks against sending speaks against this too. */
export function requestResend(step: Step, event: Of<'resend.requested'>, policy: Policy): Step {
  const found = findIn(step, event, ['sent']);
  if (!found.ok) return because(found.step, 'not-sent-again', found.values);
  const { invitation, values } = found;
  const against = reasonAgainst({ state: step.state, snapshot: event.snapshot, policy, invitation });
  if (against) return because(found.step, against.code, against.values, against.mend);
  const asked = ask(found.step, {
    kind: 'resend-invitation',
    key: `resend:${event.actionId}`,
    invitationId: invitation.id,
    byName: values.by,
  });
  return because(asked, 'resend-requested', values);
}

/** A new deadline. The old one holds until it is known that the new one does. */
export function requestExtension(step: Step, event: Of<'extension.requested'>, now: Date): Step {
  const found = findIn(step, event, ['sent', 'started']);
  if (!found.ok || Date.parse(event.expiresAt) <= now.getTime()) return because(found.step, 'not-extended', found.values);
  const asked = ask(found.step, {
    kind: 'extend-invitation',
    key: `extend:${event.actionId}`,
    invitationId: found.invitation.id,
    byName: found.values.by,
    expiresAt: event.expiresAt,
  });
  return because(asked, 'extension-requested', { ...found.values, until: dayOf(event.expiresAt) });
}

/** Everybody who sees the candidate reads this, so it says no more than that something was set. */
export function requestExtraTime(step: Step, event: Of<'extra-time.requested'>): Step {
  const { invitationId, by } = event;
  if (invitationId === null) return because(step, 'settings-changed-ahead', { by: nameOf(by) });
  const found = findIn(step, { invitationId, by }, ['sent', 'started']);
  if (!found.ok) return because(found.step, 'not-set', found.values);
  const asked = ask(found.step, {
    kind: 'give-extra-time',
    key: `extra-time:${event.actionId}`,
    invitationId: found.invitation.id,
    byName: found.values.by,
  });
  return because(asked, 'settings-changed', found.values);
}

/**
 * The address was wrong: the invitation to it ends, and the same attempt goes to the right one as an invitation of its own, because for
 * the vendor it is another person. Whoever has begun has the right address.
 */
export function requestCorrection(step: Step, event: Of<'correction.requested'>, policy: Policy, now: Date): Step {
  const found = findIn(step, event, ['sent', 'unconfirmed', 'failed']);
  if (!found.ok) return because(found.step, 'not-corrected', found.values);
  const { invitation: wrong } = found;
  const email = event.email.trim();
  const values = { ...found.values, email, before: wrong.email };
  if (personKey(email) === wrong.person) return because(found.step, 'not-corrected-same', values);
  return sendInstead(found.step, { ...event, wrong, email, reason: 'correction-requested' }, policy, now);
}

/** The same attempt to another address, in the place of the one that is wrong. */
export function sendInstead(
  step: Step,
  given: {
    wrong: Invitation;
    email: string;
    by: RaisedBy;
    freshId: string;
    snapshot: Snapshot | null;
    reason: 'correction-requested' | 'retry-corrected';
  },
  policy: Policy,
  now: Date,
): Step {
  const { wrong, email, snapshot } = given;
  const values = { assessment: wrong.assessmentName, by: nameOf(given.by), email, before: wrong.email };
  const isChosen = !snapshot?.emails.some((known) => personKey(known) === personKey(email));
  const right = toCorrected(wrong, { id: given.freshId, email, isChosen, raisedBy: given.by, now });
  const ended = endWrong(step, wrong, now);
  const against = reasonAgainst({ state: ended.state, snapshot, policy, invitation: right });
  if (against || !snapshot) return because(step, against?.code ?? 'not-sent-not-visible', against?.values, against?.mend);
  const told = because(addInvitation(ended, right), given.reason, values);
  return { ...send(told, right, snapshot), invitationId: right.id };
}

/** What surely reached nobody is as if it had not been; what may have is taken back at the vendor. */
function endWrong(step: Step, { id, state }: Invitation, now: Date): Step {
  const closedAt = now.toISOString();
  if (state === 'failed') return changeInvitation(step, id, { state: 'undone', closedAt });
  const closed = changeInvitation(step, id, { state: 'cancelled', closedAt, trouble: null });
  return ask(closed, { kind: 'cancel-invitation', key: `cancel:${id}:corrected`, invitationId: id, replaced: true });
}

function toCorrected(
  wrong: Invitation,
  { id, email, isChosen, raisedBy, now }: Pick<Invitation, 'id' | 'email' | 'raisedBy'> & { isChosen: boolean; now: Date },
): Invitation {
  const { addressChosen: _, ...options } = wrong.options;
  return {
    ...wrong,
    id,
    email,
    options: isChosen ? { ...options, addressChosen: true } : options,
    person: personKey(email),
    raisedBy,
    state: 'sending',
    dueAt: null,
    createdAt: now.toISOString(),
    sentAt: null,
    startedAt: null,
    submittedAt: null,
    closedAt: null,
    expiresAt: null,
    externalId: null,
    unverified: false,
    trouble: null,
    result: null,
    remindedAt: [],
    review: null,
    version: 0,
  };
}

const DONE: Record<FollowUpKind, ReasonCode> = {
  'resend-invitation': 'resend-done',
  'extend-invitation': 'extension-done',
  'give-extra-time': 'settings-taken',
  'remind-candidate': 'reminder-sent',
};

/** `values.skipped`: there was nothing to do any more, or nothing that the vendor could be told. */
export function followUpDone(step: Step, event: Of<'follow-up.done'>): Step {
  const invitation = findInvitation(step.state, event.invitationId);
  const about = { ...step, invitationId: event.invitationId };
  const values = { ...event.values, assessment: invitation?.assessmentName ?? '', email: invitation?.email ?? '' };
  if (!invitation) return because(about, 'late-report-dropped', values);
  if (event.values.skipped)
    return because(about, event.effect === 'remind-candidate' ? 'reminder-skipped' : 'settings-kept', values);
  if (event.effect === 'remind-candidate') {
    const remindedAt = [...(invitation.remindedAt ?? []), event.at];
    return because(changeInvitation(step, invitation.id, { remindedAt }), 'reminder-sent', values);
  }
  if (event.effect !== 'extend-invitation') return because(about, DONE[event.effect], values);
  const waits = invitation.state === 'sent' || invitation.state === 'started';
  // It ran out or ended while the vendor was asked: a deadline alone opens nothing again.
  if (!waits || !event.expiresAt) return because(about, 'not-extended', { ...values, state: invitation.state });
  const extended = changeInvitation(step, invitation.id, { expiresAt: event.expiresAt });
  return because(extended, 'extension-done', { ...values, until: dayOf(event.expiresAt) });
}

const FAILED: Record<FollowUpKind, { failed: ReasonCode; unconfirmed: ReasonCode }> = {
  'resend-invitation': { failed: 'resend-failed', unconfirmed: 'resend-unconfirmed' },
  'extend-invitation': { failed: 'extension-failed', unconfirmed: 'extension-unconfirmed' },
  'give-extra-time': { failed: 'settings-failed', unconfirmed: 'settings-unconfirmed' },
  'remind-candidate': { failed: 'reminder-failed', unconfirmed: 'reminder-unconfirmed' },
};

/** A second e-mail is never sent by itself because of a lost answer. */
export function followUpFailed(step: Step, { effect, invitationId, unconfirmed, values }: Of<'follow-up.failed'>): Step {
  const invitation = findInvitation(step.state, invitationId);
  const all = { ...values, assessment: invitation?.assessmentName ?? '', email: invitation?.email ?? '' };
  return because({ ...step, invitationId }, FAILED[effect][unconfirmed ? 'unconfirmed' : 'failed'], all);
}

function findIn(step: Step, event: { invitationId: string; by: Invitation['raisedBy'] }, states: InvitationState[]) {
  const invitation = findInvitation(step.state, event.invitationId);
  const about = { ...step, invitationId: event.invitationId };
  const values = { assessment: invitation?.assessmentName ?? '', by: nameOf(event.by), state: invitation?.state ?? 'gone' };
  return invitation && states.includes(invitation.state)
    ? { ok: true as const, step: about, invitation, values }
    : { ok: false as const, step: about, values };
}

/** The same day that our e-mails name. */
function dayOf(iso: string): string {
  return iso.slice(0, 10);
}
