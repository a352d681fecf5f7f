/**
 * Lever Data API v1 over HTTP: `{data}` around every answer, lists by `next`.
 * https://hire.lever.co/developer/documentation#authentication
 */
import { z } from 'zod';
import type { AllowanceRule } from '../../outbound/allowance-rule.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../outbound/http.ts';
import { limitCalls } from '../../outbound/limit-calls.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { RateLimiter } from '../../outbound/rate-limiter.ts';
import { isRefusal } from '../is-refusal.ts';
import { nameMissingRight } from '../name-missing-right.ts';
import type { WriteTarget } from '../port.ts';
import type { LeverCredential } from './credential.ts';
import { leverRightOf } from './right-of.ts';

/** The hosts of all data centres; European accounts are redirected to theirs. */
export const LEVER_HOSTS = ['api.lever.co', 'api.eu.lever.co', 'api.sandbox.lever.co'] as const;

/**
 * Ten calls a second for each API key; bursts to 20 are "when possible" only, and no header tells what is left:
 * https://hire.lever.co/developer/documentation
 *
 * A little below the steady pace, because the clocks of both sides do not run the same; and bursts so small that within any second
 * 18 go out at most, however Lever counts them: two more is what a network that holds calls up and lets them go together may add.
 */
export const LEVER_ALLOWANCE: AllowanceRule = { kind: 'bucket', perSecond: 9.8, burst: 8, spare: 3 };

/** 100 000 rows. A list that goes on beyond is a loop, or too much at once. */
const MAX_PAGES = 1_000;
/** Lever takes files up to 30 MB. */
const UPLOAD_TIMEOUT_MS = 120_000;

export type LeverQuery = NonNullable<HttpRequest['query']>;

export interface LeverClient {
  /** `path` in segments: each is percent-encoded here. */
  get<T>(path: readonly string[], query: LeverQuery, shape: z.ZodType<T>): Promise<CallResult<T>>;
  /** Page after page; ends after the first failure. */
  pages<T>(path: readonly string[], query: LeverQuery, row: z.ZodType<T>): AsyncGenerator<CallResult<T[]>>;
  list<T>(path: readonly string[], query: LeverQuery, row: z.ZodType<T>): Promise<CallResult<T[]>>;
  /** The value is the answer's `data`, unparsed: Lever empties name and e-mails in the answers to writes. */
  write(
    method: 'POST' | 'PUT' | 'DELETE',
    path: readonly string[],
    content: LeverContent,
    actor: LeverActor,
  ): Promise<CallResult<unknown>>;
}

/** Nothing for a DELETE. */
export type LeverContent = Pick<HttpRequest, 'json' | 'file'>;

/** In whose name it is written; without one, the connection's own user. A WriteTarget will do. */
export type LeverActor = Pick<WriteTarget, 'actingUserId'> & {
  /** Theirs or nobody's: a refusal is final. */
  isBinding?: boolean;
};

export interface LeverClientOptions {
  http: HttpClient;
  limiter: RateLimiter;
  apiUrl: string;
  credential: LeverCredential;
  /** The Lever user named as author of writes; empty for none. */
  performAs: string;
  maxPages?: number | undefined;
}

