import { type CallResult, succeed } from '../../outbound/outcome.ts';

/** That it happened, and nothing of what Lever answered. */
export function done(result: CallResult<unknown>): CallResult<void> {
  return result.ok ? succeed(undefined) : result;
}

/** We looked, and what is there speaks against it: surely not done. */
export function refused(detail: string, status = 409): CallResult<never> {
  return { ok: false, kind: 'refused', status, detail };
}

export function mapped<T, U>(result: CallResult<T>, map: (value: T) => U): CallResult<U> {
  return result.ok ? succeed(map(result.value)) : result;
}
