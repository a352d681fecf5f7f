import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ApiErrorBody, ErrorCode } from '../../lib/contract/error.ts';
import { say } from '../say.ts';

const STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  unauthorised: 401,
  forbidden: 403,
  'not-found': 404,
  invalid: 400,
  'too-large': 413,
  'too-many-tries': 429,
  'code-wrong': 403,
  'code-expired': 410,
  'page-moved-on': 409,
  'too-late': 409,
  'already-done': 409,
  'no-connection': 404,
  'connection-off': 409,
  'ats-refused': 502,
  'ats-unavailable': 503,
  'ats-not-visible': 404,
  'unknown-to-ats': 422,
  'vendor-refused': 502,
  'vendor-unavailable': 503,
  'host-not-allowed': 400,
  'store-unavailable': 503,
  'late-click': 409,
  internal: 500,
};

type Details = NonNullable<ApiErrorBody['error']['details']>;

export interface ApiErrorOptions {
  /** Fill the gaps of the code's own sentence. */
  values?: Record<string, string | number>;
  /** A better sentence than the code's own. */
  message?: string;
  details?: Details;
  retryAfterSeconds?: number;
}

/** An answer that is not what was asked for: a code for programs, a sentence for people, a status for HTTP. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: ContentfulStatusCode;
  readonly details: Details | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: ApiErrorOptions = {}) {
    super(options.message ?? say(`error.${code}`, options.values));
    this.name = 'ApiError';
    this.code = code;
    this.status = STATUS[code];
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get body(): ApiErrorBody {
    const { code, message, details } = this;
    return { error: details ? { code, message, details } : { code, message } };
  }
}
