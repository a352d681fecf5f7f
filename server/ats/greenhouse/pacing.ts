/**
 * Greenhouse's allowance is a fixed window whose size only the answers tell: `X-RateLimit-Remaining`, and `X-RateLimit-Reset` in UTC
 * seconds. https://harvestdocs.greenhouse.io/docs/api-rate-limiting
 */
import type { Clock } from '../../clock.ts';
import type { HttpAnswer } from '../../outbound/http.ts';
import type { CallResult } from '../../outbound/outcome.ts';

export interface GreenhousePacing {
  /** How long nothing may be asked; 0 most of the time. */
  pausedForMs(): number;
  /** Learns from an answer. */
  note(answer: CallResult<HttpAnswer>): void;
}

/** Longer than any window; a reset beyond it is a clock that is wrong, theirs or ours. */
const MAX_PAUSE_MS = 120_000;

export function createGreenhousePacing(clock: Clock): GreenhousePacing {
  let pausedUntil = 0;
  const pause = (ms: number) => {
    pausedUntil = Math.max(pausedUntil, clock.now().getTime() + ms);
  };
  return {
    pausedForMs: () => Math.max(pausedUntil - clock.now().getTime(), 0),
    note(answer) {
      if (answer.ok) pause(untilReset(answer.value.headers, clock.now()));
      else if (answer.kind === 'rate-limited') pause(answer.retryAfterMs);
    },
  };
}

function untilReset(headers: Record<string, string>, now: Date): number {
  if (headers['x-ratelimit-remaining'] !== '0') return 0;
  const waitMs = Number(headers['x-ratelimit-reset']) * 1000 - now.getTime();
  return waitMs > 0 && waitMs <= MAX_PAUSE_MS ? waitMs : 0;
}
