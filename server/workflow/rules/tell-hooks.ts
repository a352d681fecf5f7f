import type { Snapshot } from '../../../lib/domain/application.ts';
import type { HookNews } from '../../../lib/domain/hook-event.ts';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { Policy } from '../policy.ts';
import type { ApplicationState } from '../state.ts';
import { ask, findInvitation, type Step } from '../step.ts';
import { sameOutcome } from './record-outcome.ts';

interface HooksCase {
  before: ApplicationState;
  snapshot: Snapshot | null;
  policy: Pick<Policy, 'hooks'>;
  now: Date;
}

/** Rule: other systems are told what became of an invitation. As in write-back, whatever changed it shows in the record before and after. */
export function tellHooks(step: Step, { before, snapshot, policy, now }: HooksCase): Step {
  const { hooks = [] } = policy;
  const isGone = step.state.deleted || snapshot?.anonymised === true;
  if (hooks.length === 0 || isGone) return step;
  const isOtherOutcome = !sameOutcome(before.outcome, step.state.outcome);
  const at = now.toISOString();
  return step.state.invitations.reduce((soFar, invitation) => {
    const news = [
      ...newsOf(findInvitation(before, invitation.id), invitation),
      // What became of a candidate says something about a test that the candidate got.
      ...(isOtherOutcome && invitation.sentAt !== null
        ? [{ event: 'outcome.changed' as const, outcome: step.state.outcome }]
        : []),
    ];
    return news.reduce((told, one) => tellAll(told, { news: one, invitationId: invitation.id, hooks, at }), soFar);
  }, step);
}

function newsOf(before: Invitation | undefined, { sentAt, startedAt, state, result }: Invitation): HookNews[] {
  const isStarted = state === 'started' && before?.state !== 'started';
  const isStartTold = startedAt !== null && (before?.startedAt ?? null) === null;
  const wasStarted = before !== undefined && (before.state === 'started' || before.startedAt !== null);
  return [
    ...(sentAt !== null && before?.sentAt !== sentAt ? [{ event: 'invitation.sent' as const }] : []),
    ...(!wasStarted && (isStarted || isStartTold) ? [{ event: 'invitation.started' as const }] : []),
    ...(result && result.version !== before?.result?.version
      ? [{ event: 'result.reported' as const, version: result.version }]
      : []),
    ...(state === 'cancelled' && before?.state !== 'cancelled' ? [{ event: 'invitation.cancelled' as const }] : []),
    ...(state === 'expired' && before?.state !== 'expired' ? [{ event: 'invitation.expired' as const }] : []),
  ];
}

interface Told {
  news: HookNews;
  invitationId: string;
  hooks: NonNullable<Policy['hooks']>;
  at: string;
}

function tellAll(step: Step, { news, invitationId, hooks, at }: Told): Step {
  return hooks
    .filter(({ events }) => events.includes(news.event))
    .reduce((soFar, { id: hookId }) => {
      const about = `hook:${hookId}:${news.event}:${invitationId}:`;
      // The same may happen again: sent once more, an outcome that goes back and forth.
      const earlier = soFar.state.effectKeys.filter((key) => key.startsWith(about)).length;
      return ask(soFar, { kind: 'call-hook', key: `${about}${earlier + 1}`, hookId, invitationId, at, news });
    }, step);
}
