import '../install-catalogue.ts';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { createFakeServer, SERVER_URL } from './fake-server.ts';
import { openOptions } from './render-options.tsx';

const UNPAIRED = { link: 'not-connected' as const, serverUrl: null, member: null, pageHosts: [] };

async function fill(user: Awaited<ReturnType<typeof openOptions>>['user'], address: string, code: string) {
  await user.type(screen.getByLabelText('Server address'), address);
  await user.type(screen.getByLabelText('Pairing code'), code);
  await user.type(screen.getByLabelText('Your name'), 'Grace');
  await user.click(screen.getByRole('button', { name: 'Connect' }));
}

describe('a browser that is not connected', () => {
  it('asks for server, code and name, has the browser allow the server, and then shows the settings', async () => {
    const server = createFakeServer(undefined, UNPAIRED);
    const { user, asked } = await openOptions(server);
    await fill(user, 'tagalong.example.com', 'ABCD-EFGH-JKMN');
    expect(await screen.findByRole('heading', { level: 1, name: 'Overview' })).toBeTruthy();
    expect(asked).toEqual([SERVER_URL]);
    expect(server.writes).toEqual([{ method: 'pair', path: SERVER_URL, body: { code: 'ABCD-EFGH-JKMN', name: 'Grace' } }]);
  });

  it('says what is missing, leads to it and asks nobody', async () => {
    const server = createFakeServer(undefined, UNPAIRED);
    const { user, asked } = await openOptions(server);
    await user.type(screen.getByLabelText('Server address'), 'http://tagalong.example.com');
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(screen.getByText(/must start with https/)).toBeTruthy();
    expect(screen.getByText('The code has three groups of four characters.')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Server address')));
    expect(asked).toEqual([]);
    expect(server.writes).toEqual([]);
  });

  it('shows why a code was refused and keeps what was typed', async () => {
    const { user } = await openOptions(createFakeServer(undefined, UNPAIRED));
    await fill(user, SERVER_URL, 'WXYZ-0000-1111');
    expect((await screen.findByRole('alert')).textContent).toContain('This code is not right');
    expect(screen.getByLabelText<HTMLInputElement>('Your name').value).toBe('Grace');
  });

  it('does not try the code when the browser was not allowed to reach the server', async () => {
    const server = createFakeServer(undefined, UNPAIRED);
    const { user } = await openOptions(server, { allow: false });
    await fill(user, SERVER_URL, 'ABCD-EFGH-JKMN');
    expect((await screen.findByRole('alert')).textContent).toContain(
      'has not been allowed to reach https://tagalong.example.com',
    );
    expect(server.writes).toEqual([]);
  });
});

describe('a browser whose settings cannot be shown', () => {
  it('tells a recruiter that settings are for admins, and reads none', async () => {
    const server = createFakeServer(undefined, { member: { id: 'm2', name: 'Ben', role: 'recruiter' } });
    await openOptions(server);
    expect(await screen.findByText(/Your role is Recruiter/)).toBeTruthy();
    expect(server.reads).toEqual([]);
  });

  it('says that the server does not answer', async () => {
    await openOptions(createFakeServer(undefined, { link: 'offline' }));
    expect(await screen.findByText(/https:\/\/tagalong.example.com does not answer/)).toBeTruthy();
  });

  it('asks to connect again once an admin has ended the connection', async () => {
    const server = createFakeServer();
    server.answer('GET', '/api/rules', { refused: 'revoked', message: 'An admin has ended the connection of this browser.' });
    server.backend.getStatus = async () => (server.reads.includes('/api/rules') ? UNPAIRED : STATUS);
    await openOptions(server, { at: 'rules' });
    expect(await screen.findByLabelText('Pairing code')).toBeTruthy();
  });

  it('goes back to the connect form after disconnecting, which says beforehand what it means', async () => {
    const { user } = await openOptions(createFakeServer(), { at: 'about' });
    await user.click(await screen.findByRole('button', { name: 'Disconnect this browser' }));
    expect(screen.getByText(/Connecting again takes a new pairing code/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Disconnect this browser' }));
    expect(await screen.findByLabelText('Pairing code')).toBeTruthy();
  });
});

const STATUS = {
  link: 'live' as const,
  serverUrl: SERVER_URL,
  member: { id: 'm1', name: 'Ada', role: 'admin' as const },
  pageHosts: [],
};
