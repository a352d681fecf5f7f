import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpClient } from '../../../server/outbound/http.ts';
import { withWriteGuard } from '../../../server/outbound/write-guard.ts';

let server: Server;
let asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, answer) => {
    asked.push(request.method ?? '');
    answer.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

test('whoever has lost the right to write reads on, and writes nothing', async () => {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const log = { debug: () => undefined, warn: () => undefined };
  const http = createHttpClient({ testHosts: [host], allowedHosts: [host], log });
  const ask = (method: 'GET' | 'POST') => http.request({ method, url: `http://${host}/`, write: method === 'POST' });
  const both = async () => [await ask('GET'), await ask('POST')].map((result) => (result.ok ? 'ok' : result.kind));
  expect(await both()).toEqual(['ok', 'ok']);
  expect(await withWriteGuard(async () => true, both)).toEqual(['ok', 'ok']);
  asked = [];
  expect(await withWriteGuard(async () => false, both)).toEqual(['ok', 'unreachable']);
  expect(asked).toEqual(['GET']);
});
