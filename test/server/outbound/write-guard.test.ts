import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpClient } from '../../../server/outbound/http.ts';
import { withWriteGuard } from '../../../server/outbound/write-guard.ts';

let server: Server;
let asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url === '/old') answer.writeHead(307, { location: '/' }).end();
    else answer.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

/** Asks our server through a client as every connection has one. */
function ask(method: 'GET' | 'POST', path = '/') {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const log = { debug: () => undefined, warn: () => undefined };
  const http = createHttpClient({ testHosts: [host], allowedHosts: [host], log });
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
