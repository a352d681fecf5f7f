import type { MiddlewareHandler } from 'hono';
import type { LeverApi, LeverApiEnv } from './api-env.ts';
import { LeverApiError } from './api-error.ts';

/**
 * A token bucket per key, and where it is set, besides, a count of the last second however it is cut. No header tells how much is left
 * or when to come back: none is documented, none was seen.
 */
export function limitRate({ settings, nowMs }: LeverApi): MiddlewareHandler<LeverApiEnv> {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const taken = new Map<string, number[]>();
  return async (c, next) => {
    const limit = settings.rateLimit;
    if (limit) {
      const { secret } = c.get('key');
      const bucket = buckets.get(secret) ?? { tokens: limit.burst, atMs: nowMs() };
      const refilled = bucket.tokens + ((nowMs() - bucket.atMs) / 1000) * limit.perSecond;
      const tokens = Math.min(limit.burst, refilled) - 1;
      buckets.set(secret, { tokens: Math.max(tokens, 0), atMs: nowMs() });
      const lastSecond = [...(taken.get(secret) ?? []).filter((at) => at > nowMs() - 1000), nowMs()];
      taken.set(secret, lastSecond);
      const isTooMany = limit.anySecond !== undefined && lastSecond.length > limit.anySecond;
      if (tokens < 0 || isTooMany) throw new LeverApiError(429, 'TooManyRequestsError', 'Rate limit exceeded');
    }
    await next();
  };
}
