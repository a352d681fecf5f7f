/**
 * Greenhouse Harvest v3 over HTTP: bearer token, lists with cursors, ids in comma lists.
 * https://harvestdocs.greenhouse.io/docs/authentication
 * https://harvestdocs.greenhouse.io/docs/pagination
 */
import type { z } from 'zod';
import type { AllowanceRule } from '../../outbound/allowance-rule.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../outbound/http.ts';
import { limitCalls } from '../../outbound/limit-calls.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { RateLimiter } from '../../outbound/rate-limiter.ts';
import { isRefusal } from '../is-refusal.ts';
import { nameMissingRight } from '../name-missing-right.ts';
import { greenhouseRightOf } from './right-of.ts';
import type { GreenhouseTokens } from './token.ts';

/** All data centres answer at the same two; the token says which one holds the account. */
export const GREENHOUSE_HOSTS = ['harvest.greenhouse.io', 'auth.greenhouse.io'] as const;

export type GreenhouseQuery = Record<string, string | number | boolean>;

export interface GreenhouseClient {
  /** All rows of a list, page after page. */
  list<T>(path: string, query: GreenhouseQuery, row: z.ZodType<T>): Promise<CallResult<T[]>>;
  /** The same, page by page; ends after the first failure. */
  pages<T>(path: string, query: GreenhouseQuery, row: z.ZodType<T>): AsyncGenerator<CallResult<T[]>>;
  /** There are no single reads: ids are asked for in comma lists, at most 50 at a time. */
  listByIds<T>(query: IdQuery, row: z.ZodType<T>): Promise<CallResult<T[]>>;
  /** The answer's body, which is empty for most writes. */
  post(path: string, body: unknown): Promise<CallResult<unknown>>;
  /** The same; what is not named in the body stays, except that collections are replaced as a whole. */
  patch(path: string, body: unknown): Promise<CallResult<unknown>>;
  delete(path: string): Promise<CallResult<unknown>>;
  /**
   * The same account, with writes in the name of this user; null: of the one who acts by default. Reads stay with that one, because
   * only Site Admins may read: https://harvestdocs.greenhouse.io/docs/authentication
   */
  as(userId: string | null | undefined): GreenhouseClient;
}

interface IdQuery {
  path: string;
  /** `ids`, `candidate_ids`, ... */
  parameter: string;
  ids: readonly string[];
  query?: GreenhouseQuery;
}

/** The most that `per_page` takes; every page costs one call of the allowance. */
const PAGE_SIZE = 500;
/** 100 000 rows. A list that goes on beyond is a loop, or too much at once. */
const MAX_PAGES = 200;
/** The most that `ids` and every `*_ids` filter take. */
const MAX_IDS = 50;

/**
 * The allowance is a fixed window of which only the answers tell size and end; the token endpoint has one of its own.
 * https://harvestdocs.greenhouse.io/docs/api-rate-limiting
 */
export const GREENHOUSE_ALLOWANCE: AllowanceRule = { kind: 'window' };

