import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiErrorSchema } from '../../../lib/contract/error.ts';
import { codeSchema, pairAnswerSchema } from '../../../lib/contract/pairing.ts';
import { ensureFirstAdminCode } from '../../../server/http/first-admin-code.ts';
import { createTestHttpServer, type TestHttpServer } from '../../support/http-server.ts';

const HOUR_MS = 3_600_000;

async function errorCode(response: Response) {
  return apiErrorSchema.parse(await response.json()).error.code;
}

function pair(server: TestHttpServer, code: string, from: { name?: string; origin?: string; remoteAddress?: string } = {}) {
  return server.call('POST', '/api/pair', {
    body: { code, name: from.name ?? 'Ada', device: 'Firefox on Linux' },
    headers: from.origin ? { origin: from.origin } : {},
    remoteAddress: from.remoteAddress ?? '192.0.2.1',
  });
}

/** Another secret behind the same open first part. */
function misremembered(code: string): string {
  return `${code.slice(0, 5)}${code.slice(5).replace(/[^-]/g, (letter) => (letter === 'Z' ? 'Y' : 'Z'))}`;
}

describe('the first admin', () => {
  let server: TestHttpServer;
  beforeAll(async () => {
    server = await createTestHttpServer({ environment: { COMPANY: 'Analytical Engines' } });
  });
  afterAll(() => server.drop());

  it('gets in once with the newest printed code, and then none is printed', async () => {
    const first = await ensureFirstAdminCode(server.services);
    const second = await ensureFirstAdminCode(server.services);
    expect(second).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(await errorCode(await pair(server, first ?? ''))).toBe('code-expired');

    const typed = ` ${second?.toLowerCase().replaceAll('-', ' ')} `;
    const answer = pairAnswerSchema.parse(await (await pair(server, typed)).json());
    expect(answer.member).toMatchObject({ name: 'Ada', role: 'admin' });
    expect(answer.company).toBe('Analytical Engines');
    expect((await server.call('GET', '/api/me', { token: answer.token })).status).toBe(200);

    expect(await errorCode(await pair(server, second ?? ''))).toBe('code-expired');
    expect(await ensureFirstAdminCode(server.services)).toBeNull();
  });

  it('cannot be shown out while nobody else is admin, and can afterwards', async () => {
    const members = await server.call('GET', '/api/members', { token: (await server.join('admin', 'Grace')).token });
    const { members: rows } = (await members.json()) as { members: { id: string; isYou: boolean }[] };
    const [ada, grace] = [rows.find((row) => !row.isYou), rows.find((row) => row.isYou)];
    const { token } = await server.join('admin', 'Temporary');
    expect((await server.call('DELETE', `/api/members/${ada?.id}`, { token })).status).toBe(204);
    expect((await server.call('DELETE', `/api/members/${grace?.id}`, { token })).status).toBe(204);
    const you = (await (await server.call('GET', '/api/me', { token })).json()) as { member: { id: string } };
    const response = await server.call('DELETE', `/api/members/${you.member.id}`, { token });
    expect(response.status).toBe(403);
    expect(apiErrorSchema.parse(await response.json()).error.message).toContain('only admin');
    expect((await server.call('GET', '/api/me', { token })).status).toBe(200);
  });
});

