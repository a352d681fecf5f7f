import type { InvitationView } from '../../lib/contract/panel.ts';

export type StepName = 'sent' | 'linkReady' | 'started' | 'submitted' | 'result';

export interface LifeStep {
  name: StepName;
  isDone: boolean;
  /** ISO 8601, where somebody reported it. */
  at: string | null;
}

const OVER = new Set<InvitationView['state']>(['expired', 'cancelled', 'failed', 'undone', 'scored']);
const NOT_OUT_YET = new Set<InvitationView['state']>(['held', 'sending', 'failed', 'unconfirmed', 'undone']);

/**
 * The steps of an invitation that are known, in order. A step that was passed without a report is left out, not
 * guessed; what is over shows no steps to come; where the result is entered by hand nobody reports "started" or "submitted".
 */
export function lifeSteps(invitation: InvitationView): LifeStep[] {
  const isOut = !NOT_OUT_YET.has(invitation.state);
  const steps: LifeStep[] = [
    { name: invitation.handover === 'copy link' ? 'linkReady' : 'sent', isDone: isOut, at: invitation.sentAt },
    { name: 'started', isDone: invitation.startedAt !== null, at: invitation.startedAt },
    { name: 'submitted', isDone: invitation.submittedAt !== null, at: invitation.submittedAt },
    { name: 'result', isDone: invitation.result !== null, at: invitation.result?.reportedAt ?? null },
  ];
  const lastDone = steps.findLastIndex((step) => step.isDone);
  return steps.filter((step, index) => step.isDone || (index > lastDone && canStillCome(step, invitation)));
}

function canStillCome(step: LifeStep, invitation: InvitationView): boolean {
  if (OVER.has(invitation.state)) return false;
  const isReported = !invitation.actions.includes('enter-result');
  return isReported || (step.name !== 'started' && step.name !== 'submitted');
}
