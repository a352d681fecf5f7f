import type { Invitation } from '../../lib/domain/invitation.ts';
import type { Reason, ReasonCode } from '../../lib/domain/reason.ts';
import type { Effect } from './effect.ts';
import type { ApplicationState } from './state.ts';

/** What one part of a decision comes to: the state after it, what to do outside, and why. Parts are run one after another. */
export interface Step {
  state: ApplicationState;
  effects: Effect[];
  reasons: Reason[];
  invitationId: string | null;
}

export function begin(state: ApplicationState): Step {
  return { state, effects: [], reasons: [], invitationId: null };
}

export function because(step: Step, code: ReasonCode, values: Record<string, string> = {}, mend?: Reason['mend']): Step {
  return { ...step, reasons: [...step.reasons, mend ? { code, values, mend } : { code, values }] };
}

/** Asks for an effect, unless one with its key exists: then it has been asked for before and asking again changes nothing. */
export function ask(step: Step, effect: Effect): Step {
  if (step.state.effectKeys.includes(effect.key)) return step;
  return {
    ...step,
    effects: [...step.effects, effect],
    state: { ...step.state, effectKeys: [...step.state.effectKeys, effect.key] },
  };
}

export function change(step: Step, changes: Partial<ApplicationState>): Step {
  return { ...step, state: { ...step.state, ...changes } };
}

export function findInvitation(state: ApplicationState, id: string): Invitation | undefined {
  return state.invitations.find((invitation) => invitation.id === id);
}

export function changeInvitation(step: Step, id: string, changes: Partial<Invitation>): Step {
  const invitations = step.state.invitations.map((invitation) =>
    invitation.id === id ? { ...invitation, ...changes } : invitation,
  );
  return { ...step, invitationId: id, state: { ...step.state, invitations } };
}

export function addInvitation(step: Step, invitation: Invitation): Step {
  const invitations = [...step.state.invitations, invitation];
  // Somebody wants this person here: whatever leaving went before is over.
  return { ...step, invitationId: invitation.id, state: { ...step.state, invitations, leaving: null } };
}
