import { expect, test } from 'vitest';
import type { HttpClient, HttpRequest } from '../../../../server/outbound/http.ts';
import { succeed } from '../../../../server/outbound/outcome.ts';
import { ask, change } from '../../../../server/vendors/codesignal/graphql.ts';

function serve(body: unknown) {
  const asked: HttpRequest[] = [];
  const http: HttpClient = {
    async request(request) {
      asked.push(request);
      return succeed({ status: 200, headers: {}, body });
    },
  };
  return { asked, api: { http, apiUrl: 'https://app.codesignal.com/graphql', apiKey: 'k' } };
}

const call = { query: 'query Q($id: ID!) { thing(id: $id) { id } }', field: 'thing', variables: { id: '1' } };
const error = (message: string, code?: string) => ({ message, ...(code && { extensions: { code } }) });

test('the question goes as JSON with a bearer key, and says whether it writes', async () => {
  const { api, asked } = serve({ data: { thing: { id: '1' } } });
  expect(await ask(api, call)).toEqual({ ok: true, value: { id: '1' } });
  expect(await change(api, call)).toEqual({ ok: true, value: { id: '1' } });
  expect(asked).toMatchObject([
    {
      method: 'POST',
      url: 'https://app.codesignal.com/graphql',
      headers: { Authorization: 'Bearer k' },
      json: { query: call.query, variables: { id: '1' } },
      write: false,
    },
    { write: true },
  ]);
});

test('null is an answer, no data is none', async () => {
  expect(await ask(serve({ data: { thing: null } }).api, call)).toEqual({ ok: true, value: null });
  expect(await ask(serve({ data: {} }).api, call)).toMatchObject({ ok: false, kind: 'unreadable' });
  expect(await ask(serve({ data: null }).api, call)).toMatchObject({ ok: false, kind: 'unreadable' });
});

test.each([undefined, null, '', [], {}, { data: 'text' }, { errors: [] }, '<html>'])(
  '%j is no answer of GraphQL',
  async (body) => {
    expect(await ask(serve(body).api, call)).toMatchObject({ ok: false, kind: 'unreadable' });
    expect(await change(serve(body).api, call)).toMatchObject({ ok: false, kind: 'ambiguous' });
  },
);

test('an error beside the data of a question fails it: what it left out would look like nothing', async () => {
  const body = { data: { thing: { id: '1', result: null } }, errors: [error('Access Denied', 'FORBIDDEN')] };
  expect(await ask(serve(body).api, call)).toMatchObject({ ok: false, kind: 'forbidden' });
});

test('what was done was done, whatever went wrong besides', async () => {
  const body = { data: { thing: { id: '1' } }, errors: [error('Access Denied', 'FORBIDDEN')] };
  expect(await change(serve(body).api, call)).toMatchObject({ ok: true });
});

test.each([
  ['Access Denied', 'UNAUTHENTICATED', 'unauthorised'],
  ['Access Denied', 'FORBIDDEN', 'forbidden'],
  // The words are documented, a code is not.
  ['Access Denied', 'INTERNAL_SERVER_ERROR', 'forbidden'],
  ['Access Denied', undefined, 'forbidden'],
  ['slow down', 'RATE_LIMITED', 'rate-limited'],
  ["You are trying to access 'thing' too often", undefined, 'rate-limited'],
  ['Test not found', undefined, 'not-found'],
  ['nothing here', 'NOT_FOUND', 'not-found'],
  ['wrong address', 'BAD_USER_INPUT', 'refused'],
  ['Cannot query field', 'GRAPHQL_VALIDATION_FAILED', 'refused'],
])('"%s" with the code %s is %s, whether it was a question or not', async (message, code, kind) => {
  const { api } = serve({ data: { thing: null }, errors: [error(message, code)] });
  expect(await ask(api, call)).toMatchObject({ ok: false, kind, detail: message });
  expect(await change(api, call)).toMatchObject({ ok: false, kind });
});

test('an error that says nothing leaves open whether something was done', async () => {
  const { api } = serve({ data: null, errors: [error('Something went wrong', 'INTERNAL_SERVER_ERROR')] });
  expect(await change(api, call)).toMatchObject({ ok: false, kind: 'ambiguous' });
  expect(await ask(api, call)).toMatchObject({ ok: false, kind: 'unreachable' });
});

test('neither an address nor anything but the sentence is kept of an error', async () => {
  const body = { errors: [{ message: 'ada@example.com is\nnot there', path: ['x'], stack: 'secret' }, { extensions: 'odd' }] };
  const answer = await change(serve(body).api, call);
  expect(answer).toMatchObject({ ok: false, detail: expect.stringContaining('[e-mail] is not there') });
  expect(JSON.stringify(answer)).not.toMatch(/ada@|secret/);
});
