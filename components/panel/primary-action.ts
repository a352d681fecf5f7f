import type { InvitationView } from '../../lib/contract/panel.ts';
import type { ApplicationView } from './panel-commands.ts';

export type PrimaryAction =
  | { kind: 'undo' | 'send-again' | 'enter-result' | 'copy-link'; invitationId: string }
  | { kind: 'send' }
  | { kind: 'move' }
  | null;

export interface PrimaryActionInput {
  view: ApplicationView;
  /** The cards that are shown, newest first. */
  invitations: InvitationView[];
  isFormOpen: boolean;
}

/** The one thing that the recruiter most likely does next; only its button is loud. */
export function primaryAction({ view, invitations, isFormOpen }: PrimaryActionInput): PrimaryAction {
  const held = invitations.find((each) => each.state === 'held' && each.actions.includes('undo'));
  if (held) return { kind: 'undo', invitationId: held.id };
  // Nothing urges towards sending to somebody who has left; it stays possible.
  if (isFormOpen) return view.status === 'archived' || view.status === 'hired' ? null : { kind: 'send' };
  if (view.moveTarget && invitations.some((each) => each.result?.passed === true)) return { kind: 'move' };
  const next = (['send-again', 'copy-link', 'enter-result'] as const).flatMap((kind) =>
    invitations.filter((each) => fits(kind, each)).map((each) => ({ kind, invitationId: each.id })),
  )[0];
  return next ?? null;
}

function fits(kind: 'send-again' | 'enter-result' | 'copy-link', invitation: InvitationView): boolean {
  if (!invitation.actions.includes(kind)) return false;
  // To an address that was refused, or beside an invitation from outside, it would only be refused once more.
  // For an unconfirmed one neither way is the likelier: the recruiter looks at the vendor first.
  if (kind === 'send-again') return invitation.state === 'failed' && !invitation.isAddressRefused && !invitation.isInvitedOutside;
  if (kind === 'copy-link') return invitation.handover === 'copy link' && invitation.state === 'sent';
  return invitation.result === null && invitation.state !== 'cancelled';
}
