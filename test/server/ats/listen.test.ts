import { expect, test } from 'vitest';
import { createListener } from '../../../server/ats/listen.ts';
import type { HttpClient } from '../../../server/outbound/http.ts';

test('the other side’s clock is heard from refusals too, and nothing from an answer that does not tell', async () => {
  const now = new Date('2026-11-21T14:00:00.000Z');
  const listener = createListener({ now: () => now });
  const answering = (date?: string): HttpClient => ({
    async request(request) {
      request.onAnswer?.({ status: 401, headers: date === undefined ? {} : { date } });
      return { ok: false, kind: 'unauthorised', status: 401, detail: 'expired' };
    },
  });
  const ask = (http: HttpClient) => listener.to(http).request({ method: 'GET', url: 'https://x.example', write: false });
  await ask(answering());
  expect(listener.clockAheadMs()).toBeNull();
  await ask(answering('Sat, 21 Nov 2026 14:05:00 GMT'));
  expect(listener.clockAheadMs()).toBe(300_500);
  await ask(answering('no time at all'));
  expect(listener.clockAheadMs()).toBe(300_500);
});
