import type { ApplicationStatus } from '../../../lib/domain/application.ts';

export interface GreenhouseStatus {
  status: ApplicationStatus;
  /** False where nothing may happen by itself: stages that were entered are then nobody's reason to act. */
  isUnderstood: boolean;
}

/**
 * Greenhouse's word for how an application stands. v3 answers `in_process`; `active` is the word of v1, of webhooks and of the filter.
 * `converted` is a prospect that lives on as another application: nothing is to be done with it, and it has not been rejected either.
 *
 * A word that nobody knew when this was written must not hide the candidate from people. They are shown like a prospect, whom nothing
 * is sent to by itself and whom a person may still send something; and nothing is taken back because of it.
 */
export function readStatus({ status, prospect }: { status: string; prospect: boolean | null }): GreenhouseStatus {
  switch (status.trim().toLowerCase()) {
    case 'in_process':
    case 'active':
      return { status: prospect ? 'prospect' : 'active', isUnderstood: true };
    case 'rejected':
      return { status: 'archived', isUnderstood: true };
    case 'hired':
      return { status: 'hired', isUnderstood: true };
    default:
      return { status: 'prospect', isUnderstood: false };
  }
}
