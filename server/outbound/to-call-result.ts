import { errorDetail } from './error-detail.ts';
import type { ExchangeResult, RawAnswer } from './exchange.ts';
import type { HttpAnswer } from './http.ts';
import { type CallFailure, type CallResult, succeed } from './outcome.ts';
import { parseJson } from './parse-json.ts';
import { retryAfterMs } from './retry-after.ts';
import { statusAlone } from './unexplained.ts';

export interface CallContext {
  write: boolean;
  now: Date;
  answerAs?: 'json' | 'bytes' | undefined;
}

/** What came of an exchange, in the words of outcome.ts. Total. */
export function toCallResult(result: ExchangeResult, context: CallContext): CallResult<HttpAnswer> {
  switch (result.kind) {
    case 'answered':
      return fromAnswer(result.answer, context);
    case 'not-sent':
      return fail({ kind: 'unreachable', detail: result.detail });
    case 'lost':
      return fail({ kind: context.write ? 'ambiguous' : 'unreachable', detail: result.detail });
    case 'too-large':
      return context.write
        ? fail({ kind: 'ambiguous', detail: result.detail })
        : fail({ kind: 'unreadable', detail: result.detail, tooMuch: 'page' });
    case 'not-allowed':
      return fail({ kind: 'misconfigured', detail: result.detail });
  }
}

function fromAnswer(answer: RawAnswer, context: CallContext): CallResult<HttpAnswer> {
  const isFine = answer.status >= 200 && answer.status < 300;
  if (isFine && context.answerAs === 'bytes')
    return succeed({ status: answer.status, headers: answer.headers, body: answer.bytes });
  const body = parseBody(answer.bytes);
  if (isFine) {
    if (body.ok) return succeed({ status: answer.status, headers: answer.headers, body: body.value });
    return fail({ kind: context.write ? 'ambiguous' : 'unreadable', detail: `${answer.status} with an answer that is not JSON` });
  }
  return fail(fromStatus(answer, (body.ok && errorDetail(body.value)) || statusAlone(answer.status), context));
}

function parseBody(bytes: Buffer): { ok: true; value: unknown } | { ok: false } {
  const text = bytes.toString('utf8').trim();
  if (text === '') return { ok: true, value: undefined };
  try {
    return { ok: true, value: parseJson(text) };
  } catch {
    return { ok: false };
  }
}

/** Meaning of the codes: https://www.rfc-editor.org/rfc/rfc9110#section-15 */
function fromStatus({ status, headers }: RawAnswer, detail: string, { write, now }: CallContext): CallFailure {
  if (status === 401) return { kind: 'unauthorised', status, detail };
  if (status === 403) return { kind: 'forbidden', status, detail };
  if (status === 404 || status === 410) return { kind: 'not-found', status, detail };
  if (status === 429) return { kind: 'rate-limited', retryAfterMs: retryAfterMs(headers['retry-after'], now), detail };
  // 408: the other side did not get the whole request in time, or so it believes.
  if (status >= 400 && status < 500 && status !== 408) return { kind: 'refused', status, detail };
  // Not followed (see http.ts), these say "ask elsewhere"; 302 and 303 may also follow a write that was done.
  if ([301, 307, 308].includes(status)) return { kind: 'refused', status, detail: `redirected (${status}) to another address` };
  // 503 that names a time to come back is a door that was closed before anything was done.
  if (status === 503 && headers['retry-after'] !== undefined) return { kind: 'unreachable', detail };
  return { kind: write ? 'ambiguous' : 'unreachable', detail };
}

function fail(failure: CallFailure): CallResult<HttpAnswer> {
  return { ok: false, ...failure };
}
