import '../install-catalogue.ts';
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { connectionSettingsSchema } from '../../../lib/contract/settings.ts';
import { createFakeServer, ok } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

describe('connecting Lever by OAuth', () => {
  it('asks for client ID and secret instead of the key', async () => {
    const server = createFakeServer((setUp) => {
      setUp.connections = [];
    });
    const { user } = await openOptions(server, { at: 'lever' });
    const card = within(await findCard('Connect Lever'));
    expect(card.getByLabelText('API key')).toBeTruthy();
    await user.selectOptions(card.getByLabelText('Connect by'), 'oauth');
    expect(card.queryByLabelText('API key')).toBeNull();
    await user.type(card.getByLabelText('Client ID'), 'client-of-the-app');
    await user.type(card.getByLabelText('Client secret'), 'secret-of-the-app');
    await user.click(card.getByRole('button', { name: 'Connect Lever' }));
    expect(server.writes).toMatchObject([
      { body: { settings: { auth: 'oauth' }, secrets: { clientId: 'client-of-the-app', clientSecret: 'secret-of-the-app' } } },
    ]);
  });

  it('leads the Super Admin to Lever, and forgets the consent only after asking', async () => {
    const server = createFakeServer((setUp) => {
      for (const connection of setUp.connections) {
        if (connection.kind !== 'lever') continue;
        connection.settings = connectionSettingsSchema.parse({ kind: 'lever', auth: 'oauth' });
        connection.consent = 'given';
      }
    });
    const lever = server.setUp.connections.find(({ kind }) => kind === 'lever');
    const path = `/api/connections/${lever?.id}/consent`;
    server.answer('POST', path, ok({ url: 'https://auth.lever.co/authorize?state=x' }));
    server.answer('DELETE', path, { status: 204, body: null });
    const { user } = await openOptions(server, { at: 'lever' });
    const card = within(await findCard('Consent at Lever'));
    expect(card.getByDisplayValue(/\/oauth\/lever\/callback$/)).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Give consent at Lever again' }));
    const link = await screen.findByRole('link', { name: 'Open it at Lever' });
    expect(link.getAttribute('href')).toBe('https://auth.lever.co/authorize?state=x');
    await user.click(card.getByRole('button', { name: 'Forget the consent' }));
    expect(server.writes.map(({ method }) => method)).toEqual(['POST']);
    await user.click(card.getAllByRole('button', { name: 'Forget the consent' }).at(-1) ?? document.body);
    expect(server.writes.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
  });
});
