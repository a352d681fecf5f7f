import type { Invitation } from '../../lib/domain/invitation.ts';
import type { Policy } from './policy.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * Until when, ISO 8601, of one that is known to have gone out while nobody said with which deadline: as many days from then as were asked
 * for, else as its assessment says. Null when that assessment is gone.
 */
export function ownDeadline({ expiresAt, options, assessmentId }: Invitation, sentAt: string, policy: Policy): string | null {
  if (expiresAt !== null) return expiresAt;
  const days = options.deadlineDays ?? policy.assessments.find(({ id }) => id === assessmentId)?.deadlineDays ?? null;
  return days === null ? null : new Date(Date.parse(sentAt) + days * DAY_MS).toISOString();
}
