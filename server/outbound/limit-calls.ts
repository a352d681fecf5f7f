import type { HttpAnswer, HttpClient } from './http.ts';
import type { CallResult } from './outcome.ts';
import type { AnswerHead, RateLimiter } from './rate-limiter.ts';

/**
 * The same client, which asks for leave before each call and tells what the answer says about the allowance. `refusedForMs`: for a system
 * that tells of a pause in the body of a good answer; null where it does not.
 */
export function limitCalls(
  http: HttpClient,
  limiter: RateLimiter,
  refusedForMs: (body: unknown) => number | null = () => null,
): HttpClient {
  return {
    async request(request) {
      const leave = await limiter.ask();
      if (!leave.ok) return leave;
      const seen: { head: AnswerHead | null } = { head: null };
      try {
        const result = await http.request({
          ...request,
          onAnswer(head) {
            seen.head = head;
            request.onAnswer?.(head);
          },
        });
        const pauseMs = result.ok ? refusedForMs(result.value.body) : null;
        seen.head = pauseMs === null ? (seen.head ?? headOf(result)) : pausedFor(pauseMs);
        return result;
      } finally {
        leave.value.done(seen.head);
      }
    },
  };
}

/** For a client that does not tell of answers by itself. */
function headOf(result: CallResult<HttpAnswer>): AnswerHead | null {
  if (result.ok) return { status: result.value.status, headers: result.value.headers };
  if (result.kind === 'rate-limited') return pausedFor(result.retryAfterMs);
  return 'status' in result ? { status: result.status, headers: {} } : null;
}

function pausedFor(ms: number): AnswerHead {
  return { status: 429, headers: { 'retry-after': `${ms / 1000}` } };
}
