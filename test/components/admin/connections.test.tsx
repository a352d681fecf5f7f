import '../install-catalogue.ts';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { connectionSettingsSchema } from '../../../lib/contract/settings.ts';
import { createFakeServer, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

const none = (setUp: { connections: unknown[] }) => {
  setUp.connections = [];
};

describe('connecting an ATS', () => {
  it('sends what was pasted, secrets apart from settings, and shows only the last four of them afterwards', async () => {
    const server = createFakeServer(none);
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = within(await findCard('Connect Greenhouse'));
    await user.type(card.getByLabelText('Client ID'), 'client-1234');
    await user.type(card.getByLabelText('Client secret'), 'secret-of-greenhouse-abcd');
    await user.type(card.getByLabelText('Service user ID'), '4012345');
    await user.click(card.getByRole('button', { name: 'Connect Greenhouse' }));
    expect(await screen.findByText('Stored, ends in abcd')).toBeTruthy();
    expect(server.writes).toMatchObject([
      {
        method: 'POST',
        path: '/api/connections',
        body: {
          name: 'Greenhouse',
          secrets: { clientId: 'client-1234', clientSecret: 'secret-of-greenhouse-abcd' },
          settings: {
            kind: 'greenhouse',
            api: 'v3',
            serviceUserId: '4012345',
            fromStageIdSpace: 'application-stage',
            apiUrl: 'https://harvest.greenhouse.io',
            authUrl: 'https://auth.greenhouse.io',
            companyHosts: [],
          },
        },
      },
    ]);
    expect(document.body.innerHTML).not.toContain('secret-of-greenhouse');
  });

  it('says what is missing before anything is sent', async () => {
    const server = createFakeServer(none);
    const { user } = await openOptions(server, { at: 'lever' });
    await user.click(within(await findCard('Connect Lever')).getByRole('button', { name: 'Connect Lever' }));
    expect(screen.getByLabelText('API key').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('This is needed.')).toBeTruthy();
    expect(server.writes).toEqual([]);
  });
});

describe('changing a connection', () => {
  it('checks while typing, names what changed, and saves only then', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const id = await screen.findByLabelText('Service user ID');
    await user.clear(id);
    await user.type(id, '40x');
    expect(screen.getByText('A number, such as 4012345.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(server.writes).toEqual([]);
    await user.clear(id);
    await user.type(id, '77');
    expect(screen.getByText('Changed: Service user ID')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Saved', { selector: 'p' })).toBeTruthy();
    expect(server.writes).toMatchObject([
      { method: 'PATCH', path: '/api/connections/gh', body: { settings: { serviceUserId: '77' }, secrets: {} } },
    ]);
  });

  it('keeps the settings that the form has no field for', async () => {
    const server = createFakeServer((setUp) => {
      const settings = {
        kind: 'greenhouse',
        serviceUserId: '1',
        singleToken: true,
        writeBack: { statusField: 'assessment_status' },
      };
      Object.assign(setUp.connections.find(({ id }) => id === 'gh') ?? {}, {
        settings: connectionSettingsSchema.parse(settings),
      });
    });
    const { user } = await openOptions(server, { at: 'greenhouse' });
    await user.type(await screen.findByLabelText('Service user ID'), '2');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Saved', { selector: 'p' })).toBeTruthy();
    const kept = { serviceUserId: '12', singleToken: true, writeBack: { statusField: 'assessment_status' } };
    expect(server.writes).toMatchObject([{ body: { settings: kept } }]);
  });

  it("takes the company's own Greenhouse addresses and lets this browser be allowed there", async () => {
    const server = createFakeServer();
    const { user, asked } = await openOptions(server, { at: 'greenhouse' });
    expect(screen.queryByRole('region', { name: 'This browser on your own Greenhouse addresses' })).toBeNull();
    const field = await screen.findByLabelText('Own Greenhouse addresses');
    await user.type(field, 'boards.greenhouse.io');
    expect(screen.getByText('"boards.greenhouse.io" is not an own Greenhouse address such as acme.greenhouse.io.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(server.writes).toEqual([]);
    await user.clear(field);
    await user.type(field, 'Acme.greenhouse.io, acme-eu.greenhouse.io');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    const card = within(await findCard('This browser on your own Greenhouse addresses'));
    const companyHosts = ['acme.greenhouse.io', 'acme-eu.greenhouse.io'];
    expect(server.writes).toMatchObject([{ body: { settings: { companyHosts } } }]);
    await user.click(card.getByRole('button', { name: 'Allow on acme.greenhouse.io' }));
    expect(asked).toEqual(['acme.greenhouse.io']);
    expect(await card.findByText('Allowed')).toBeTruthy();
    expect(card.getAllByRole('button').map((button) => button.textContent)).toEqual(['Allow on acme-eu.greenhouse.io']);
  });

  it('keeps the stored secret unless another one is pasted', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'greenhouse' });
    await user.click(await screen.findByRole('button', { name: 'Replace: Client secret' }));
    expect(screen.getByLabelText('Client secret').getAttribute('type')).toBe('password');
    await user.type(screen.getByLabelText('Client secret'), 'another-secret-wxyz');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Stored, ends in wxyz')).toBeTruthy();
    expect(server.writes).toMatchObject([{ body: { secrets: { clientSecret: 'another-secret-wxyz' } } }]);
    expect(screen.getByText('Stored, ends in 9f2c')).toBeTruthy();
  });

  it('forgets the changes when they are discarded', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'lever' });
    const name = await screen.findByLabelText<HTMLInputElement>('Name');
    await user.type(name, ' EU');
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    expect(name.value).toBe('Lever');
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
  });

  it('shows what the server found wrong at its field, and keeps what was typed', async () => {
    const server = createFakeServer();
    server.answer(
      'PATCH',
      '/api/connections/gh',
      refuse('host-not-allowed', 'The host evil.example is not one that Tagalong may call.', [
        { path: 'settings.apiUrl', message: 'The host evil.example is not one that Tagalong may call.' },
      ]),
    );
    const { user } = await openOptions(server, { at: 'greenhouse' });
    await user.click(await screen.findByRole('button', { name: 'Advanced' }));
    const address = screen.getByLabelText<HTMLInputElement>('API address');
    await user.clear(address);
    await user.type(address, 'https://evil.example');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(address.getAttribute('aria-invalid')).toBe('true'));
    expect(screen.getByRole('alert').textContent).toContain('The host evil.example is not one that Tagalong may call.');
    expect(address.value).toBe('https://evil.example');
  });
});

