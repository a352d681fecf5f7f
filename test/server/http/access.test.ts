import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATHS } from '../../../lib/contract/paths.ts';
import { MEMBER_ROLES, type MemberRole, mayActAs } from '../../../lib/domain/member.ts';
import type { App } from '../../../server/http/app-env.ts';
import { addChangeRoutes } from '../../../server/http/changes.routes.ts';
import { addCommandRoutes } from '../../../server/http/commands.routes.ts';
import { addHookRoutes } from '../../../server/http/hooks.routes.ts';
import { addPanelRoutes } from '../../../server/http/panel.routes.ts';
import { addStreamRoutes } from '../../../server/http/stream.routes.ts';
import type { Services } from '../../../server/services.ts';
import { createTestHttpServer, type TestHttpServer } from '../../support/http-server.ts';

/** Who may come in where. Everything that is not named here is for admins alone. /metrics has a bearer of its own: metrics.test.ts. */
const OPEN: string[] = [PATHS.pair, PATHS.health, PATHS.ready, PATHS.openapi, PATHS.hook, PATHS.leverCallback, PATHS.metrics];
const LEAST: Record<string, MemberRole> = {
  [PATHS.me]: 'viewer',
  [PATHS.panel]: 'viewer',
  [PATHS.waiting]: 'viewer',
  [PATHS.choices]: 'recruiter',
  [PATHS.stream]: 'viewer',
  ...Object.fromEntries(Object.values(PATHS.commands).map((path) => [path, 'recruiter'])),
  [PATHS.commands.checkAgain]: 'viewer',
};

/** The routes of panel, commands, stream and webhooks. Whoever gets in is refused for an empty request before anything is called. */
function addRecruiterRoutes(app: App, services: Services): void {
  const unused = () => Promise.reject(new Error('not used here'));
  const lane = {
    services,
    connector: { ats: unused, vendor: unused },
    queue: { sendLane: unused, sendEffect: unused },
    announce: unused,
    findMoveTarget: unused,
    findNextStage: unused,
  };
  addPanelRoutes(app, lane);
  addCommandRoutes(app, lane);
  addChangeRoutes(app, lane);
  addStreamRoutes(app, { services, changes: { subscribe: () => () => {} } });
  addHookRoutes(app, { accept: async () => ({ outcome: 'unknown' }), publicUrl: null });
}

let server: TestHttpServer;
beforeAll(async () => {
  server = await createTestHttpServer({ extra: addRecruiterRoutes });
  await server.join('admin');
});
afterAll(() => server.drop());

/** Every route of the app, from its own router. */
function routes(): { method: string; path: string }[] {
  const found = new Map<string, { method: string; path: string }>();
  for (const { method, path } of server.app.routes) {
    if (method !== 'ALL' && !path.includes('*')) found.set(`${method} ${path}`, { method, path });
  }
  return [...found.values()];
}

const templateOf = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}');
const filled = (path: string) => path.replaceAll(/:\w+/g, '00000000-0000-4000-8000-000000000000');

async function ask({ method, path }: { method: string; path: string }, token?: string) {
  const response = await server.call(method, filled(path), { token, ...(method === 'GET' ? {} : { body: {} }) });
  // The event stream never ends by itself.
  await response.body?.cancel();
  return response;
}

describe('every route of the router', () => {
  it('is one of many', () => {
    expect(routes().length).toBeGreaterThan(30);
  });

  it('answers 401 to nobody and to somebody shown out, unless it is open', async () => {
    for (const route of routes().filter(({ path }) => !OPEN.includes(templateOf(path)))) {
      const { id, token } = await server.join('admin');
      const { token: other } = await server.join('admin');
      await server.call('DELETE', `/api/members/${id}`, { token: other });
      for (const stranger of [undefined, token, 'x'.repeat(43), `${token}x`]) {
        expect([route, (await ask(route, stranger)).status]).toEqual([route, 401]);
      }
    }
  });

  it.each(MEMBER_ROLES)('answers 403 to a %s where more is needed, and never else', async (role) => {
    for (const route of routes().filter(({ path }) => !OPEN.includes(templateOf(path)))) {
      const { token } = await server.join(role);
      const least = LEAST[templateOf(route.path)] ?? 'admin';
      const { status } = await ask(route, token);
      expect([route, status === 403]).toEqual([route, !mayActAs(role, least)]);
      if (!mayActAs(role, least)) continue;
      expect([route, status < 500]).toEqual([route, true]);
    }
  });

  it('stands in the description with its least role and its bearer', async () => {
    const document = (await (await server.call('GET', PATHS.openapi)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { security?: unknown[]; 'x-role'?: string; summary?: string }>>;
      components: { securitySchemes: Record<string, unknown> };
    };
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.stringify(document.paths[PATHS.hook])).toContain('webhook-signature');
    expect(document.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' });
    for (const { method, path } of routes().filter((route) => route.path !== PATHS.openapi)) {
      const template = templateOf(path);
      const described = document.paths[template]?.[method.toLowerCase()];
      expect([template, described?.summary]).toEqual([template, expect.any(String)]);
      if (OPEN.includes(template)) continue;
      expect([template, described?.security]).toEqual([template, [{ bearer: [] }]]);
      expect([template, described?.['x-role']]).toEqual([template, LEAST[template] ?? 'admin']);
    }
  });
});
