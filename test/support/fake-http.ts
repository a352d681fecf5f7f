import type { HttpClient, HttpRequest } from '../../server/outbound/http.ts';
import { type CallContext, toCallResult } from '../../server/outbound/to-call-result.ts';

/** What the other side does: answers (a body that is text goes out as it is), or is gone before or after it got the request. */
export type FakeAnswer =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | 'answer lost'
  | 'answer too large'
  | 'connection refused';

export type FakeRoute = FakeAnswer | ((request: HttpRequest) => FakeAnswer | Promise<FakeAnswer>);

export interface FakeHttp extends HttpClient {
  /** Every request so far, in order. */
  readonly requests: HttpRequest[];
  /** Requests to one route, for example `POST /v3/notes`. */
  sent(route: string): HttpRequest[];
}

/**
 * An HttpClient that answers from a table `METHOD /path` -> answer; a list of answers is used up in order, its last one stays.
 * Outcomes are made by the real rules. A request without a route makes the test fail.
 */
export function createFakeHttp(
  routes: Record<string, FakeRoute | FakeRoute[]>,
  now = new Date('2026-11-21T12:00:00Z'),
): FakeHttp {
  const requests: HttpRequest[] = [];
  const sent = (route: string) => requests.filter((request) => routeOf(request) === route);
  return {
    requests,
    sent,
    async request(request) {
      requests.push(request);
      const route = routeOf(request);
      const answers = [routes[route] ?? []].flat();
      const answer = answers[Math.min(sent(route).length, answers.length) - 1];
      if (answer === undefined) throw new Error(`No answer is prepared for ${route}`);
      const given = typeof answer === 'function' ? await answer(request) : answer;
      if (typeof given === 'object') request.onAnswer?.({ status: given.status, headers: given.headers ?? {} });
      return toResult(given, { write: request.write, answerAs: request.answerAs, now });
    },
  };
}

function routeOf(request: HttpRequest): string {
  return `${request.method} ${new URL(request.url).pathname}`;
}

function toResult(answer: FakeAnswer, context: CallContext) {
  if (answer === 'answer lost') return toCallResult({ kind: 'lost', detail: answer }, context);
  if (answer === 'answer too large') return toCallResult({ kind: 'too-large', detail: answer }, context);
  if (answer === 'connection refused') return toCallResult({ kind: 'not-sent', detail: answer }, context);
  const { status, body, headers = {} } = answer;
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  return toCallResult({ kind: 'answered', answer: { status, headers, bytes: Buffer.from(text) } }, context);
}
