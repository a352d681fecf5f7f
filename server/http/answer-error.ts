import type { ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { loggableError } from '../loggable-error.ts';
import { say } from '../say.ts';
import { isStoreDown } from '../storage/is-store-down.ts';
import { isUnstorable } from '../storage/is-unstorable.ts';
import { UnreadableSecret } from '../storage/seal.ts';
import { ApiError } from './api-error.ts';
import type { AppEnv } from './app-env.ts';

/** Turns whatever was thrown into our one shape of error; what nobody expected is logged and answered as `internal`. */
export function answerError(log: Logger): ErrorHandler<AppEnv> {
  return (thrown, c) => {
    const error = toApiError(thrown);
    if (!(thrown instanceof ApiError) && error.status >= 500) {
      log.error({ error: loggableError(thrown), requestId: c.get('requestId'), code: error.code }, 'request failed');
    }
    if (error.retryAfterSeconds !== undefined) c.header('Retry-After', String(error.retryAfterSeconds));
    // The rest of it is not read: a sender that kept the connection would have its next request fall into that rest.
    if (error.code === 'too-large') c.header('Connection', 'close');
    return c.json(error.body, error.status);
  };
}

/** Which of our errors stands for whatever was thrown. */
export function toApiError(thrown: Error): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (isStoreDown(thrown)) return new ApiError('store-unavailable', { retryAfterSeconds: 5 });
  // Our own sentence of it is for the log; people are told where it is mended.
  if (thrown instanceof UnreadableSecret) return new ApiError('internal', { message: say('server.does-not-open') });
  if (isUnstorable(thrown)) return new ApiError('invalid');
  if (!(thrown instanceof HTTPException)) return new ApiError('internal');
  if (thrown.status === 413) return new ApiError('too-large');
  if (thrown.status === 415) return new ApiError('invalid', { message: say('server.needs-json') });
  if (thrown.status < 500) return new ApiError('invalid', { message: say('server.not-json') });
  return new ApiError('internal');
}