/** Calls one Greenhouse account. No call throws; a refused token is renewed once. */
export function createGreenhouseClient(dependencies: {
  http: HttpClient;
  tokens: GreenhouseTokens;
  limiter: RateLimiter;
  apiUrl: string;
  maxPages?: number | undefined;
}): GreenhouseClient {
  const { tokens, maxPages = MAX_PAGES } = dependencies;
  const http = limitCalls(dependencies.http, dependencies.limiter);
  const base = `${dependencies.apiUrl.replace(/\/+$/, '')}/v3`;

  async function send(
    request: Omit<HttpRequest, 'url'> & { path: string },
    userId: string | null = null,
  ): Promise<CallResult<HttpAnswer>> {
    const { path, ...rest } = request;
    const call = async (token: string): Promise<CallResult<HttpAnswer>> => {
      const answer = await http.request({
        ...rest,
        url: `${base}${path}`,
        headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      });
      return nameMissingRight(answer, greenhouseRightOf(rest.method, path));
    };
    const token = await tokens.get(userId);
    if (!token.ok) return token;
    const answer = await call(token.value);
    // 401 comes before anything is done, so that a write may be repeated too.
    if (answer.ok || answer.kind !== 'unauthorised') return answer;
    return tokens.callAgain({ refused: token.value, userId, call });
  }

  /**
   * In the user's name, or where Greenhouse refuses that, in the name of the one who acts by default: a recruiter may lack the right in
   * Greenhouse, be deactivated, or not see the candidate. That is safe, because a refusal comes before anything is done; and the note
   * names the recruiter in either case.
   */
  async function write(
    request: { method: 'POST' | 'PATCH' | 'DELETE'; path: string; json?: unknown },
    userId: string | null,
  ): Promise<CallResult<unknown>> {
    if (userId) {
      const answer = await send({ ...request, write: true }, userId);
      if (answer.ok || !isRefusal(answer)) return bodyOf(answer);
    }
    return bodyOf(await send({ ...request, write: true }));
  }

  async function* pages<T>(path: string, query: GreenhouseQuery, row: z.ZodType<T>): AsyncGenerator<CallResult<T[]>> {
    let next: GreenhouseQuery = { per_page: PAGE_SIZE, ...query };
    for (let page = 0; page < maxPages; page += 1) {
      const answer = await send({ method: 'GET', path, query: next, write: false });
      const rows = answer.ok ? toRows(path, answer.value.body, row) : answer;
      yield rows;
      if (!rows.ok || !answer.ok) return;
      const cursor = nextCursor(answer.value.headers.link);
      if (cursor === undefined) return;
      if (cursor === null || cursor === next.cursor)
        return yield { ok: false, kind: 'unreadable', detail: `GET ${path}: the list does not lead to its end` };
      // Alone: any other parameter beside a cursor is answered 422.
      next = { cursor };
    }
    yield { ok: false, kind: 'unreadable', detail: `GET ${path}: the list has more than ${maxPages} pages`, tooMuch: 'list' };
  }

  async function list<T>(path: string, query: GreenhouseQuery, row: z.ZodType<T>): Promise<CallResult<T[]>> {
    const all: T[] = [];
    for await (const page of pages(path, query, row)) {
      if (!page.ok) return page;
      all.push(...page.value);
    }
    return succeed(all);
  }

  async function listByIds<T>({ path, parameter, ids, query }: IdQuery, row: z.ZodType<T>): Promise<CallResult<T[]>> {
    const all: T[] = [];
    for (const chunk of chunksOf(ids)) {
      const rows = await list(path, { ...query, [parameter]: chunk.join(',') }, row);
      if (!rows.ok) return rows;
      all.push(...rows.value);
    }
    return succeed(all);
  }

  const actingAs = (userId: string | null): GreenhouseClient => ({
    list,
    pages,
    listByIds,
    post: (path, json) => write({ method: 'POST', path, json }, userId),
    patch: (path, json) => write({ method: 'PATCH', path, json }, userId),
    delete: (path) => write({ method: 'DELETE', path }, userId),
    as: (other) => actingAs(other || null),
  });
  return actingAs(null);
}

/** Ids without repetition, in lists as long as Greenhouse takes them. */
export function chunksOf(ids: readonly string[]): string[][] {
  const distinct = [...new Set(ids)];
  return Array.from({ length: Math.ceil(distinct.length / MAX_IDS) }, (_, index) =>
    distinct.slice(index * MAX_IDS, (index + 1) * MAX_IDS),
  );
}

/** Anything else would be answered 422, as if Greenhouse had refused it; yet it has no such thing. */
export function isGreenhouseId(text: string): boolean {
  return /^\d{1,20}$/.test(text);
}

/**
 * An id as the JSON number that Greenhouse's write calls ask for. Beyond the exact range of a double it is written out digit by digit
 * (`JSON.rawJSON`, in Node since 22; not yet among TypeScript's types).
 */
export function toWireId(id: string): unknown {
  // Not an id at all: Greenhouse says so (422).
  if (!isGreenhouseId(id)) return id;
  const number = Number(id);
  if (Number.isSafeInteger(number)) return number;
  const rawJson: unknown = Reflect.get(JSON, 'rawJSON');
  return typeof rawJson === 'function' ? rawJson(id) : id;
}

function bodyOf(answer: CallResult<HttpAnswer>): CallResult<unknown> {
  return answer.ok ? succeed(answer.value.body) : answer;
}

function toRows<T>(path: string, body: unknown, row: z.ZodType<T>): CallResult<T[]> {
  const rows = row.array().safeParse(body);
  if (rows.success) return succeed(rows.data);
  const issue = rows.error.issues[0];
  return { ok: false, kind: 'unreadable', detail: `GET ${path}: ${issue?.path.join('.') || 'answer'}: ${issue?.message}` };
}

/**
 * The cursor of `Link: <...?cursor=...>; rel="next"`: undefined on the last page, null where there should be one. Only the cursor is
 * taken from the address, so that the token never follows it to another host.
 */
function nextCursor(link: string | undefined): string | null | undefined {
  const address = link?.match(/<([^>]+)>\s*;[^,]*\brel="?next"?/i)?.[1];
  if (address === undefined) return undefined;
  return new URLSearchParams(address.split('?')[1]).get('cursor');
}
