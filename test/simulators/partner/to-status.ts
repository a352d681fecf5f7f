import type { PartnerInterview } from './types.ts';
import { type PartnerWorld, profileUrlOf } from './world.ts';

const WORDS = {
  sent: 'sent',
  started: 'in_progress',
  submitted: 'pending',
  expired: 'incomplete',
  declined: 'incomplete',
  cancelled: 'incomplete',
} as const;

/** The answer to `test_status`: up to four keys, null for what has no value. "complete" is the only defined status. */
export function toStatus(world: PartnerWorld, interview: PartnerInterview): Record<string, unknown> {
  const { settings } = world;
  const { state, score } = interview;
  const isComplete = state === 'complete';
  const isTold = isComplete || (settings.earlyScore && score !== null);
  return {
    partner_status: isComplete ? 'complete' : settings.statuses === 'states' ? WORDS[state] : settings.statuses,
    partner_profile_url: isTold ? profileUrlOf(world, interview) : null,
    partner_score: isTold && settings.scored ? score : null,
    metadata: toMetadata(world, interview),
  };
}

/** Keys as different servers write them, and dates as people do. */
function toMetadata({ settings }: PartnerWorld, { startedAt, completedAt, metadata }: PartnerInterview) {
  if (settings.metadata === 'none') return null;
  const [started, completed] = settings.metadata === 'spaced' ? ['Started At', 'Completed At'] : ['StartedAt', 'CompletedAt'];
  return {
    [started]: startedAt && toFreeText(startedAt),
    [completed]: completedAt && toFreeText(completedAt),
    ...metadata,
  };
}

/** "10:15 AM 26 March 2014" */
function toFreeText(at: Date): string {
  const time = at.toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  const date = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return `${time} ${date}`;
}
