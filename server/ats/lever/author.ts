import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { LeverActor } from './client.ts';

/**
 * The user in whose name something is written that Lever takes from a user only (files, feedback): the recruiter, else the connection's
 * own. https://hire.lever.co/developer/documentation#perform-as
 */
export function requireAuthor({ actingUserId }: LeverActor, performAs: string): CallResult<LeverActor> {
  const author = actingUserId || performAs;
  if (author) return succeed({ actingUserId: author });
  const detail = 'Lever takes files and feedback from one of its users only: enter the Lever user to act as in the connection.';
  return { ok: false, kind: 'misconfigured', detail };
}
