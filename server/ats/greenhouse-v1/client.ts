/**
 * Greenhouse Harvest v1 over HTTP, which Greenhouse itself switched off on 2026-08-31: Basic auth, single reads, numbered pages.
 * https://developers.greenhouse.io/harvest.html#authentication
 * https://developers.greenhouse.io/harvest.html#pagination
 */
import type { z } from 'zod';
import type { AllowanceRule } from '../../outbound/allowance-rule.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../outbound/http.ts';
import { limitCalls } from '../../outbound/limit-calls.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { RateLimiter } from '../../outbound/rate-limiter.ts';
import { isRefusal } from '../is-refusal.ts';
import { nameMissingRight } from '../name-missing-right.ts';

export type GreenhouseV1Query = Record<string, string | number | boolean>;

/** Where to, and the check box of the key that allows it, as Greenhouse's page of permissions names it. */
export interface GreenhouseV1Place {
  path: string;
  right: string;
}

export interface GreenhouseV1Client {
  get<T>(place: GreenhouseV1Place, shape: z.ZodType<T>): Promise<CallResult<T>>;
  /** All rows of a list, page after page. */
  list<T>(place: GreenhouseV1Place, query: GreenhouseV1Query, row: z.ZodType<T>): Promise<CallResult<T[]>>;
  /** The same, page by page; ends after the first failure. */
  pages<T>(place: GreenhouseV1Place, query: GreenhouseV1Query, row: z.ZodType<T>): AsyncGenerator<CallResult<T[]>>;
  /** In the name of the acting user; a body that has to name that user once more is a function. */
  write(method: 'POST' | 'PATCH', place: GreenhouseV1Place, body: GreenhouseV1Body): Promise<CallResult<void>>;
  /** The same account, with writes in the name of this user; null: of the one whom the connection names. */
  as(userId: string | null | undefined): GreenhouseV1Client;
}

export type GreenhouseV1Body = object | ((userId: string) => object);

/** The most that `per_page` takes; every page costs one call of the allowance. */
const PAGE_SIZE = 500;
/** 100 000 rows. A list that goes on beyond is a loop or nothing that we could use. */
const MAX_PAGES = 200;

/** A window of ten seconds, told in the same headers as v3's: https://developers.greenhouse.io/harvest.html#throttling */
export const GREENHOUSE_V1_ALLOWANCE: AllowanceRule = { kind: 'window' };

/** Calls one account with one key. No call throws. */
export function createGreenhouseV1Client(dependencies: {
  http: HttpClient;
  limiter: RateLimiter;
  apiUrl: string;
  apiKey: string;
  /** Greenhouse user id; v1 refuses a write that names nobody. */
  onBehalfOf: string;
}): GreenhouseV1Client {
  const { apiKey, onBehalfOf } = dependencies;
  const http = limitCalls(dependencies.http, dependencies.limiter);
  const base = `${dependencies.apiUrl.replace(/\/+$/, '')}/v1`;
  // The key is the user name, the password stays blank.
  const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;

  async function send(
    { path, right }: GreenhouseV1Place,
    rest: Omit<HttpRequest, 'url'>,
    userId = onBehalfOf,
  ): Promise<CallResult<HttpAnswer>> {
    const headers = { authorization, accept: 'application/json', ...(rest.write ? { 'on-behalf-of': userId } : {}) };
    const answer = await http.request({ ...rest, url: `${base}${path}`, headers });
    // Keys have one check box for each call, so the missing one can be named.
    return nameMissingRight(answer, right);
  }

  async function get<T>(place: GreenhouseV1Place, shape: z.ZodType<T>): Promise<CallResult<T>> {
    const answer = await send(place, { method: 'GET', write: false });
    return answer.ok ? parse(place.path, answer.value.body, shape) : answer;
  }

  async function* pages<T>(
    place: GreenhouseV1Place,
    query: GreenhouseV1Query,
    row: z.ZodType<T>,
  ): AsyncGenerator<CallResult<T[]>> {
    let page = 1;
    for (let count = 0; count < MAX_PAGES; count += 1) {
      // Without counting all rows first: the number of the last page is of no use to us.
      const numbered = { per_page: PAGE_SIZE, skip_count: true, ...query, page };
      const answer = await send(place, { method: 'GET', query: numbered, write: false });
      const rows = answer.ok ? parse(place.path, answer.value.body, row.array()) : answer;
      yield rows;
      if (!rows.ok || !answer.ok) return;
      const next = nextPage(answer.value.headers.link);
      if (next === undefined) return;
      if (next === null || next <= page) break;
      page = next;
    }
    yield { ok: false, kind: 'unreadable', detail: `GET ${place.path}: the list does not lead to its end` };
  }

  async function list<T>(place: GreenhouseV1Place, query: GreenhouseV1Query, row: z.ZodType<T>): Promise<CallResult<T[]>> {
    const all: T[] = [];
    for await (const page of pages(place, query, row)) {
      if (!page.ok) return page;
      all.push(...page.value);
    }
    return succeed(all);
  }

  /** As in v3: what is refused to the user is done by the connection's own; a refusal comes before anything is done. */
  async function write(
    userId: string,
    { method, place, body }: { method: 'POST' | 'PATCH'; place: GreenhouseV1Place; body: GreenhouseV1Body },
  ): Promise<CallResult<void>> {
    const json = typeof body === 'function' ? body(userId) : body;
    const answer = await send(place, { method, json, write: true }, userId);
    if (answer.ok) return succeed(undefined);
    return userId !== onBehalfOf && isRefusal(answer) ? write(onBehalfOf, { method, place, body }) : answer;
  }

  const actingAs = (userId: string): GreenhouseV1Client => ({
    get,
    list,
    pages,
    write: (method, place, body) => write(userId, { method, place, body }),
    as: (other) => actingAs(other || onBehalfOf),
  });
  return actingAs(onBehalfOf);
}

function parse<T>(path: string, body: unknown, shape: z.ZodType<T>): CallResult<T> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return succeed(parsed.data);
  const issue = parsed.error.issues[0];
  return { ok: false, kind: 'unreadable', detail: `GET ${path}: ${issue?.path.join('.') || 'answer'}: ${issue?.message}` };
}

/**
 * The page of `Link: <...?page=2&per_page=500>; rel="next"`: undefined on the last page, null where it names none. Only the number is
 * taken from the address, so that the key never follows it to another host.
 */
function nextPage(link: string | undefined): number | null | undefined {
  const address = link?.match(/<([^>]+)>\s*;[^,]*\brel="?next"?/i)?.[1];
  if (address === undefined) return undefined;
  const page = new URLSearchParams(address.split('?')[1]).get('page');
  return page !== null && /^\d{1,6}$/.test(page) ? Number(page) : null;
}
