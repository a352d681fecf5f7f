import type { CallFailure } from './outcome.ts';

/**
 * A failure for the log. What the other side wrote about a refusal may name the candidate and stays in the panel; here its status
 * says enough.
 */
export function loggableFailure(failure: CallFailure): { failure: CallFailure['kind']; status?: number; detail?: string } {
  const { kind } = failure;
  return 'status' in failure ? { failure: kind, status: failure.status } : { failure: kind, detail: failure.detail };
}
