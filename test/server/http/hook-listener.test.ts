import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHookListener, withHooks } from '../../../server/http/hook-listener.ts';
import type { Acceptance } from '../../../server/webhooks/accept.ts';
import type { WebhookRequest } from '../../../server/webhooks/verdict.ts';
import { SOON } from '../../support/soon.ts';

const TOKEN = 'a-token-that-is-long-enough';
let server: Server;
let hooks: ReturnType<typeof createHookListener>;
let received: (WebhookRequest & { token: string })[];
let answer: () => Promise<Acceptance>;
let lines: string[];
let counted: string[];

beforeEach(async () => {
  received = [];
  lines = [];
  counted = [];
  answer = async () => ({ outcome: 'stored' });
  hooks = createHookListener({
    publicUrl: 'https://tagalong.example',
    log: pino({}, { write: (line: string) => lines.push(line) }),
    meter: { webhook: (kind, outcome) => counted.push(`${kind} ${outcome}`) },
    accept: async (token, request) => {
      received.push({ token, headers: request.headers, body: request.body, addresses: request.addresses ?? [] });
      return await answer();
    },
  });
  server = withHooks(hooks)({}, (_incoming, outgoing) => {
    outgoing.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const port = () => (server.address() as AddressInfo).port;
const post = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port()}${path}`, { method: 'POST', ...init });

/** The first answer to bytes as they are. */
function wire(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port(), '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (chunk) => {
      got += chunk;
      if (got.includes('\r\n\r\n')) {
        socket.destroy();
        resolve(got);
      }
    });
    socket.on('error', reject);
  });
}

describe('a webhook', () => {
  it('is handed over with its exact bytes, and answered with 200', async () => {
    const response = await post(`/hooks/${TOKEN}?a=1`, { body: '{"a": 1}', headers: { 'Greenhouse-Event-ID': '7' } });
    expect([response.status, await response.json()]).toEqual([200, { received: true }]);
    const [one] = received;
    expect(one?.token).toBe(TOKEN);
    expect(Buffer.from(one?.body ?? []).toString()).toBe('{"a": 1}');
    expect(one?.headers['greenhouse-event-id']).toBe('7');
    expect(one?.addresses?.[0]).toBe(`https://tagalong.example/hooks/${TOKEN}?a=1`);
    expect(lines).toEqual([]);
  });

  it('with a header that was sent twice: both values, also where node would keep the first', async () => {
    await wire(
      `POST /hooks/${TOKEN} HTTP/1.1\r\nhost: x\r\nauthorization: one\r\nauthorization: two\r\ncontent-length: 0\r\n\r\n`,
    );
    expect(received[0]?.headers.authorization).toBe('one, two');
  });

  it('sent with others before their answers: answered in the order of asking, however they are decided, and the line stays', async () => {
    const decide: ((acceptance: Acceptance) => void)[] = [];
    answer = () => new Promise((resolve) => decide.push(resolve));
    const ask = `POST /hooks/${TOKEN} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}`;
    const socket = connect(port(), '127.0.0.1', () => socket.write(ask.repeat(3)));
    let got = '';
    socket.on('data', (chunk) => {
      got += chunk;
    });
    const statuses = () => [...got.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
    await expect.poll(() => decide.length).toBe(3);
    decide[2]?.({ outcome: 'busy' });
    decide[1]?.({ outcome: 'refused', because: 'signature-wrong' });
    decide[0]?.({ outcome: 'stored' });
    await expect.poll(statuses).toEqual([200, 401, 503]);
    socket.write(ask);
    await expect.poll(() => decide.length).toBe(4);
    decide[3]?.({ outcome: 'stored' });
    await expect.poll(statuses).toEqual([200, 401, 503, 200]);
    socket.destroy();
  });

  it('of which only a part comes is never handed over', async () => {
    const socket = connect(port(), '127.0.0.1', () =>
      socket.write(`POST /hooks/${TOKEN} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf`, () => socket.destroy()),
    );
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await post(`/hooks/${TOKEN}`, { body: 'whole' })).status).toBe(200);
    expect(received.map(({ body }) => Buffer.from(body).toString())).toEqual(['whole']);
  });
});

it('senders that go away in the middle leave their room to others', async () => {
  const part = 'x'.repeat(1_900_000);
  for (let number = 0; number < 12; number += 1) {
    const socket = connect(port(), '127.0.0.1', () =>
      socket.write(`POST /hooks/${TOKEN} HTTP/1.1\r\nhost: x\r\ncontent-length: 2000000\r\n\r\n${part}`, () => socket.destroy()),
    );
    await new Promise((resolve) => socket.once('close', resolve));
  }
  await vi.waitFor(async () => expect((await post(`/hooks/${TOKEN}`, { body: part })).status).toBe(200), SOON);
  expect(received).toHaveLength(1);
});

