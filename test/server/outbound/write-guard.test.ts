import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHttpClient } from '../../../server/outbound/http.ts';
import { withWriteGuard } from '../../../server/outbound/write-guard.ts';

let server: Server;
let asked: string[] = [];
/** What the clients' clock shows. */
let nowMs = 0;
/** For so long the old address keeps who asks it waiting. */
let sendsOnAfterMs = 0;
beforeAll(async () => {
  server = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url !== '/old') return void answer.end('{}');
    nowMs += sendsOnAfterMs;
    answer.writeHead(307, { location: '/' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

/** Asks our server through a client as every connection has one. */
function ask(method: 'GET' | 'POST', path = '/') {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const log = { debug: () => undefined, warn: () => undefined };
  const http = createHttpClient({
    testHosts: [host],
    allowedHosts: [host],
    log,
    defaultTimeoutMs: 20_000,
    steadyMs: () => nowMs,
  });
  return http.request({ method, url: `http://${host}${path}`, write: method === 'POST' });
}

test('whoever has lost the right to write reads on, and writes nothing', async () => {
  const both = async () => [await ask('GET'), await ask('POST')].map((result) => (result.ok ? 'ok' : result.kind));
  expect(await both()).toEqual(['ok', 'ok']);
  expect(await withWriteGuard(async () => true, both)).toEqual(['ok', 'ok']);
  asked = [];
  expect(await withWriteGuard(async () => false, both)).toEqual(['ok', 'unreachable']);
  expect(asked).toEqual(['GET /']);
});

test('a write that is sent on to another address is allowed anew, and a read asks nobody', async () => {
  asked = [];
  const answers = [true, false];
  const holds = async () => answers.shift() ?? false;
  expect(await withWriteGuard(holds, () => ask('GET', '/old'))).toMatchObject({ ok: true });
  expect(await withWriteGuard(holds, () => ask('POST', '/old'))).toMatchObject({ ok: false, kind: 'unreachable' });
  expect(asked).toEqual(['GET /old', 'GET /', 'POST /old']);
  expect(answers).toEqual([]);
});

describe('what is asked before a write takes none of its time', () => {
  /** A store that takes so long to say that the write may be made. */
  const holdsAfter = (ms: number) => async () => {
    nowMs += ms;
    return true;
  };

  beforeEach(() => {
    asked = [];
    sendsOnAfterMs = 0;
  });

  test('however slow the store is', async () => {
    expect(await withWriteGuard(holdsAfter(30_000), () => ask('POST'))).toMatchObject({ ok: true });
    expect(asked).toEqual(['POST /']);
  });

  test('also where it is sent on: only the answers count', async () => {
    sendsOnAfterMs = 10_000;
    expect(await withWriteGuard(holdsAfter(12_000), () => ask('POST', '/old'))).toMatchObject({ ok: true });
    expect(asked).toEqual(['POST /old', 'POST /']);
  });

  test('but it gets no more than its own: nothing leaves once the answers have taken all of it', async () => {
    sendsOnAfterMs = 20_000;
    const result = await withWriteGuard(holdsAfter(12_000), () => ask('POST', '/old'));
    expect(result).toMatchObject({ ok: false, kind: 'unreachable' });
    expect(asked).toEqual(['POST /old']);
  });
});
