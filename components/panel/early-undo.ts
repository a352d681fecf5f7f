import type { PanelView } from '../../lib/contract/panel.ts';
import type { Answer } from './panel-commands.ts';

/** What has to be done for an "Undo" that was clicked before the send was answered. */
export type WayBack =
  /** It waits in the browser: it must not be sent any more. */
  | { kind: 'discard' }
  | { kind: 'undo'; invitationId: string }
  /** Taken, but not worked on yet: there is no invitation that could be undone. */
  | { kind: 'not-yet' }
  | { kind: 'too-late' }
  /** Nothing was sent, or it is undone already. */
  | { kind: 'none' };

/** What the send's answer leaves to be undone. */
export function wayBack(answer: Answer, assessmentId: string): WayBack {
  if ('refused' in answer) return { kind: answer.refused === 'queued' ? 'discard' : 'none' };
  if (answer.outcome === 'refused') return { kind: 'none' };
  const held = heldByYou(answer.view, assessmentId);
  if (held) return { kind: 'undo', invitationId: held };
  if (answer.outcome === 'pending') return { kind: 'not-yet' };
  return { kind: isUndone(answer.view, assessmentId) ? 'none' : 'too-late' };
}

/** The id of the reader's own invitation to this assessment that has not gone out yet. */
export function heldByYou(view: PanelView | null, assessmentId: string): string | null {
  const own = ownInvitations(view, assessmentId).find(({ state }) => state === 'held');
  return own?.id ?? null;
}

function isUndone(view: PanelView | null, assessmentId: string): boolean {
  const newest = ownInvitations(view, assessmentId).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  return newest?.state === 'undone';
}

function ownInvitations(view: PanelView | null, assessmentId: string) {
  if (view?.kind !== 'application') return [];
  return view.invitations.filter((invitation) => invitation.by.isYou && invitation.assessmentId === assessmentId);
}