describe('what is not accepted', () => {
  it.each<[Acceptance, number, string]>([
    [{ outcome: 'refused', because: 'signature-wrong' }, 401, 'unauthorised'],
    [{ outcome: 'unknown' }, 404, 'not-found'],
    [{ outcome: 'busy' }, 503, 'store-unavailable'],
  ])('%o: %i', async (acceptance, status, code) => {
    answer = async () => acceptance;
    const response = await post(`/hooks/${TOKEN}`, { body: '{}' });
    expect([response.status, (await response.json()).error.code]).toEqual([status, code]);
    expect(response.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
    expect(lines.join('')).not.toContain(TOKEN);
  });

  it('what nobody expected is a 500 and is logged', async () => {
    answer = () => Promise.reject(new TypeError('x is undefined'));
    expect((await post(`/hooks/${TOKEN}`, { body: '{}' })).status).toBe(500);
    expect(lines.join('')).toContain('x is undefined');
  });

  it('an address that was never ours is not even looked up', async () => {
    expect((await post('/hooks/%00', { body: '{}' })).status).toBe(404);
    expect(received).toEqual([]);
  });

  it('a body that is too large, said before or not: 413, and the line is closed', async () => {
    const said = await wire(`POST /hooks/${TOKEN} HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n\r\n`);
    expect(said).toContain(' 413 ');
    expect(said.toLowerCase()).toContain('connection: close');
    const size = 2_200_000;
    const unsaid = await wire(
      `POST /hooks/${TOKEN} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`,
    );
    expect(unsaid).toContain(' 413 ');
    expect(received).toEqual([]);
    expect(counted).toEqual(['null too-large', 'null too-large']);
  });

  it('all that is held at once has a limit: 503 for the rest, and room again after it', async () => {
    let finish = (_: Acceptance) => {};
    const held = new Promise<Acceptance>((resolve) => {
      finish = resolve;
    });
    answer = () => held;
    const body = 'x'.repeat(2_000_000);
    const all = Array.from({ length: 12 }, () =>
      post(`/hooks/${TOKEN}`, { body }).then(
        ({ status }) => status,
        // Closed while it was still being sent.
        () => 503,
      ),
    );
    expect(await Promise.race(all)).toBe(503);
    finish({ outcome: 'stored' });
    const statuses = await Promise.all(all);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    expect((await post(`/hooks/${TOKEN}`, { body })).status).toBe(200);
  });
});

it('every other request is left to the app', async () => {
  expect((await fetch(`http://127.0.0.1:${port()}/hooks/${TOKEN}`)).status).toBe(418);
  expect((await post('/api/hooks')).status).toBe(418);
});

describe('a body that comes bit by bit', () => {
  it('is waited for half a minute', () => {
    expect(server.requestTimeout).toBe(30_000);
  });

  it('is answered with 408 when the time is over, and its room is there for others', async () => {
    const patience = { requestTimeout: 60, connectionsCheckingInterval: 20 };
    const impatient = withHooks(hooks)(patience, () => expect.fail('it was no webhook'));
    await new Promise<void>((resolve) => impatient.listen(0, '127.0.0.1', resolve));
    const { port: slow } = impatient.address() as AddressInfo;
    const half = `POST /hooks/${TOKEN} HTTP/1.1\r\nhost: x\r\ncontent-length: 2000000\r\n\r\n${'x'.repeat(1_999_999)}`;
    const drip = () =>
      new Promise<string>((resolve) => {
        const socket = connect(slow, '127.0.0.1', () => socket.write(half));
        let got = '';
        socket.on('data', (chunk) => {
          got += chunk;
        });
        // What was not read when the server hung up resets the line.
        socket.on('error', () => undefined).on('close', () => resolve(got));
      });
    // More than there is room for at once.
    const answers = await Promise.all(Array.from({ length: 12 }, drip));
    expect(answers.filter((text) => text.startsWith('HTTP/1.1 408')).length).toBeGreaterThan(0);
    impatient.requestTimeout = 30_000;
    const whole = await fetch(`http://127.0.0.1:${slow}/hooks/${TOKEN}`, { method: 'POST', body: 'x'.repeat(2_000_000) });
    expect(whole.status).toBe(200);
    impatient.closeAllConnections();
    await new Promise((resolve) => impatient.close(resolve));
  });
});
