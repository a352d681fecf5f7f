import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestHttpServer, type TestHttpServer } from '../../support/http-server.ts';

let server: TestHttpServer;
beforeAll(async () => {
  server = await createTestHttpServer({});
});
afterAll(() => server.drop());

test("every member's browser hears of the company's own Greenhouse addresses, as long as their connection is on", async () => {
  const admin = (await server.join('admin', 'Ada')).token;
  const viewer = (await server.join('viewer', 'Vera')).token;
  const pageHosts = async () => {
    const answer = await server.call('GET', '/api/me', { token: viewer });
    return ((await answer.json()) as { pageHosts: string[] }).pageHosts;
  };
  expect(await pageHosts()).toEqual([]);
  const connect = async (name: string, settings: object) => {
    const body = { name, settings: { kind: 'greenhouse', ...settings }, secrets: { clientId: 'c', clientSecret: 's' } };
    const made = await server.call('POST', '/api/connections', { token: admin, body });
    expect(made.status).toBe(201);
    return ((await made.json()) as { id: string }).id;
  };
  const id = await connect('One', { companyHosts: ['acme.greenhouse.io', 'acme-eu.greenhouse.io'] });
  await connect('Two', { companyHosts: ['acme.greenhouse.io'] });
  await connect('Three', {});
  expect(await pageHosts()).toEqual(['acme-eu.greenhouse.io', 'acme.greenhouse.io']);
  const own = { settings: { kind: 'greenhouse', companyHosts: ['boards.greenhouse.io'] } };
  expect((await server.call('PATCH', `/api/connections/${id}`, { token: admin, body: own })).status).toBe(400);
  await server.call('PATCH', `/api/connections/${id}`, { token: admin, body: { enabled: false } });
  expect(await pageHosts()).toEqual(['acme.greenhouse.io']);
});
