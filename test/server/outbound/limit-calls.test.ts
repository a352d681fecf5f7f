import { expect, it } from 'vitest';
import { limitCalls } from '../../../server/outbound/limit-calls.ts';
import type { AnswerHead, RateLimiter } from '../../../server/outbound/rate-limiter.ts';
import { createFakeHttp } from '../../support/fake-http.ts';

const call = { method: 'GET', url: 'https://api.example/x', write: false } as const;

function listening(): { limiter: RateLimiter; heads: (AnswerHead | null)[] } {
  const heads: (AnswerHead | null)[] = [];
  const limiter: RateLimiter = {
    ask: async () => ({ ok: true, value: { done: (head) => void heads.push(head) } }),
    left: async () => null,
  };
  return { limiter, heads };
}

it('tells the limiter of every answer with its headers, and of none', async () => {
  const { limiter, heads } = listening();
  const headers = { 'x-ratelimit-remaining': '3' };
  const http = createFakeHttp({
    'GET /x': [{ status: 200, headers }, { status: 404, headers }, { status: 429, headers }, { status: 503 }, 'answer lost'],
  });
  for (let count = 0; count < 5; count += 1) await limitCalls(http, limiter).request(call);
  expect(heads).toEqual([
    { status: 200, headers },
    { status: 404, headers },
    { status: 429, headers },
    { status: 503, headers: {} },
    null,
  ]);
});

it('gives the leave back also when the call breaks', async () => {
  const { limiter, heads } = listening();
  const broken = limitCalls({ request: () => Promise.reject(new Error('our own fault')) }, limiter);
  await expect(broken.request(call)).rejects.toThrow('our own fault');
  expect(heads).toEqual([null]);
});

it('keeps what the caller wants to be told', async () => {
  const { limiter } = listening();
  const seen: number[] = [];
  const http = createFakeHttp({ 'GET /x': { status: 204 } });
  await limitCalls(http, limiter).request({ ...call, onAnswer: ({ status }) => void seen.push(status) });
  expect(seen).toEqual([204]);
});
