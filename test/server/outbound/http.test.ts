import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpRequest } from '../../../server/outbound/http.ts';

const running: Server[] = [];
const silent = { debug: () => undefined, warn: () => undefined };

afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  running.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function clientFor(hosts: string[], options: Partial<HttpClientOptions> = {}): HttpClient {
  return createHttpClient({ testHosts: hosts, allowedHosts: hosts, log: silent, ...options });
}

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, write: false, ...more };
}

function post(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'POST', url, write: true, json: { value: 'x' }, ...more };
}

const answering =
  (status: number, body = '', headers: Record<string, string> = {}) =>
  (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
  };

describe('what is sent', () => {
  it('carries query, headers and JSON as given, and repeats array keys', async () => {
    const seen: { url?: string; type?: string; authorization?: string; body: string } = { body: '' };
    const host = await serve((request, response) => {
      Object.assign(seen, {
        url: request.url,
        type: request.headers['content-type'],
        authorization: request.headers.authorization,
      });
      request.on('data', (chunk) => {
        seen.body += chunk;
      });
      request.on('end', () => response.end('{"data":1}'));
    });
    const result = await clientFor([host]).request(
      post(`http://${host}/v1/a%2Fb`, {
        query: { expand: ['stage', 'contact'], limit: 100, none: undefined },
        headers: { Authorization: 'Basic abc' },
        json: { tags: ['Senior SWE'] },
      }),
    );
    expect(result).toMatchObject({ ok: true, value: { status: 200, body: { data: 1 } } });
    expect(seen).toEqual({
      url: '/v1/a%2Fb?expand=stage&expand=contact&limit=100',
      type: 'application/json',
      authorization: 'Basic abc',
      body: '{"tags":["Senior SWE"]}',
    });
  });

  it('sends forms for token endpoints', async () => {
    let body = '';
    const host = await serve((request, response) => {
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => response.end('{}'));
    });
    await clientFor([host]).request({
      method: 'POST',
      url: `http://${host}/token`,
      form: { grant_type: 'client_credentials' },
      write: false,
    });
    expect(body).toBe('grant_type=client_credentials');
  });

  it('refuses a credential with a line break without saying what it is', async () => {
    const host = await serve(answering(200, '{}'));
    const result = await clientFor([host]).request(get(`http://${host}/`, { headers: { authorization: 'Basic secret\nx: y' } }));
    expect(result).toMatchObject({ ok: false, kind: 'misconfigured' });
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});

describe('what an answer means', () => {
  const meanings: [number, string, string, string, Record<string, string>?][] = [
    [401, '{"message":"bad key"}', 'unauthorised', 'unauthorised'],
    [403, '{"code":"Forbidden","message":"no"}', 'forbidden', 'forbidden'],
    [404, '{"message":"stages a was not found"}', 'not-found', 'not-found'],
    [410, '', 'not-found', 'not-found'],
    [400, '{}', 'refused', 'refused'],
    [405, '', 'refused', 'refused'],
    [409, '', 'refused', 'refused'],
    [422, '', 'refused', 'refused'],
    [418, '', 'refused', 'refused'],
    [408, '', 'unreachable', 'ambiguous'],
    [429, '', 'rate-limited', 'rate-limited'],
    [500, 'oops', 'unreachable', 'ambiguous'],
    [502, '<html>', 'unreachable', 'ambiguous'],
    [503, '', 'unreachable', 'ambiguous'],
    [503, '', 'unreachable', 'unreachable', { 'retry-after': '30' }],
    [200, '<html>Sign in</html>', 'unreadable', 'ambiguous'],
    [200, '{"cut', 'unreadable', 'ambiguous'],
    [304, '', 'unreachable', 'ambiguous'],
  ];
  it.each(meanings)('%i with %j is %s for a read and %s for a write', async (status, body, read, write, headers) => {
    const host = await serve(answering(status, body, headers));
    const client = clientFor([host]);
    expect(await client.request(get(`http://${host}/`))).toMatchObject({ ok: false, kind: read });
    expect(await client.request(post(`http://${host}/`))).toMatchObject({ ok: false, kind: write });
  });

  it('an empty answer to a write is a success without a body', async () => {
    const host = await serve(answering(204));
    expect(await clientFor([host]).request(post(`http://${host}/`))).toMatchObject({
      ok: true,
      value: { status: 204, body: undefined },
    });
  });

  it("keeps the other side's sentence short and without e-mail addresses", async () => {
    const host = await serve(
      answering(422, JSON.stringify({ message: `bob@example.com is taken ${'x'.repeat(500)}`, secret: 'no' })),
    );
    const result = await clientFor([host]).request(post(`http://${host}/`));
    expect(result).toMatchObject({ ok: false, kind: 'refused', status: 422 });
    if (result.ok) throw new Error('unexpected');
    expect(result.detail).toMatch(/^\[e-mail] is taken x+$/);
    expect(result.detail).toHaveLength(300);
  });

  it.each([
    ['7', 7_000],
    ['Wed, 21 Oct 2026 07:28:10 GMT', 10_000],
    // Of a clock that is behind: no reason to ask again at once.
    ['Wed, 21 Oct 2026 07:20:00 GMT', 2_000],
    ['-5', 2_000],
    ['999999', 3_600_000],
    ['soon', 2_000],
    [undefined, 2_000],
  ])('Retry-After %j means to wait %i ms', async (header, waitMs) => {
    const host = await serve(answering(429, '', header === undefined ? {} : { 'retry-after': header }));
    const client = clientFor([host], { clock: { now: () => new Date('2026-10-21T07:28:00Z') } });
    expect(await client.request(post(`http://${host}/`))).toMatchObject({ kind: 'rate-limited', retryAfterMs: waitMs });
  });
});

describe('when there is no answer', () => {
  it('a refused connection surely did not do anything', async () => {
    const host = await serve(answering(200));
    running.pop()?.close();
    expect(await clientFor([host]).request(post(`http://${host}/`))).toMatchObject({ ok: false, kind: 'unreachable' });
  });

  it('a name without an address surely did not do anything', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const client = createHttpClient({ testHosts: [], allowedHosts: 'any-public', log: silent, lookup });
    expect(await client.request(post('https://gone.example/'))).toEqual({ ok: false, kind: 'unreachable', detail: 'ENOTFOUND' });
  });

  it('a host that takes the request and says nothing is ambiguous for a write', async () => {
    const host = await serve(() => undefined);
    // Time enough to connect: before that it would surely not have been done.
    const client = clientFor([host], { defaultTimeoutMs: 1_000 });
    expect(await client.request(post(`http://${host}/`))).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(await client.request(get(`http://${host}/`))).toMatchObject({ ok: false, kind: 'unreachable' });
  });

  it('a name that takes for ever to resolve is unreachable', async () => {
    const client = createHttpClient({
      testHosts: [],
      allowedHosts: 'any-public',
      log: silent,
      lookup: () => new Promise(() => undefined),
      defaultTimeoutMs: 40,
    });
    expect(await client.request(post('https://slow.example/'))).toMatchObject({ ok: false, kind: 'unreachable' });
  });

  it('a connection that breaks after the request is ambiguous for a write', async () => {
    const host = await serve((request) => {
      request.resume().on('end', () => request.socket.destroy());
    });
    expect(await clientFor([host]).request(post(`http://${host}/`))).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(await clientFor([host]).request(get(`http://${host}/`))).toMatchObject({ ok: false, kind: 'unreachable' });
  });

  it('an answer that breaks off in the middle is ambiguous for a write', async () => {
    const host = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"a":', () => request.socket.destroy());
    });
    expect(await clientFor([host]).request(post(`http://${host}/`))).toMatchObject({ ok: false, kind: 'ambiguous' });
  });

  it('an answer that goes over to another protocol is none', async () => {
    const host = await serve((request) => {
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    });
    expect(await clientFor([host]).request(post(`http://${host}/`))).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(await clientFor([host]).request(get(`http://${host}/`))).toMatchObject({ ok: false, kind: 'unreachable' });
  });

  it('an answer beyond 5 MB is not read', async () => {
    const host = await serve((_request, response) => {
      const megabyte = Buffer.alloc(1024 * 1024, 0x20);
      for (let i = 0; i < 6; i++) response.write(megabyte);
      response.end('{}');
    });
    expect(await clientFor([host]).request(get(`http://${host}/`))).toMatchObject({ ok: false, kind: 'unreadable' });
    expect(await clientFor([host]).request(post(`http://${host}/`))).toMatchObject({ ok: false, kind: 'ambiguous' });
  });

  it('a read survives that the other side closed the kept connection', async () => {
    let calls = 0;
    const host = await serve((request, response) => {
      calls++;
      if (calls === 2) request.socket.destroy();
      else response.end('{}');
    });
    const client = clientFor([host]);
    await client.request(get(`http://${host}/`));
    expect(await client.request(get(`http://${host}/`))).toMatchObject({ ok: true });
    expect(calls).toBe(3);
  });
});

