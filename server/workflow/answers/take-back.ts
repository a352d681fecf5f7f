import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { WorkflowEvent } from '../event.ts';
import { nameOf } from '../prepare-invitation.ts';
import type { ApplicationState } from '../state.ts';
import { because, changeInvitation, findInvitation, type Step } from '../step.ts';
import { undo } from './click.ts';

type TakenBack = Extract<WorkflowEvent, { type: 'invitation.taken-back' }>;

/**
 * A send is taken back by its click. What was held is undone, what failed is closed so that nobody sends it again, and what never was stays
 * so: all of that is what was wished for. What is on its way, itself or another in its place, or was more than a send, is said plainly.
 */
export function takeBack(step: Step, event: TakenBack, now: Date): Step {
  const { fate } = event;
  switch (fate.kind) {
    case 'called-off':
      return because(step, 'already-called-off');
    case 'nothing':
      return because(step, 'undo-not-needed');
    case 'only-tag':
      return because(step, 'not-undone-tag', { tag: fate.tag });
    case 'invitation':
      return takeBackInvitation(step, { ...event, fate }, now);
  }
}

function takeBackInvitation(step: Step, { fate, by }: TakenBack & { fate: { kind: 'invitation' } }, now: Date): Step {
  const { invitationId, undid } = fate;
  const sent = findInvitation(step.state, invitationId);
  if (sent?.state === 'undone' && undid) return undo(step, invitationId, by, now);
  const invitation = sent && inItsPlace(step.state, sent);
  const { id = invitationId, assessmentName: assessment = '' } = invitation ?? {};
  switch (invitation?.state) {
    case 'held':
      return undo(step, id, by, now);
    case 'failed': {
      const closed = changeInvitation(step, id, { state: 'undone', closedAt: now.toISOString() });
      return because(closed, 'send-undone', { assessment, by: nameOf(by) });
    }
    case 'undone':
    case undefined:
      return because({ ...step, invitationId: id }, 'undo-not-needed', { assessment });
    default:
      return because({ ...step, invitationId: id }, 'not-undone', { assessment });
  }
}

/**
 * What a person had sent in the place of one that failed, to another address (`sendInstead`), and so on; itself where there is none. One
 * that was replaced otherwise is not undone but cancelled: it may have gone out itself.
 */
function inItsPlace({ invitations }: ApplicationState, sent: Invitation): Invitation {
  return invitations.reduce((last, next) => (hasReplaced(next, last) ? next : last), sent);
}

/** Nothing names the one that was replaced; it was closed in the very moment in which the other was made. */
function hasReplaced(next: Invitation, { state, trouble, closedAt, assessmentId, attempt, person }: Invitation): boolean {
  if (state !== 'undone' || trouble === null || next.createdAt !== closedAt) return false;
  return next.assessmentId === assessmentId && next.attempt === attempt && next.person !== person;
}
