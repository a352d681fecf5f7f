import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { WorkflowEvent } from '../event.ts';
import { because, findInvitation, type Step } from '../step.ts';
import { undo } from './click.ts';

/** It reached nobody, whoever saw to that. */
const NOT_OUT: readonly Invitation['state'][] = ['undone', 'failed'];

/**
 * A send is taken back by its click. What was held is undone and what never was stays so, both of which is what was wished for; what is
 * on its way, or was more than a send, is said plainly.
 */
export function takeBack(step: Step, { fate, by }: Extract<WorkflowEvent, { type: 'invitation.taken-back' }>, now: Date): Step {
  switch (fate.kind) {
    case 'called-off':
      return because(step, 'already-called-off');
    case 'nothing':
      return because(step, 'undo-not-needed');
    case 'only-tag':
      return because(step, 'not-undone-tag', { tag: fate.tag });
    case 'invitation': {
      const { invitationId, undid } = fate;
      const invitation = findInvitation(step.state, invitationId);
      const isUndone = invitation?.state === 'held' || (invitation?.state === 'undone' && undid);
      if (isUndone) return undo({ ...step, invitationId }, invitationId, by, now);
      const values = { assessment: invitation?.assessmentName ?? '' };
      const isOut = invitation !== undefined && !NOT_OUT.includes(invitation.state);
      return because({ ...step, invitationId }, isOut ? 'not-undone' : 'undo-not-needed', values);
    }
  }
}
