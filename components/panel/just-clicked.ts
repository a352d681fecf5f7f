import type { InvitationView } from '../../lib/contract/panel.ts';
import type { ApplicationView, JustClicked } from './panel-commands.ts';

/** Stands for the invitation whose real id is still on its way. */
export const JUST_CLICKED_ID = 'just-clicked';

export interface ShownInvitationsInput {
  view: ApplicationView;
  justClicked: JustClicked | null;
  serverLeadMs: number;
}

/** The view's invitations, led by the one that was clicked a moment ago: its countdown starts before the server has answered. */
export function shownInvitations({ view, justClicked, serverLeadMs }: ShownInvitationsInput): InvitationView[] {
  const choice = view.assessments.find((each) => each.id === justClicked?.assessmentId);
  const isKnown = view.invitations.some((each) => each.assessmentId === choice?.id && each.state === 'held');
  if (!justClicked || !choice || isKnown) return view.invitations;
  const dueAt = new Date(justClicked.dueAtMs + serverLeadMs).toISOString();
  const clicked: InvitationView = {
    id: JUST_CLICKED_ID,
    assessmentId: choice.id,
    assessmentName: choice.name,
    tag: choice.tag,
    vendorName: choice.vendorName,
    kind: choice.kind,
    email: view.emails[0] ?? '',
    attempt: 1,
    state: 'held',
    unverified: false,
    by: { name: '', isYou: true, isRule: false },
    dueAt,
    createdAt: dueAt,
    sentAt: null,
    startedAt: null,
    submittedAt: null,
    closedAt: null,
    expiresAt: null,
    handover: choice.handover,
    trouble: null,
    result: null,
    actions: ['undo'],
  };
  return [clicked, ...view.invitations];
}
