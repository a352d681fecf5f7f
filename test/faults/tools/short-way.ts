import type { Clock } from '../../../server/clock.ts';
import { encodeRequest } from '../../../server/outbound/encode-request.ts';
import type { ExchangeResult } from '../../../server/outbound/exchange.ts';
import type { HttpClient, HttpRequest } from '../../../server/outbound/http.ts';
import { toCallResult } from '../../../server/outbound/to-call-result.ts';
import { die, point } from './mortal.ts';

/** What somebody outside was asked by us. */
export interface OutsideCall {
  method: string;
  /** Without the query. */
  path: string;
  /** Origin of the API. */
  origin: string;
  request: HttpRequest;
  body: Buffer | undefined;
}

/**
 * What the weather makes of a call: `lost`: done, and its answer never comes. `fatal`: done, and whoever called is no more. `unreached`: never arrives. `silence`: arrives, is not done, and
 * no answer comes. Otherwise what is answered instead: in place of doing it, or, where it is `done`, instead of the true answer.
 */
export type Weather =
  | 'fair'
  | 'lost'
  | 'fatal'
  | 'unreached'
  | Silence
  | { status: number; headers?: Record<string, string>; text?: string | ((truth: string) => string); done?: boolean };

interface Silence {
  silence: true;
}

type Api = { fetch(request: Request): Response | Promise<Response> };

interface ShortWayParts {
  /** Who answers, by origin. */
  apis: ReadonlyMap<string, Api>;
  clock: Clock;
  weatherOf(call: OutsideCall): Weather;
  /** It was carried out, whatever became of the answer. */
  onAnswered(call: OutsideCall, answer: { status: number; text: string }): void;
}

/**
 * An HttpClient that asks the simulators in this process, without sockets: some hundred times as many calls fit into a second. Before and
 * after each the caller may die.
 */
export function createShortWay({ apis, clock, weatherOf, onAnswered }: ShortWayParts): HttpClient {
  return {
    async request(request) {
      const { address, headers, body } = encodeRequest(request);
      const { origin, pathname: path } = new URL(address);
      const call: OutsideCall = { method: request.method, path, origin, request, body };
      point(`before ${call.method} ${path}`);
      const answered = (result: ExchangeResult) =>
        toCallResult(result, { write: request.write, answerAs: request.answerAs, now: clock.now() });
      const weather = weatherOf(call);
      const api = apis.get(origin);
      if (weather === 'unreached' || !api) return answered({ kind: 'not-sent', detail: 'ECONNREFUSED' });
      if (typeof weather === 'object' && 'silence' in weather)
        return answered({ kind: 'lost', detail: 'no answer within 20000 ms' });
      if (typeof weather === 'object' && !weather.done) return answered(instead(weather, '{}'));
      const { 'content-length': _length, ...kept } = headers;
      const given = { method: call.method, headers: kept, ...(body ? { body: Uint8Array.from(body) } : {}) };
      const answer = await api.fetch(new Request(address, given));
      const bytes = Buffer.from(await answer.arrayBuffer());
      onAnswered(call, { status: answer.status, text: bytes.toString() });
      if (weather === 'fatal') die(`after ${call.method} ${path}`);
      point(`after ${call.method} ${path}`);
      if (typeof weather === 'object') return answered(instead(weather, bytes.toString()));
      if (weather === 'lost') return answered({ kind: 'lost', detail: 'ECONNRESET' });
      const head = Object.fromEntries(answer.headers.entries());
      request.onAnswer?.({ status: answer.status, headers: head });
      return answered({ kind: 'answered', answer: { status: answer.status, headers: head, bytes } });
    },
  };
}

function instead(
  { status, headers = {}, text = '{}' }: Exclude<Extract<Weather, object>, Silence>,
  truth: string,
): ExchangeResult {
  const bytes = Buffer.from(typeof text === 'string' ? text : text(truth));
  return { kind: 'answered', answer: { status, headers, bytes } };
}
