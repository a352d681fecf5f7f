import '../install-catalogue.ts';
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { checkEndpointMap } from '../../../components/admin/check-endpoint-map.ts';
import { createFakeServer } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

describe('an endpoint map', () => {
  it.each([
    ['is nothing at all', ''],
    ['has no endpoints', '{ "endpoints": {} }'],
    ['names a path', '{ "baseUrl": "https://api.example.com", "endpoints": { "list": { "method": "GET", "path": "/a" } } }'],
  ])('is right when it %s', (_, text) => {
    expect(checkEndpointMap(text)).toBeNull();
  });

  it.each([
    ['{\n  "endpoints": {,}\n}', 'This is not readable JSON: look at line 2.'],
    ['[]', 'The map is an object in braces.'],
    ['{ "endponts": {} }', '"endponts" is not known here. Known are: baseUrl, authHeader, endpoints.'],
    [
      '{ "endpoints": { "invites": {} } }',
      '"endpoints.invites" is not known here. Known are: list, invite, cancel, report, interview.',
    ],
    ['{ "baseUrl": "api" }', 'baseUrl: An address such as https://api.example.com.'],
    [
      '{ "endpoints": { "list": { "method": "FETCH", "path": "/a" } } }',
      'endpoints.list.method: one of GET, POST, PUT, PATCH, DELETE.',
    ],
    ['{ "endpoints": { "list": { "method": "GET", "path": "a" } } }', 'endpoints.list.path: A path starts with a slash.'],
    ['{ "endpoints": { "list": { "method": "GET" } } }', 'endpoints.list.path: This kind of value does not fit here.'],
  ])('%s is answered with: %s', (text, sentence) => {
    expect(checkEndpointMap(text)).toBe(sentence);
  });
});

describe('the vendors', () => {
  it('take an endpoint map only when it is right', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'vendors' });
    const card = within(await findCard('Coderbyte'));
    const map = card.getByLabelText('Endpoint map');
    await user.clear(map);
    await user.click(map);
    await user.paste('{ "endponts": {} }');
    expect(card.getByText(/"endponts" is not known here/)).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(server.writes).toEqual([]);
    await user.clear(map);
    expect(card.getByText('Changed: Endpoint map')).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByText('Saved')).toBeTruthy();
    expect(server.writes).toMatchObject([{ path: '/api/connections/cb', body: { settings: { map: { endpoints: {} } } } }]);
  });

  it('are all on one page, and Byteboard needs nothing but a name', async () => {
    const server = createFakeServer((setUp) => {
      setUp.connections = [];
    });
    const { user } = await openOptions(server, { at: 'vendors' });
    await user.click(await screen.findByRole('button', { name: 'Connect Byteboard' }));
    const card = within(await findCard('Connect Byteboard'));
    await user.click(card.getByRole('button', { name: 'Connect Byteboard' }));
    expect(await findCard('Byteboard')).toBeTruthy();
    expect(server.writes).toMatchObject([{ body: { name: 'Byteboard', settings: { kind: 'byteboard' }, secrets: {} } }]);
  });
});
