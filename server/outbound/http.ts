import { type Clock, systemClock } from '../clock.ts';
import { type Resolve, systemResolve } from './checked-lookup.ts';
import type { FilePart } from './encode-multipart.ts';
import { encodeRequest, OWN_HEADERS } from './encode-request.ts';
import { type Agents, createAgents, type ExchangeResult, exchange } from './exchange.ts';
import { loggableFailure } from './loggable-failure.ts';
import { loggablePath } from './loggable-path.ts';
import type { CallResult } from './outcome.ts';
import type { AnswerHead } from './rate-limiter.ts';
import { checkTarget, type Target, type TargetCheck, type TargetRules } from './target.ts';
import { toCallResult } from './to-call-result.ts';
import { mayWrite, NOT_OURS_ANY_MORE } from './write-guard.ts';

/** One outgoing call. `write` says that a lost answer must count as "may have happened". */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  /** Repeated keys for arrays. */
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  json?: unknown;
  form?: Record<string, string>;
  /** One file as multipart/form-data, under the name of its part. */
  file?: FilePart;
  write: boolean;
  /** `bytes`: a 2xx answer's body comes as it is, for files. */
  answerAs?: 'json' | 'bytes';
  timeoutMs?: number;
  /** Told of every answer, also of those that come out as failures; of a redirect that is followed only the last. */
  onAnswer?: (head: AnswerHead) => void;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  /** Parsed JSON; undefined for an empty body. A `Buffer` where bytes were asked for. */
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

/** The part of our logger that is used here. Neither query (may hold an e-mail) nor headers nor bodies are ever logged. */
export interface OutboundLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface HttpClientOptions extends TargetRules {
  log: OutboundLog;
  /** Name resolution; the system's by default. */
  lookup?: Resolve;
  clock?: Clock;
  /** Milliseconds that only ever grow. */
  steadyMs?: () => number;
  /**
   * For the whole call, redirects included. Connecting may take 5 s of it. What is asked before each write (write-guard.ts) takes nothing of it,
   * and comes on top, four times at most.
   */
  defaultTimeoutMs?: number;
}

/** Generous for an API, short enough that a hanging host does not hold a worker for long. */
const DEFAULT_TIMEOUT_MS = 20_000;
const MAX_REDIRECTS = 3;

/**
 * Makes the client of one connection: every host in `allowedHosts` is one that may see this connection's credential.
 *
 * Built on node:https and not on ofetch: fetch resolves names by itself, and without undici (not ours to depend on) no
 * resolver can be given to it, so the address that was checked need not be the one that is called. ofetch also repeats and
 * throws by itself, which "never twice" forbids.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const means: Means = {
    ...options,
    clock: options.clock ?? systemClock,
    steadyMs: options.steadyMs ?? (() => performance.now()),
    lookup: options.lookup ?? systemResolve,
    agents: createAgents(),
  };
  return {
    async request(request) {
      const startedAt = performance.now();
      let answered: number | undefined;
      const onAnswer = (head: AnswerHead) => {
        answered = head.status;
        request.onAnswer?.(head);
      };
      const result = await follow({ ...request, onAnswer }, means);
      logCall(options.log, request, { result, answered, tookMs: Math.round(performance.now() - startedAt) });
      return result;
    },
  };
}

type Means = HttpClientOptions & Required<Pick<HttpClientOptions, 'clock' | 'steadyMs' | 'lookup'>> & { agents: Agents };

async function follow(request: HttpRequest, means: Means): Promise<CallResult<HttpAnswer>> {
  let deadline = means.steadyMs() + (request.timeoutMs ?? means.defaultTimeoutMs ?? DEFAULT_TIMEOUT_MS);
  const { address, headers, body } = encodeRequest(request);
  let check = checkTarget(address, means);
  let sentHeaders = headers;
  for (let hop = 0; ; hop++) {
    if (!check.ok) return { ok: false, kind: 'misconfigured', detail: check.detail };
    // Also of one that is sent on: what was said before the first hop was said for a write that leaves within seconds.
    if (request.write) {
      const askedAt = means.steadyMs();
      if (!(await mayWrite())) return NOT_OURS_ANY_MORE;
      // Else a slow store would leave the receiver so little time that it is cut off after it took the write, and gets it twice.
      deadline += means.steadyMs() - askedAt;
    }
    // Of a write that was sent on after its time nothing leaves.
    const timeoutMs = Math.max(Math.round(deadline - means.steadyMs()), 0);
    const { method, write } = request;
    const { target }: { target: Target } = check;
    const result = await exchange({
      method,
      write,
      target,
      headers: sentHeaders,
      body,
      timeoutMs,
      resolve: means.lookup,
      steadyMs: means.steadyMs,
      agents: means.agents,
    });
    const next = redirectOf(result, request, target);
    if (!next || hop === MAX_REDIRECTS) {
      if (result.kind === 'answered') request.onAnswer?.({ status: result.answer.status, headers: result.answer.headers });
      return toCallResult(result, { write, answerAs: request.answerAs, now: means.clock.now() });
    }
    check = checkTarget(next, means);
    if (!mayKeepCredential(target, check)) {
      // Neither the credential nor what we say about a candidate goes to a host that the connection did not name.
      if (body || write) return toCallResult(result, { write, now: means.clock.now() });
      sentHeaders = OWN_HEADERS;
    }
  }
}

/**
 * Where to go on. GETs follow any redirect; others repeat the same method and body where the code says that nothing was done
 * here (301, 307, 308) and the host is a named one (see mayKeepCredential): Lever sends the calls of European accounts on to
 * api.eu.lever.co and documents 301 (https://hire.lever.co/developer/documentation). 302 and 303 may follow a write that was done.
 */
function redirectOf(result: ExchangeResult, request: HttpRequest, from: Target): string | undefined {
  if (result.kind !== 'answered') return undefined;
  const { status, headers } = result.answer;
  const followed = request.method === 'GET' ? [301, 302, 303, 307, 308] : [301, 307, 308];
  if (!followed.includes(status) || !headers.location) return undefined;
  return URL.canParse(headers.location, from.url) ? new URL(headers.location, from.url).href : undefined;
}

function mayKeepCredential(from: Target, to: TargetCheck): boolean {
  return to.ok && (to.target.host === from.host || (from.isNamed && to.target.isNamed));
}

interface EndedRequest {
  result: CallResult<HttpAnswer>;
  answered: number | undefined;
  tookMs: number;
}

function logCall(log: OutboundLog, request: HttpRequest, { result, answered, tookMs }: EndedRequest): void {
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
  const fields = { method: request.method, host: url?.host, path: url && loggablePath(url.pathname), tookMs };
  if (result.ok) log.debug({ ...fields, status: result.value.status }, 'call answered');
  else log.warn({ ...fields, ...loggableFailure(result, answered) }, 'call failed');
}
