import type { Hono } from 'hono';
import type { Clock } from '../../../server/clock.ts';
import { encodeRequest } from '../../../server/outbound/encode-request.ts';
import type { HttpClient, HttpRequest } from '../../../server/outbound/http.ts';
import { toCallResult } from '../../../server/outbound/to-call-result.ts';

/** An HttpClient that calls a simulator in this process; `onAnswer` has every answer before our code reads it. */
export function createInProcessHttp(
  app: Hono,
  { clock, onAnswer }: { clock: Clock; onAnswer(text: string, request: HttpRequest): string },
): HttpClient {
  return {
    async request(request) {
      const { address, headers, body } = encodeRequest(request);
      const { 'content-length': _length, ...kept } = headers;
      const call = toRequest(address, { method: request.method, headers: kept, body });
      // As the real client says it: such a header never leaves.
      if (!call) return { ok: false, kind: 'misconfigured', detail: 'Invalid character in header content' };
      const answer = await app.request(call);
      const bytes = Buffer.from(onAnswer(await answer.text(), request));
      const given = { status: answer.status, headers: Object.fromEntries(answer.headers.entries()), bytes };
      return toCallResult({ kind: 'answered', answer: given }, { write: request.write, now: clock.now() });
    },
  };
}

function toRequest(
  address: string,
  given: { method: string; headers: Record<string, string>; body: Buffer | undefined },
): Request | null {
  const { method, headers, body } = given;
  try {
    return new Request(address, { method, headers, ...(body ? { body: Uint8Array.from(body) } : {}) });
  } catch {
    return null;
  }
}