/** Calls one Lever account. No call throws; a refused token is renewed once. */
export function createLeverClient(options: LeverClientOptions): LeverClient {
  const { credential, performAs, maxPages = MAX_PAGES } = options;
  const http = limitCalls(options.http, options.limiter);
  const base = options.apiUrl.replace(/\/+$/, '');

  async function send(path: readonly string[], request: Omit<HttpRequest, 'url'>): Promise<CallResult<HttpAnswer>> {
    if (!path.every(isSegment)) return { ok: false, kind: 'not-found', status: 404, detail: 'That is not an id of Lever.' };
    const url = `${base}/${path.map(encodeURIComponent).join('/')}`;
    const call = async (authorization: string): Promise<CallResult<HttpAnswer>> => {
      const result = await http.request({ ...request, url, headers: { authorization } });
      return nameMissingRight(result, nameOfRight(request.method, path));
    };
    const authorization = await credential.authorization();
    if (!authorization.ok) return authorization;
    const answer = await call(authorization.value);
    // 401 comes before anything is done, so that a write may be repeated too.
    if (answer.ok || answer.kind !== 'unauthorised' || !credential.renew) return answer;
    const renewed = await credential.renew(authorization.value);
    return renewed.ok ? call(renewed.value) : renewed;
  }

  function nameOfRight(method: string, path: readonly string[]): string | null {
    const right = leverRightOf(method, path);
    return right && (credential.rightsAre === 'scopes' ? right.scope : right.box);
  }

  async function get<T>(path: readonly string[], query: LeverQuery, shape: z.ZodType<T>): Promise<CallResult<T>> {
    const answer = await send(path, { method: 'GET', query, write: false });
    return answer.ok ? readAs(unwrap(answer.value.body), shape) : answer;
  }

  async function* pages<T>(path: readonly string[], query: LeverQuery, row: z.ZodType<T>): AsyncGenerator<CallResult<T[]>> {
    let offset: string | undefined;
    for (let page = 0; page < maxPages; page++) {
      const answer = await send(path, { method: 'GET', query: { limit: 100, ...query, offset }, write: false });
      const parsed = answer.ok ? readAs(answer.value.body, pageOf(row)) : answer;
      if (!parsed.ok) return yield parsed;
      yield succeed(parsed.value.data);
      if (parsed.value.next === null) return yield { ok: false, kind: 'unreadable', detail: 'Lever names no next page.' };
      if (!parsed.value.next) return;
      if (parsed.value.next === offset) return yield { ok: false, kind: 'unreadable', detail: 'Lever gave the same page twice.' };
      offset = parsed.value.next;
    }
    yield { ok: false, kind: 'unreadable', detail: 'The list of Lever does not end.', tooMuch: 'list' };
  }

  async function list<T>(path: readonly string[], query: LeverQuery, row: z.ZodType<T>): Promise<CallResult<T[]>> {
    const rows: T[] = [];
    for await (const page of pages(path, query, row)) {
      if (!page.ok) return page;
      rows.push(...page.value);
    }
    return succeed(rows);
  }

  async function write(
    method: 'POST' | 'PUT' | 'DELETE',
    path: readonly string[],
    content: LeverContent,
    actor: LeverActor,
  ): Promise<CallResult<unknown>> {
    const userId = actor.actingUserId || performAs;
    // As query only, never in the body: https://hire.lever.co/developer/documentation
    const query = { perform_as: userId || undefined };
    const timeoutMs = content.file ? UPLOAD_TIMEOUT_MS : undefined;
    const answer = await send(path, { method, query, ...content, write: true, timeoutMs });
    if (answer.ok) return succeed(unwrap(answer.value.body));
    // Refused in the recruiter's name (a user who is gone, a token that may not): once more in the connection's own, so that nothing is
    // lost. A refusal comes before anything is done, and the note names the recruiter in either case.
    return userId !== performAs && !actor.isBinding && isRefusal(answer) ? write(method, path, content, {}) : answer;
  }

  return { get, pages, list, write };
}

/** The URL parser would climb up at dots, whether encoded or not. */
function isSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..';
}

const wrapped = z.object({ data: z.unknown() });

/** Some documented examples lack the wrapper. */
function unwrap(body: unknown): unknown {
  const parsed = wrapped.safeParse(body);
  return parsed.success && parsed.data.data !== undefined ? parsed.data.data : body;
}

/** `next` arrives percent-encoded; it is decoded here because the query encodes it again. */
function pageOf<T>(row: z.ZodType<T>) {
  // With one filter Lever's documentation shows the only row itself instead of a list.
  const rows = z.union([z.array(row), row.transform((only) => [only])]);
  const page = z
    .object({ data: rows, hasNext: z.boolean().nullish(), next: z.string().nullish() })
    // There is more and no way to it: an end would look like all of it, and a note that is further down like none.
    .transform(({ data, hasNext, next }) => ({ data, next: hasNext ? (next ? decode(next) : null) : undefined }));
  // Its examples of files and feedback templates lack the wrapper.
  return z.union([page, rows.transform((data) => ({ data, next: undefined }))]);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded after all: a lone percent sign belongs to the token itself.
    return text;
  }
}

function readAs<T>(body: unknown, shape: z.ZodType<T>): CallResult<T> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return succeed(parsed.data);
  const where = parsed.error.issues.map((issue) => issue.path.join('.') || 'the answer').slice(0, 5);
  return { ok: false, kind: 'unreadable', detail: `Lever's answer has another shape than documented: ${where.join(', ')}` };
}
