import type { CallResult } from './outcome.ts';

/** One outgoing call. `write` says that a lost answer must count as "may have happened". */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  /** Repeated keys for arrays. */
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  json?: unknown;
  form?: Record<string, string>;
  write: boolean;
  timeoutMs?: number;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  /** Parsed JSON; undefined for an empty body. */
  body: unknown;
}

/**
 * The one way out. Promises: only https (http for TEST_HOSTS), only allowed addresses, checked after resolving and pinned for the
 * call; no credential follows a redirect to a new host; bodies and times are bounded; nothing throws; every failure says whether
 * the call may have happened.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<CallResult<HttpAnswer>>;
}
