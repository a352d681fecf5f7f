import type { Snapshot } from '../../lib/domain/application.ts';
import { sameTag } from '../../lib/domain/assessment.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { Reason } from '../../lib/domain/reason.ts';
import type { Policy } from './policy.ts';
import { reasonAgainst } from './prepare-invitation.ts';
import { ask, because, changeInvitation, type Step } from './step.ts';

/** Each time an invitation is handed to the vendor anew, on a person's word, is an effect of its own. */
export function sendKey(invitation: Invitation, effectKeys: readonly string[]): string {
  const earlier = effectKeys.filter((key) => key.startsWith(`send:${invitation.id}:`)).length;
  return `send:${invitation.id}:${earlier + 1}`;
}

const tagKey = (invitation: Invitation) => `tag:${invitation.id}`;

/**
 * Hands an invitation over: the tag first, so that the ATS shows what is meant even if the vendor hangs; the invitation follows
 * when the tag is there or has finally failed (see afterTag).
 */
export function send(step: Step, invitation: Invitation, snapshot: Snapshot): Step {
  const tagged = snapshot.tags.some((tag) => !tag.inherited && sameTag(tag.text, invitation.tag));
  if (tagged || step.state.effectKeys.includes(tagKey(invitation))) return sendNow(step, invitation);
  return ask(step, { kind: 'add-tag', key: tagKey(invitation), tag: invitation.tag, invitationId: invitation.id });
}

export function sendNow(step: Step, invitation: Invitation): Step {
  return ask(step, { kind: 'send-invitation', key: sendKey(invitation, step.state.effectKeys), invitationId: invitation.id });
}

/**
 * The tag was added, or will not be: now the invitation itself, unless it has been asked for. Waiting for the tag may have taken
 * long, so what speaks for sending is looked at once more.
 */
export function afterTag(step: Step, given: { effectKey: string; snapshot: Snapshot | null; policy: Policy; now: Date }): Step {
  const invitation = step.state.invitations.find((i) => tagKey(i) === given.effectKey && i.state === 'sending');
  if (!invitation || step.state.effectKeys.some((key) => key.startsWith(`send:${invitation.id}:`))) return step;
  const against = reasonAgainst({ ...given, state: step.state, invitation });
  return against
    ? withdraw(step, invitation.id, { reason: against, now: given.now })
    : sendNow({ ...step, invitationId: invitation.id }, invitation);
}

/** It will not go out after all. Nobody was invited, so it counts for nothing; the reason stays to be read. */
export function withdraw(step: Step, invitationId: string, { reason, now }: { reason: Reason; now: Date }): Step {
  const closed = changeInvitation(step, invitationId, { state: 'undone', dueAt: null, closedAt: now.toISOString() });
  return because(closed, reason.code, reason.values, reason.mend);
}
