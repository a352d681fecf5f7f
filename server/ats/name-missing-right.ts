import type { CallResult } from '../outbound/outcome.ts';

/**
 * A refusal (403) with the right that the call takes, by the name it has on the ATS's own pages, so that an admin finds the box to
 * tick. Everything else stays as it is. `right`: null where the call belongs to no right that we know.
 */
export function nameMissingRight<T>(result: CallResult<T>, right: string | null): CallResult<T> {
  if (result.ok || result.kind !== 'forbidden' || right === null) return result;
  return { ...result, right, detail: `${result.detail} (permission "${right}")` };
}
