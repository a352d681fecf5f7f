import { expect, test } from 'vitest';
import { z } from 'zod';
import { createServerClient, toRefusal } from '../../../lib/browser/server-client.ts';
import { words } from './catalogue-words.ts';
import { json, refusal, StubServer } from './stub-server.ts';

const schema = z.object({ name: z.string() });
const request = { serverUrl: 'https://tagalong.acme.com', token: 'secret', path: '/api/me' };
const ask = (answer: () => Response | Promise<Response>, change: object = {}) =>
  createServerClient({ fetch: new StubServer().on('GET', '/api/me', answer).fetch, words }).call(
    { ...request, ...change },
    schema,
  );
const failure = async (answer: () => Response | Promise<Response>, change?: object) => {
  const result = await ask(answer, change);
  return result.ok ? null : result.failure;
};

test('a good answer is parsed, and the token goes along as a bearer', async () => {
  const server = new StubServer().on('GET', '/api/me', () => json({ name: 'Rae', more: 1 }));
  const answer = await createServerClient({ fetch: server.fetch, words }).call(request, schema);
  expect(answer).toEqual({ ok: true, value: { name: 'Rae' } });
  expect(server.asked[0]?.token).toBe('Bearer secret');
});

test("the server's own sentence is shown when it refuses", async () => {
  expect(await failure(() => refusal(403, 'forbidden', 'Your role does not allow this.'))).toEqual({
    code: 'forbidden',
    text: 'Your role does not allow this.',
  });
  expect(await failure(() => refusal(418, 'a-new-code', 'Something only a newer server says.'))).toEqual({
    code: 'internal',
    text: 'Something only a newer server says.',
  });
});

test('no answer, and a proxy that answers for an absent server, both mean "cannot be reached"', async () => {
  const away = new StubServer();
  away.isAway = true;
  const answer = await createServerClient({ fetch: away.fetch, words }).call(request, schema);
  expect(answer).toMatchObject({ ok: false, failure: { code: 'offline' } });
  expect(await failure(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))).toMatchObject({ code: 'offline' });
  expect(await failure(() => refusal(503, 'store-unavailable', 'No database.'))).toMatchObject({ code: 'store-unavailable' });
});

test('a file is handed on as the text it is', async () => {
  const file = (type: string) => new Response('{"a":1}\n{"a":2}\n', { headers: { 'content-type': type } });
  const raw = async (type: string) =>
    createServerClient({ fetch: new StubServer().on('GET', '/api/me', () => file(type)).fetch, words }).callRaw(request);
  expect(await raw('application/x-ndjson')).toEqual({ ok: true, value: { status: 200, body: '{"a":1}\n{"a":2}\n' } });
  expect(await raw('text/csv; charset=utf-8')).toMatchObject({ value: { body: '{"a":1}\n{"a":2}\n' } });
  expect(await raw('application/json')).toMatchObject({ value: { body: undefined } });
});

test('only the server itself can say that the token has ended, never a proxy in between', async () => {
  expect(await failure(() => refusal(401, 'unauthorised', 'No.'))).toMatchObject({ code: 'revoked' });
  expect(await failure(() => new Response('Sign in to the hotel', { status: 401 }))).toMatchObject({ code: 'server-outdated' });
  expect(await failure(() => refusal(401, 'unauthorised', 'No.'), { token: undefined })).toMatchObject({ code: 'unauthorised' });
});

test('an answer that cannot be read is said to be one, not shown half', async () => {
  expect(await failure(() => json({ name: 5 }))).toMatchObject({ code: 'server-outdated' });
  expect(await failure(() => new Response('<html>'))).toMatchObject({ code: 'server-outdated' });
  expect(toRefusal({ code: 'server-outdated', text: 'Old.' })).toEqual({ refused: 'internal', message: 'Old.' });
});

test('every failure of our own has a sentence in the catalogue', async () => {
  for (const code of ['offline', 'not-connected', 'revoked', 'queued', 'server-outdated', 'page-moved-on', 'page-moved-on-to']) {
    expect(words(`error.${code}`), code).toMatch(/\.$/);
  }
});
