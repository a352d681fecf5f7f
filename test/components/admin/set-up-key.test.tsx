import '../install-catalogue.ts';
import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { createFakeServer, ok } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

it('the set-up key is cleaned up after the set-up, and what Lever says to it is shown', async () => {
  const server = createFakeServer((setUp) => {
    const lever = setUp.connections.find(({ kind }) => kind === 'lever');
    lever?.secrets.push({ name: 'setupKey', lastFour: 'wide' });
  });
  const id = server.setUp.connections.find(({ kind }) => kind === 'lever')?.id;
  const message = 'Lever still accepts the set-up key. Revoke it in Lever.';
  server.answer('DELETE', `/api/connections/${id}/set-up-key`, ok({ dead: false, message }));
  const { user } = await openOptions(server, { at: 'lever' });
  const card = within(await findCard('Clean up after the set-up'));
  await user.click(card.getByRole('button', { name: 'It is revoked: check and forget it' }));
  expect(await card.findByText(message)).toBeTruthy();
});

it('without a set-up key nothing asks to clean up', async () => {
  await openOptions(createFakeServer(), { at: 'lever' });
  expect(await screen.findByLabelText('Set-up key')).toBeTruthy();
  expect(screen.queryByRole('region', { name: 'Clean up after the set-up' })).toBeNull();
});