describe('redirects', () => {
  async function redirecting(status: number) {
    const seen: { method?: string; authorization?: string; custom?: string }[] = [];
    const to = await serve((request, response) => {
      seen.push({
        method: request.method,
        authorization: request.headers.authorization,
        custom: `${request.headers['x-api-key'] ?? ''}`,
      });
      response.end('{}');
    });
    const from = await serve((_request, response) => response.writeHead(status, { location: `http://${to}/next` }).end());
    return { from, to, seen };
  }
  const headers = { authorization: 'Basic abc', 'x-api-key': 'k' };

  it('keep the credential when the connection itself names the new host', async () => {
    const { from, to, seen } = await redirecting(301);
    expect(await clientFor([from, to]).request(get(`http://${from}/`, { headers }))).toMatchObject({ ok: true });
    expect(seen).toEqual([{ method: 'GET', authorization: 'Basic abc', custom: 'k' }]);
  });

  it('take no credential of any kind to a host the connection did not name', async () => {
    const { from, to, seen } = await redirecting(302);
    const client = clientFor([from, to], { allowedHosts: [from] });
    expect(await client.request(get(`http://${from}/`, { headers }))).toMatchObject({ ok: true });
    expect(seen).toEqual([{ method: 'GET', authorization: undefined, custom: '' }]);
  });

  it.each([301, 307, 308])('%i sends a write on to a host that the connection named, with the same method', async (status) => {
    const { from, to, seen } = await redirecting(status);
    expect(await clientFor([from, to]).request(post(`http://${from}/`, { headers }))).toMatchObject({ ok: true });
    expect(seen).toEqual([{ method: 'POST', authorization: 'Basic abc', custom: 'k' }]);
  });

  it('never take a write, or what it says about a candidate, to another host', async () => {
    const { from, to, seen } = await redirecting(307);
    const client = clientFor([from, to], { allowedHosts: [from] });
    expect(await client.request(post(`http://${from}/`))).toMatchObject({ ok: false, kind: 'refused' });
    expect(await client.request(post(`http://${from}/`, { write: false }))).toMatchObject({ ok: false, kind: 'refused' });
    expect(seen).toEqual([]);
  });

  it.each([302, 303])('%i after a write is not followed: it may have been done', async (status) => {
    const { from, to, seen } = await redirecting(status);
    expect(await clientFor([from, to]).request(post(`http://${from}/`))).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(seen).toEqual([]);
  });

  it('end after three', async () => {
    let calls = 0;
    const host = await serve((_request, response) => {
      calls++;
      response.writeHead(302, { location: '/again' }).end();
    });
    expect(await clientFor([host]).request(get(`http://${host}/`))).toMatchObject({ ok: false, kind: 'unreachable' });
    expect(calls).toBe(4);
  });

  it('into the private network are refused', async () => {
    let reached = false;
    const inside = await serve((_request, response) => {
      reached = true;
      response.end('{}');
    });
    const from = await serve((_request, response) => response.writeHead(302, { location: `http://${inside}/` }).end());
    const client = createHttpClient({ testHosts: [from], allowedHosts: 'any-public', log: silent });
    expect(await client.request(get(`http://${from}/`))).toMatchObject({ ok: false, kind: 'misconfigured' });
    expect(reached).toBe(false);
  });
});