describe('a pairing code', () => {
  let server: TestHttpServer;
  let admin: string;
  beforeAll(async () => {
    server = await createTestHttpServer();
    admin = (await server.join('admin')).token;
  });
  afterAll(() => server.drop());

  async function makeCode(role = 'recruiter') {
    const response = await server.call('POST', '/api/codes', { token: admin, body: { role, note: 'for Ben' } });
    expect(response.status).toBe(201);
    const view = codeSchema.parse(await response.json());
    return { ...view, code: view.code ?? '' };
  }

  async function stateOf(id: string) {
    const { codes } = (await (await server.call('GET', '/api/codes', { token: admin })).json()) as { codes: unknown[] };
    return codes.map((code) => codeSchema.parse(code)).find((code) => code.id === id);
  }

  it('carries its role, and is listed without its secret, with the name of whoever used it', async () => {
    const made = await makeCode('viewer');
    const answer = pairAnswerSchema.parse(await (await pair(server, made.code, { name: 'Ben' })).json());
    expect(answer.member.role).toBe('viewer');
    const listed = await stateOf(made.id);
    expect(listed).toMatchObject({ state: 'used', usedBy: 'Ben' });
    expect(listed).not.toHaveProperty('code');
  });

  it('serves one of ten browsers that use it at the same moment', async () => {
    const { code } = await makeCode();
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => pair(server, code)))).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 410)]);
  });

  it('counts each of many wrong guesses made at the same moment', async () => {
    const { code } = await makeCode();
    const guess = (_: unknown, n: number) => pair(server, misremembered(code), { remoteAddress: `198.51.100.${100 + n}` });
    const statuses = (await Promise.all(Array.from({ length: 10 }, guess))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(5);
    expect((await pair(server, code)).status).toBe(429);
  });

  it('is over after a day', async () => {
    const made = await makeCode();
    server.clock.advance(24 * HOUR_MS);
    expect(await errorCode(await pair(server, made.code))).toBe('code-expired');
    expect(await stateOf(made.id)).toMatchObject({ state: 'expired' });
  });

  it('is over when an admin ends it', async () => {
    const made = await makeCode();
    expect((await server.call('DELETE', `/api/codes/${made.id}`, { token: admin })).status).toBe(204);
    expect(await errorCode(await pair(server, made.code))).toBe('code-expired');
    expect(await stateOf(made.id)).toMatchObject({ state: 'revoked' });
  });

  it('dies after five wrong guesses, also for whoever knows it', async () => {
    const made = await makeCode();
    for (let guess = 1; guess <= 5; guess += 1) {
      const response = await pair(server, misremembered(made.code), { remoteAddress: `198.51.100.${guess}` });
      expect(await errorCode(response)).toBe('code-wrong');
    }
    const right = await pair(server, made.code, { remoteAddress: '198.51.100.77' });
    expect(right.status).toBe(429);
    expect(await stateOf(made.id)).toMatchObject({ state: 'locked' });
  });

  it('still works after four', async () => {
    const { code } = await makeCode();
    for (let guess = 1; guess <= 4; guess += 1) await pair(server, misremembered(code));
    expect((await pair(server, code)).status).toBe(200);
  });

  it('cannot be guessed at speed from one address: a quarter of an hour of rest after twenty tries', async () => {
    const remoteAddress = '203.0.113.9';
    for (let guess = 0; guess < 20; guess += 1) await pair(server, `ZZZZ-ZZZZ-ZZ${10 + guess}`, { remoteAddress });
    const { code } = await makeCode();
    const refused = await pair(server, code, { remoteAddress });
    expect(await errorCode(refused)).toBe('too-many-tries');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
    expect((await pair(server, (await makeCode()).code, { remoteAddress: '203.0.113.10' })).status).toBe(200);
    server.clock.advance(HOUR_MS / 4);
    expect((await pair(server, code, { remoteAddress })).status).toBe(200);
  });

  it('binds its token to the extension that used it', async () => {
    const origin = 'moz-extension://5d4c9a30-0000-4000-8000-000000000001';
    const { token } = pairAnswerSchema.parse(await (await pair(server, (await makeCode()).code, { origin })).json());
    const asked = (from: string) => server.call('GET', '/api/me', { token, headers: { origin: from } });
    const own = await asked(origin);
    expect(own.status).toBe(200);
    expect(own.headers.get('access-control-allow-origin')).toBe(origin);
    expect((await asked('moz-extension://5d4c9a30-0000-4000-8000-000000000002')).status).toBe(401);
  });

  it('is refused in a sentence when it cannot be a code', async () => {
    expect(await errorCode(await pair(server, 'hello'))).toBe('code-wrong');
    const response = await server.call('POST', '/api/pair', { body: { code: 'x'.repeat(70), name: '' } });
    expect(response.status).toBe(400);
    const { details } = apiErrorSchema.parse(await response.json()).error;
    expect(details?.map(({ path }) => path)).toEqual(['code', 'name']);
  });

  it.each([
    ['{"code":', 'application/json'],
    ['code=1', 'application/x-www-form-urlencoded'],
    ['{}', undefined],
  ])('is not looked for in a body that is no JSON: %s as %s', async (body, type) => {
    const headers = type ? { 'content-type': type } : { 'content-type': 'text/plain' };
    const response = await server.call('POST', '/api/pair', { body, headers });
    expect(response.status).toBe(400);
    expect(await errorCode(response)).toBe('invalid');
  });

  it('is asked for when a request comes without any body', async () => {
    const response = await server.call('POST', '/api/pair');
    expect(response.status).toBe(400);
    expect(await errorCode(response)).toBe('invalid');
  });

  it('leaves neither itself nor a token nor a name in the log', async () => {
    const { code } = await makeCode();
    const { token } = pairAnswerSchema.parse(await (await pair(server, code, { name: 'Very Private' })).json());
    for (const secret of [code, token, 'Very Private']) expect(server.log()).not.toContain(secret);
  });
});

describe('a connected browser', () => {
  let server: TestHttpServer;
  beforeAll(async () => {
    server = await createTestHttpServer();
    await server.join('admin');
  });
  afterAll(() => server.drop());

  it('is out at once when it disconnects', async () => {
    const { token } = await server.join('recruiter');
    expect((await server.call('DELETE', '/api/me', { token })).status).toBe(204);
    expect((await server.call('GET', '/api/me', { token })).status).toBe(401);
  });

  it('is told in a sentence when an admin has shown it out', async () => {
    const { token: admin } = await server.join('admin');
    const { id, token } = await server.join('recruiter');
    expect((await server.call('DELETE', `/api/members/${id}`, { token: admin })).status).toBe(204);
    const response = await server.call('GET', '/api/me', { token });
    expect(response.status).toBe(401);
    expect(apiErrorSchema.parse(await response.json()).error.message).toContain('ended its connection');
  });

  it('is listed with its device and when it was last seen, to the minute', async () => {
    const { id, token } = await server.join('admin', 'Grace');
    const read = async () => {
      const { members } = (await (await server.call('GET', '/api/members', { token })).json()) as { members: { id: string }[] };
      return members.find((member) => member.id === id);
    };
    const seenAt = server.clock.now().toISOString();
    expect(await read()).toMatchObject({ name: 'Grace', device: 'Chrome on Linux', isYou: true, lastSeenAt: seenAt });
    server.clock.advance(59_000);
    expect(await read()).toMatchObject({ lastSeenAt: seenAt });
    server.clock.advance(2_000);
    expect(await read()).toMatchObject({ lastSeenAt: server.clock.now().toISOString() });
  });
});
