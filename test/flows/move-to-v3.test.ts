import { expect, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../lib/contract/settings.ts';
import { useTestServer } from '../support/test-server.ts';

const server = useTestServer();

test('from a v1 key to v3 only with a credential that Greenhouse takes; until then everything stays', async () => {
  const { world, company } = server();
  const { greenhouseApi: apiUrl } = world.urls;
  const made = await company.api.call(connectionViewSchema, 'POST', PATHS.connections, {
    name: 'Of the old days',
    settings: { kind: 'greenhouse', api: 'v1', apiUrl, authUrl: apiUrl, serviceUserId: '4711' },
    secrets: { apiKey: 'key-of-greenhouse-wxyz' },
    enabled: false,
  });
  const path = PATHS.connection.replace('{id}', made.id);
  const move = (clientSecret: string) =>
    company.api.call(connectionViewSchema, 'PATCH', path, {
      settings: { kind: 'greenhouse', apiUrl, authUrl: apiUrl },
      secrets: { ...world.greenhouse.credential, clientSecret },
    });
  await expect(move('not-the-secret-0000')).rejects.toThrow('the old credential is kept. Greenhouse refused the credentials');
  const kept = await company.api.call(connectionViewSchema, 'GET', path);
  expect(kept).toMatchObject({ settings: { api: 'v1' }, secrets: [{ name: 'apiKey', lastFour: 'wxyz' }] });
  const moved = await move(world.greenhouse.credential.clientSecret);
  expect(moved.settings).toMatchObject({ api: 'v3' });
  expect(moved.secrets.map(({ name }) => name)).toEqual(['clientId', 'clientSecret']);
});