describe('a connection through the retired Harvest v1', () => {
  const retired = (setUp: { connections: { id: string; settings: unknown; secrets: unknown }[] }) => {
    const connection = setUp.connections.find(({ id }) => id === 'gh');
    const settings = { kind: 'greenhouse', api: 'v1', apiUrl: 'https://gateway.example', serviceUserId: '4012345' };
    Object.assign(connection ?? {}, {
      settings: connectionSettingsSchema.parse(settings),
      secrets: [{ name: 'apiKey', lastFour: 'wxyz' }],
    });
  };

  it('says so, and moves to v3 as the same connection with another credential', async () => {
    const server = createFakeServer(retired);
    const { user } = await openOptions(server, { at: 'greenhouse' });
    expect(await screen.findByText(/which Greenhouse retired on 2026-08-31/)).toBeTruthy();
    expect(screen.queryByLabelText('Client ID')).toBeNull();
    expect(screen.getByText('Stored, ends in wxyz')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Move to Harvest v3' }));
    expect(screen.getByText(/Stage roles, the meaning of reasons, webhooks and everything recorded stay/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(server.writes).toEqual([]);
    await user.type(screen.getByLabelText('Client ID'), 'client-1234');
    await user.type(screen.getByLabelText('Client secret'), 'secret-5678');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByText(/Stage roles, the meaning of reasons/)).toBeNull());
    expect(server.writes).toMatchObject([
      {
        method: 'PATCH',
        path: '/api/connections/gh',
        body: {
          settings: { api: 'v3', apiUrl: 'https://harvest.greenhouse.io', serviceUserId: '4012345' },
          secrets: { clientId: 'client-1234', clientSecret: 'secret-5678' },
        },
      },
    ]);
  });

  it('can be made for a gateway, and needs the user to act for', async () => {
    const server = createFakeServer(none);
    const { user } = await openOptions(server, { at: 'greenhouse' });
    await user.click(await screen.findByRole('button', { name: 'Advanced' }));
    await user.selectOptions(screen.getByLabelText('Greenhouse API'), 'v1');
    await user.type(screen.getByLabelText('API key'), 'key-of-greenhouse');
    const address = screen.getByLabelText('API address');
    await user.clear(address);
    await user.type(address, 'https://gateway.example');
    const connect = screen.getByRole('button', { name: 'Connect Greenhouse' });
    await user.click(connect);
    expect(screen.getByLabelText('Service user ID').getAttribute('aria-invalid')).toBe('true');
    expect(server.writes).toEqual([]);
    await user.type(screen.getByLabelText('Service user ID'), '77');
    await user.click(connect);
    await waitFor(() => expect(server.writes).toHaveLength(1));
    expect(server.writes).toMatchObject([
      {
        body: {
          settings: { api: 'v1', apiUrl: 'https://gateway.example', serviceUserId: '77' },
          secrets: { apiKey: 'key-of-greenhouse' },
        },
      },
    ]);
  });
});

describe('the connection check', () => {
  it('shows the sentence of the other side, good or bad', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'greenhouse' });
    await user.click(await screen.findByRole('button', { name: 'Check connection' }));
    expect(await screen.findByText('Greenhouse answers as Acme.', { selector: 'p' })).toBeTruthy();
    Object.assign(server.setUp.connections[0] ?? {}, { troubles: ['Greenhouse refused the credentials. Enter them again.'] });
    server.answer('POST', '/api/connections/gh/check', {
      status: 200,
      body: { ok: false, message: 'Greenhouse refused the credentials. Enter them again.', account: null },
    });
    await user.click(screen.getByRole('button', { name: 'Check connection' }));
    expect(await screen.findByText('Greenhouse refused the credentials. Enter them again.', { selector: 'p' })).toBeTruthy();
    expect(screen.queryByText('Greenhouse refused the credentials. Enter them again.', { selector: 'li' })).toBeNull();
  });
});

