import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { PATHS } from '../../../lib/contract/paths.ts';
import { addStreamRoutes } from '../../../server/http/stream.routes.ts';
import * as schema from '../../../server/storage/schema.ts';
import { createTestHttpServer, type TestHttpServer } from '../../support/http-server.ts';

const away = drizzle(new Pool({ host: '/nowhere', port: 1 }), { schema });
let server: TestHttpServer;
let listening = 0;
beforeAll(async () => {
  const subscribe = () => {
    listening += 1;
    return () => {
      listening -= 1;
    };
  };
  server = await createTestHttpServer({
    extra: (app, services) => addStreamRoutes(app, { services: { ...services, db: away }, changes: { subscribe } }),
  });
});
afterAll(() => server.drop());
afterEach(() => vi.restoreAllMocks());

test('a stream whose database goes away ends, says nothing of it to its reader, and logs it without what was asked for', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { token } = await server.join('viewer');
  const answer = await server.call('GET', PATHS.stream, { token });
  expect(await answer.text()).toBe('');
  expect(printed).not.toHaveBeenCalled();
  expect(server.log()).toContain('stream broke off');
  expect(server.log()).not.toMatch(/params|select/);
  expect(listening).toBe(0);
});
