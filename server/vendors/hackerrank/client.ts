/**
 * HackerRank for Work v3: JSON over https, the key as a bearer (HackerRank API docs, "Authentication"). A 429 is
 * documented, its number is not; 403 is also what a locked account and a plan without the API get.
 */
import { z } from 'zod';
import type { HttpClient, HttpRequest } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';

export interface HackerrankClientOptions {
  http: HttpClient;
  /** For files, which may be kept at another host: without a credential. */
  downloadFrom(host: string): HttpClient;
  apiUrl: string;
  apiKey: string;
}

export interface HackerrankClient {
  /** Parts of the path, each percent-encoded. `misconfigured` for one that would lead elsewhere. */
  call(
    path: readonly string[],
    request: Pick<HttpRequest, 'method' | 'query' | 'json' | 'answerAs'>,
  ): Promise<CallResult<unknown>>;
  /** All rows of a list, page after page. */
  list(path: readonly string[], query?: Record<string, string>): Promise<CallResult<unknown[]>>;
  /** What an address that HackerRank named holds, as bytes; the key does not go there. */
  download(url: string): Promise<CallResult<Uint8Array>>;
}

/** The most that a page may have. */
const PAGE_SIZE = 100;
/** No account has as many tests, and no test as many people of one address: an endless list is cut here. */
const MAX_PAGES = 50;

const pageSchema = z.object({ data: z.array(z.unknown()), next: z.string().nullish().catch(null) });

export function createHackerrankClient({ http, downloadFrom, apiUrl, apiKey }: HackerrankClientOptions): HackerrankClient {
  const base = apiUrl.replace(/\/+$/, '');
  const call: HackerrankClient['call'] = async (path, request) => {
    if (path.some((part) => /^\.*$/.test(part)))
      return { ok: false, kind: 'misconfigured', detail: 'The id is not one of HackerRank.' };
    const url = `${base}/${path.map((part) => encodeURIComponent(part.toWellFormed())).join('/')}`;
    const headers = { Authorization: `Bearer ${apiKey}` };
    const answer = await http.request({ ...request, url, headers, write: request.method !== 'GET' });
    return answer.ok ? succeed(answer.value.body) : answer;
  };
  return {
    call,
    async list(path, query = {}) {
      const rows: unknown[] = [];
      let page: Record<string, string> = { ...query, limit: String(PAGE_SIZE) };
      for (let n = 0; n < MAX_PAGES; n++) {
        const answer = await call(path, { method: 'GET', query: page });
        if (!answer.ok) return answer;
        const read = pageSchema.safeParse(answer.value).data;
        if (!read) return { ok: false, kind: 'unreadable', detail: 'The answer of HackerRank is not a list.' };
        rows.push(...read.data);
        const next = nextOf(read.next, page);
        if (!next) return succeed(rows);
        page = next;
      }
      return succeed(rows);
    },
    async download(url) {
      const host = hostOfFile(url);
      const answer = await downloadFrom(host).request({ method: 'GET', url, write: false, answerAs: 'bytes' });
      if (!answer.ok) return answer;
      const { body } = answer.value;
      return body instanceof Uint8Array
        ? succeed(body)
        : { ok: false, kind: 'unreadable', detail: 'The file could not be read.' };
    },
  };
}

/**
 * Links are to be followed rather than made (HackerRank API docs, "Pagination"): what the link asks for is asked at the
 * address of the connection, so that no answer can send the key somewhere else. A link that leads back is the end.
 */
function nextOf(next: string | null | undefined, page: Record<string, string>): Record<string, string> | undefined {
  if (!next || !URL.canParse(next, 'https://www.hackerrank.com')) return undefined;
  const wanted = Object.fromEntries(new URL(next, 'https://www.hackerrank.com').searchParams);
  const isFurther = Number(wanted.offset) > Number(page.offset ?? 0);
  return isFurther ? { ...page, ...wanted } : undefined;
}

/** Inferred: reports as files are at HackerRank or in the storage service that it uses. Elsewhere nothing is fetched. */
const FILE_HOSTS = ['hackerrank.com', 'amazonaws.com'];

function hostOfFile(url: string): string {
  const { hostname, host } = URL.canParse(url) ? new URL(url) : { hostname: '', host: '' };
  return FILE_HOSTS.some((known) => hostname === known || hostname.endsWith(`.${known}`)) ? host : '';
}