describe('ending a connection', () => {
  it('says what becomes of the candidates, and nothing happens when the answer is no', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = within(await findCard('Switch off or remove Greenhouse'));
    await user.click(card.getByRole('button', { name: 'Remove' }));
    expect(screen.getByText(/Candidates of this Greenhouse account show no panel any more/)).toBeTruthy();
    expect(
      screen.getByText(/stored about them stays: .* you can still erase each of them under “Erase a candidate”/),
    ).toBeTruthy();
    expect(document.activeElement).toBe(card.getByRole('button', { name: 'Cancel' }));
    await user.keyboard('{Enter}');
    expect(server.writes).toEqual([]);
  });

  it('removes it after a yes, and then offers to connect one', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = within(await findCard('Switch off or remove Greenhouse'));
    await user.click(card.getByRole('button', { name: 'Remove' }));
    await user.click(card.getByRole('button', { name: 'Remove Greenhouse' }));
    expect(await findCard('Connect Greenhouse')).toBeTruthy();
    expect(server.writes).toEqual([{ method: 'DELETE', path: '/api/connections/gh' }]);
  });

  it('switches off after saying that rules look ahead only afterwards, and on again at once', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = within(await findCard('Switch off or remove Greenhouse'));
    await user.click(card.getByRole('button', { name: 'Switch off' }));
    expect(card.getByText(/stages entered meanwhile cause nothing by themselves/)).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Switch off' }));
    await user.click(await card.findByRole('button', { name: 'Switch on' }));
    await card.findByRole('button', { name: 'Switch off' });
    expect(server.writes.map(({ body }) => body)).toEqual([{ enabled: false }, { enabled: true }]);
  });
});
