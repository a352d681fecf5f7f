import { createFetch } from 'ofetch';
import { type ZodType, z } from 'zod';
import { apiErrorSchema, type ErrorCode } from '../contract/error.ts';
import type { Refusal } from '../contract/messages.ts';
import type { Words } from './words.ts';

/** A recruiter waits for reads; a command may have to wait for the ATS. */
const READ_TIMEOUT_MS = 10_000;
const WRITE_TIMEOUT_MS = 20_000;

/** Answers that are handed on as the text they are. */
const FILES = ['text/csv', 'application/x-ndjson'];

/** What a proxy says for a server that is not there. */
const SERVER_AWAY = [502, 503, 504];

export interface ServerFailure {
  code: ErrorCode | 'offline' | 'not-connected' | 'revoked' | 'server-outdated';
  /** A sentence for the recruiter. */
  text: string;
}
export type ServerAnswer<T> = { ok: true; value: T } | { ok: false; failure: ServerFailure };

export interface ServerRequest {
  serverUrl: string;
  token?: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
}

export interface ServerClient {
  /** One call, its answer parsed. Never throws: whatever goes wrong is a failure with a sentence. */
  call<T>(request: ServerRequest, schema: ZodType<T>): Promise<ServerAnswer<T>>;
  /** The same without looking into the answer, for pages that know the admin API themselves. */
  callRaw(request: ServerRequest): Promise<ServerAnswer<{ status: number; body: unknown }>>;
}

/**
 * The only code of the extension that talks to the companion server. The token goes nowhere else: redirects are refused, no
 * cookies, nothing cached. Nothing is repeated here; who repeats a command repeats its action id.
 */
export function createServerClient({ fetch, words }: { fetch: typeof globalThis.fetch; words: Words }): ServerClient {
  const send = createFetch({ fetch });
  const fail = (code: ServerFailure['code'], text = words(`error.${code}`)) => ({ ok: false, failure: { code, text } }) as const;

  async function callRaw({ serverUrl, token, method = 'GET', path, query, body }: ServerRequest) {
    try {
      const response = await send.raw(new URL(path, serverUrl).href, {
        method,
        query,
        body: body === undefined ? undefined : JSON.stringify(body),
        headers: {
          Accept: 'application/json',
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...(token && { Authorization: `Bearer ${token}` }),
        },
        responseType: 'text',
        ignoreResponseError: true,
        retry: 0,
        timeout: method === 'GET' ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS,
        redirect: 'error',
        credentials: 'omit',
        cache: 'no-store',
      });
      const isFile = FILES.some((type) => response.headers.get('content-type')?.startsWith(type));
      return read(response.status, isFile ? response._data : parseJson(response._data), token !== undefined);
    } catch {
      // No answer at all: no network, no server, no permission, too slow. All of it is "cannot be reached" to a recruiter.
      return fail('offline');
    }
  }

  /** Only our server's own word ends a pairing: a proxy's 401 must not wipe anything. */
  function read(status: number, body: unknown, hadToken: boolean): ServerAnswer<{ status: number; body: unknown }> {
    const isOurs = apiErrorSchema.safeParse(body);
    if (hadToken && isOurs.data?.error.code === 'unauthorised') return fail('revoked');
    if (SERVER_AWAY.includes(status) && !isOurs.success) return fail('offline');
    return { ok: true, value: { status, body } };
  }

  async function call<T>(request: ServerRequest, schema: ZodType<T>): Promise<ServerAnswer<T>> {
    const answer = await callRaw(request);
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status >= 200 && status < 300) {
      const parsed = schema.safeParse(body);
      return parsed.success ? { ok: true, value: parsed.data } : fail('server-outdated');
    }
    const { data } = apiErrorSchema.safeParse(body);
    if (data) return fail(data.error.code, data.error.message);
    // A newer server may know codes that we do not; its sentence is still the best one to show.
    const sentence = z.object({ error: z.object({ message: z.string() }) }).safeParse(body).data?.error.message;
    return sentence ? fail('internal', sentence) : fail('server-outdated');
  }

  return { call, callRaw };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text || 'null');
  } catch {
    return undefined;
  }
}

/** A failure as the answer of a message. */
export function toRefusal({ code, text }: ServerFailure): Refusal {
  return { refused: code === 'server-outdated' ? 'internal' : code, message: text };
}
