/**
 * What can come of one call to the outside world. The distinction that matters most is between "it surely did not happen"
 * and "it may have happened": only the first may be repeated without looking.
 */
export type CallFailure =
  /** The credential was refused (401), after one fresh token where there are tokens. */
  | { kind: 'unauthorised'; status: number; detail: string }
  /** The credential is good, the right is missing (403). `right`: by the name it has on the other side's own pages. */
  | { kind: 'forbidden'; status: number; detail: string; right?: string }
  /** Not there, or not visible to us (404, 410, empty list). */
  | { kind: 'not-found'; status: number; detail: string }
  /** The other side understood and refuses (400, 409, 422). Repeating the same is useless. */
  | { kind: 'refused'; status: number; detail: string }
  /** 429: surely not done. `inOurQueue`: nobody was asked, because too many calls of our own wait for the allowance. */
  | { kind: 'rate-limited'; retryAfterMs: number; detail: string; inOurQueue?: boolean }
  /** Never reached: no address, connection refused, or 503 that says so. Surely not done. */
  | { kind: 'unreachable'; detail: string }
  /** It may have been done: timeout, reset, 5xx on a write, an answer that cannot be read. */
  | { kind: 'ambiguous'; detail: string }
  /**
   * A read whose answer makes no sense: HTML, wrong shape. `tooMuch`: it is larger than we take, this page or the list with all its pages; asked
   * for less, it may be read.
   */
  | { kind: 'unreadable'; detail: string; tooMuch?: 'page' | 'list' }
  /** Our own settings do not allow the call: a host that is not permitted, a missing credential. */
  | { kind: 'misconfigured'; detail: string };

export type CallResult<T> = { ok: true; value: T } | ({ ok: false } & CallFailure);

export function succeed<T>(value: T): CallResult<T> {
  return { ok: true, value };
}
