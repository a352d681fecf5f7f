import type { CallFailure } from './outcome.ts';

/**
 * A failure for the log. What the other side wrote may name the candidate and stays in the panel: wherever it answered at all, the status
 * says enough. `answered`: the status of its answer, for the failures that do not carry it themselves (429, 5xx).
 */
export function loggableFailure(
  failure: CallFailure,
  answered?: number,
): { failure: CallFailure['kind']; status?: number; detail?: string } {
  const { kind } = failure;
  const status = 'status' in failure ? failure.status : answered;
  return status === undefined ? { failure: kind, detail: failure.detail } : { failure: kind, status };
}
