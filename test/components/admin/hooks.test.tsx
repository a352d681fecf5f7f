import '../install-catalogue.ts';
import { within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { OutgoingHookView } from '../../../lib/contract/settings.ts';
import { createFakeServer, ok, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

const WAREHOUSE: OutgoingHookView = {
  id: 'h1',
  name: 'Warehouse',
  url: 'https://hooks.acme.example/in',
  events: ['invitation.sent'],
  enabled: true,
  lastFour: 'wxyz',
  lastOkAt: null,
  lastFailedAt: '2026-11-21T14:00:00.000Z',
  lastFailedBecause: 'HTTP 500',
  createdAt: '2026-11-20T14:00:00.000Z',
};

describe('other systems', () => {
  it('are added with what they are told of; the secret shows once', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'vendors' });
    const card = within(await findCard('Tell other systems'));
    await user.click(card.getByRole('button', { name: 'Add an address' }));
    await user.type(card.getByLabelText('Name'), 'Warehouse');
    await user.type(card.getByLabelText('Address'), 'https://hooks.acme.example/in');
    await user.click(card.getByLabelText('Candidate has begun'));
    await user.click(card.getByRole('button', { name: 'Add an address' }));
    expect((await card.findByLabelText<HTMLInputElement>('Signing secret')).value).toBe('whsec_made-once');
    expect(await card.findByRole('heading', { name: 'Warehouse' })).toBeTruthy();
    expect(server.writes).toEqual([
      {
        method: 'POST',
        path: '/api/outgoing-hooks',
        body: {
          name: 'Warehouse',
          url: 'https://hooks.acme.example/in',
          events: ['invitation.sent', 'result.reported', 'invitation.cancelled', 'invitation.expired', 'outcome.changed'],
        },
      },
    ]);
  });

  it('are tested, switched off and deleted', async () => {
    const server = createFakeServer((setUp) => {
      setUp.hooks = [WAREHOUSE];
    });
    const { user } = await openOptions(server, { at: 'vendors' });
    const card = within(await findCard('Tell other systems'));
    expect(card.getByText('HTTP 500')).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Send a test to Warehouse' }));
    expect(await card.findByText('It took the test.')).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Switch off Warehouse' }));
    await user.click(await card.findByRole('button', { name: 'Switch on Warehouse' }));
    await card.findByRole('button', { name: 'Switch off Warehouse' });
    await user.click(card.getByRole('button', { name: 'Delete Warehouse' }));
    await user.click(card.getByRole('button', { name: 'Delete' }));
    expect(await card.findByRole('button', { name: 'Add an address' })).toBeTruthy();
    expect(server.writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/outgoing-hooks/h1/test',
      'PATCH /api/outgoing-hooks/h1',
      'PATCH /api/outgoing-hooks/h1',
      'DELETE /api/outgoing-hooks/h1',
    ]);
  });

  it('get another secret after a warning, and show it once', async () => {
    const server = createFakeServer((setUp) => {
      setUp.hooks = [WAREHOUSE];
    });
    server.answer('POST', '/api/outgoing-hooks/h1/secret', ok({ hook: WAREHOUSE, secret: 'whsec_the-next' }));
    const { user } = await openOptions(server, { at: 'vendors' });
    const card = within(await findCard('Tell other systems'));
    await user.click(card.getByRole('button', { name: 'Replace secret of Warehouse' }));
    expect(card.getByText(/ends in wxyz stops working at once/)).toBeTruthy();
    expect(server.writes).toEqual([]);
    await user.click(card.getByRole('button', { name: 'Replace secret' }));
    expect((await card.findByLabelText<HTMLInputElement>('Signing secret')).value).toBe('whsec_the-next');
    expect(card.queryByText(/stops working at once/)).toBeNull();
  });

  it('show the refusal of an address at the address', async () => {
    const server = createFakeServer();
    const message = 'This address cannot be called: 10.0.0.1:443 is not a public address.';
    server.answer('POST', '/api/outgoing-hooks', refuse('invalid', message, [{ path: 'url', message }]));
    const { user } = await openOptions(server, { at: 'vendors' });
    const card = within(await findCard('Tell other systems'));
    await user.click(card.getByRole('button', { name: 'Add an address' }));
    await user.type(card.getByLabelText('Address'), 'https://10.0.0.1/');
    await user.click(card.getByRole('button', { name: 'Add an address' }));
    expect(await card.findByRole('alert')).toBeTruthy();
    expect(card.getByLabelText('Address').getAttribute('aria-invalid')).toBe('true');
  });
});
