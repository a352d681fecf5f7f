import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { apiErrorSchema } from '../../../lib/contract/error.ts';
import { readConfig } from '../../../server/config.ts';
import { createApp } from '../../../server/http/app.ts';
import type { App } from '../../../server/http/app-env.ts';
import type { HttpParts } from '../../../server/http/http-parts.ts';
import { SILENT_METER } from '../../../server/metrics/meter.ts';
import { systemRandom } from '../../../server/random.ts';
import type { Services } from '../../../server/services.ts';
import * as schema from '../../../server/storage/schema.ts';

const parts: HttpParts = {
  connector: { ats: () => Promise.reject(new Error('not used here')) },
  connectAts: () => Promise.reject(new Error('not used here')),
  connectSetUp: () => Promise.reject(new Error('not used here')),
  connectConsent: () => Promise.reject(new Error('not used here')),
  connectDoctor: () => Promise.reject(new Error('not used here')),
  connectVendor: () => Promise.reject(new Error('not used here')),
  tryFields: () => Promise.reject(new Error('not asked here')),
  tryAts: () => Promise.reject(new Error('not asked here')),
  webhookEventsOf: () => [],
};

/** A server whose database cannot be reached, which is all that these rules need. */
function makeApp({
  environment = {},
  extra = () => {},
}: {
  environment?: Record<string, string>;
  extra?: (app: App) => void;
} = {}) {
  const lines: string[] = [];
  const services: Services = {
    config: readConfig(environment),
    clock: { now: () => new Date('2026-03-01T12:00:00Z') },
    random: systemRandom,
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    db: drizzle(new Pool({ host: '/nowhere', port: 1 }), { schema }),
    sealer: { seal: (plain) => plain, open: (sealed) => sealed },
    meter: SILENT_METER,
  };
  return { app: createApp(services, parts, extra), lines };
}

async function errorOf(response: Response) {
  return apiErrorSchema.parse(await response.json()).error;
}

describe('the HTTP side without a database', () => {
  it('says that it is alive, and that it is not ready', async () => {
    const { app } = makeApp();
    expect((await app.request('/health')).status).toBe(200);
    const ready = await app.request('/ready');
    expect(ready.status).toBe(503);
    expect(ready.headers.get('retry-after')).toBe('5');
    expect((await errorOf(ready)).code).toBe('store-unavailable');
  });

  it('answers 503 with Retry-After to a member while the database is away', async () => {
    const { app } = makeApp();
    const response = await app.request('/api/me', { headers: { authorization: `Bearer ${'a'.repeat(43)}` } });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
  });

  it('answers an unknown address with our own error, not a page', async () => {
    const response = await makeApp().app.request('/nothing/here');
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toEqual({ code: 'not-found', message: 'That is not there, or not any more.' });
  });

  it('lets nobody under /api without a token, also where there is nothing', async () => {
    for (const path of ['/api/me', '/api/nothing']) {
      const response = await makeApp().app.request(path);
      expect(response.status).toBe(401);
      expect((await errorOf(response)).code).toBe('unauthorised');
    }
  });

  it('hides what went wrong inside from the caller and keeps it in the log', async () => {
    const { app, lines } = makeApp({
      extra: (it) =>
        it.get('/broken', () => {
          throw new TypeError('secret inner detail');
        }),
    });
    const response = await app.request('/broken');
    expect(response.status).toBe(500);
    expect(JSON.stringify(await response.json())).not.toContain('secret inner detail');
    expect(lines.join('')).toContain('secret inner detail');
  });

  it('logs the pattern of a route and never the address that was called', async () => {
    const { app, lines } = makeApp({ extra: (it) => it.get('/hooks/:token', (c) => c.text('ok')) });
    await app.request('/hooks/very-secret-token?candidate=ada');
    expect(lines.join('')).toContain('/hooks/:token');
    expect(lines.join('')).not.toMatch(/very-secret-token|ada/);
  });

  it.each([
    ['the secrets of each kind', 'greenhouse: clientId, clientSecret'],
    ['the gaps of a link', '{invitation} (our id)'],
    ['the gaps of an endpoint', '{assessmentId}'],
    ['the order of the set-up', 'PUT .../stage-roles'],
  ])('tells a stranger %s on its OpenAPI page', async (_what, words) => {
    const page = await (await makeApp().app.request('/openapi.json')).text();
    expect(page).toContain(words);
  });

  it('sends the headers that keep browsers from guessing', async () => {
    const { headers } = await makeApp().app.request('/health');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('refuses more than a megabyte before it asks who is there', async () => {
    const body = JSON.stringify({ code: 'x'.repeat(1_100_000) });
    const response = await makeApp().app.request('/api/pair', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
    });
    expect(response.status).toBe(413);
    // What was not read must not be taken for the next request.
    expect(response.headers.get('connection')).toBe('close');
    expect((await errorOf(response)).code).toBe('too-large');
  });
});

describe('other web sites', () => {
  const post = (origin: string) => ({ method: 'POST', headers: { origin } });

  it.each(['https://evil.example', 'http://localhost:8787', 'null', 'chrome-extension://abc.evil.example'])(
    'change nothing from %s',
    async (origin) => {
      const response = await makeApp().app.request('/api/pair', post(origin));
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('are told apart from an extension, whose origin is reflected', async () => {
    const origin = 'moz-extension://0b2f5a2e-0a6c-4f0e-9d6b-000000000000';
    const response = await makeApp().app.request('/api/me', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'authorization' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it.each(['evil.example', 'localhost.evil.example:8787', '10.0.0.9', '127.0.0.1.evil.example'])(
    'do not reach the server under the name %s',
    async (host) => {
      const response = await makeApp().app.request('/api/me', { headers: { host } });
      expect(response.status).toBe(403);
    },
  );

  it.each(['localhost:8787', '127.0.0.1', '[::1]:8787', 'tagalong.example.com'])(
    'do not matter to %s, which is ours',
    async (host) => {
      const { app } = makeApp({ environment: { PUBLIC_URL: 'https://tagalong.example.com' } });
      expect((await app.request('/api/me', { headers: { host } })).status).toBe(401);
    },
  );

  it('cannot rebind an address: bound to all of them, the server answers to any', async () => {
    const { app } = makeApp({ environment: { HOST: '0.0.0.0' } });
    expect((await app.request('/api/me', { headers: { host: '10.0.0.9:8787' } })).status).toBe(401);
    expect((await app.request('/api/me', { headers: { host: 'evil.example' } })).status).toBe(403);
  });
});