describe('the log', () => {
  it('never holds query, credential or body', async () => {
    const lines: string[] = [];
    const log = {
      debug: (fields: object) => lines.push(JSON.stringify(fields)),
      warn: (fields: object) => lines.push(JSON.stringify(fields)),
    };
    const host = await serve(answering(400, '{"message":"bob@example.com unknown"}'));
    await clientFor([host], { log }).request(
      get(`http://${host}/p?a=canary-1`, { query: { email: 'canary-2' }, headers: { authorization: 'canary-3' } }),
    );
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toMatch(/canary|bob@/);
  });

  it.each([401, 403, 404, 422, 429, 500, 503])('holds the %i of an answer, and none of its words', async (status) => {
    const lines: string[] = [];
    const log = { debug: () => undefined, warn: (fields: object) => lines.push(JSON.stringify(fields)) };
    const host = await serve(answering(status, '{"message":"Bob Canary is unknown"}'));
    await clientFor([host], { log }).request(get(`http://${host}/p`));
    expect(lines.join()).toContain(`"status":${status}`);
    expect(lines.join()).not.toContain('Canary');
  });
});

describe('a file', () => {
  it('comes as the bytes that were sent, and a refusal of it as a refusal', async () => {
    const pdf = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x2d, 0xff, 0xfe, 0x00]);
    const host = await serve((request, response) => {
      if (request.url === '/gone') response.writeHead(404).end('{"message":"no report"}');
      else response.writeHead(200).end(pdf);
    });
    const fetch = (path: string) => clientFor([host]).request(get(`http://${host}${path}`, { answerAs: 'bytes' }));
    expect(await fetch('/report.pdf')).toMatchObject({ ok: true, value: { body: pdf } });
    expect(await fetch('/gone')).toMatchObject({ ok: false, kind: 'not-found', detail: 'no report' });
  });
});
