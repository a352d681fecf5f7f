import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAgents, type ExchangeRequest, exchange } from '../../../server/outbound/exchange.ts';
import { checkTarget } from '../../../server/outbound/target.ts';

const seen: string[] = [];
const server = createServer((request, response) => {
  seen.push(`${request.method}`);
  response.end('{}');
});
beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)));
afterAll(() => server.close());
beforeEach(() => void seen.splice(0));

type Given = Pick<ExchangeRequest, 'method' | 'write' | 'timeoutMs'>;

/** The process stands still for so long while it connects. */
const frozenFor = (ms: number, request: Given) => connectsWhile({ steady: ms, wall: ms }, request);

/** What each clock shows to have passed while it connects. */
function connectsWhile(passes: { steady: number; wall: number }, request: Given): ExchangeRequest {
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const check = checkTarget(new URL(`http://${host}/`).href, { testHosts: [host], allowedHosts: [host] });
  if (!check.ok) throw new Error(check.detail);
  const passed = { steady: 0, wall: 0 };
  return {
    ...request,
    target: check.target,
    headers: {},
    body: request.write ? Buffer.from('{}') : undefined,
    agents: createAgents(),
    steadyMs: () => passed.steady,
    wallMs: () => Date.UTC(2026, 2, 2) + passed.wall,
    async resolve() {
      passed.steady += passes.steady;
      passed.wall += passes.wall;
      return [{ address: '127.0.0.1', family: 4 }];
    },
  };
}

test.each([
  ['as long as it may connect', 5000, 20_000],
  ['as long as is left for all of it', 1000, 1000],
  ['though nothing was left when it began', 0, 0],
])('a write that connects %s after it was allowed does not leave any more', async (_what, ms, timeoutMs) => {
  const result = await exchange(frozenFor(ms, { method: 'POST', write: true, timeoutMs }));
  expect(result).toEqual({ kind: 'not-sent', detail: expect.any(String) });
  expect(seen).toEqual([]);
});

test('one that connects in time leaves, and a read may be late', async () => {
  const write = await exchange(frozenFor(4999, { method: 'POST', write: true, timeoutMs: 20_000 }));
  expect(write).toMatchObject({ kind: 'answered', answer: { status: 200 } });
  const read = await exchange(frozenFor(5000, { method: 'GET', write: false, timeoutMs: 20_000 }));
  expect(read).toMatchObject({ kind: 'answered', answer: { status: 200 } });
  expect(seen).toEqual(['POST', 'GET']);
});

test('a write that was connecting while the machine slept, when only the time of day went on, does not leave any more', async () => {
  const request = connectsWhile({ steady: 100, wall: 60_000 }, { method: 'POST', write: true, timeoutMs: 20_000 });
  expect(await exchange(request)).toEqual({ kind: 'not-sent', detail: expect.any(String) });
  expect(seen).toEqual([]);
});

test('one that connects in time leaves though the time of day was set back meanwhile, and one that is late does not', async () => {
  const setBack = (steady: number) =>
    exchange(connectsWhile({ steady, wall: -3_600_000 }, { method: 'POST', write: true, timeoutMs: 20_000 }));
  expect(await setBack(5000)).toMatchObject({ kind: 'not-sent' });
  expect(await setBack(4999)).toMatchObject({ kind: 'answered', answer: { status: 200 } });
  expect(seen).toEqual(['POST']);
});
