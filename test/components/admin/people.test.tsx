import '../install-catalogue.ts';
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { createFakeServer, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

describe('people', () => {
  it('get a code with a role, shown once and ready to copy', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'people' });
    const card = within(await findCard('Let somebody in'));
    await user.selectOptions(card.getByLabelText('Role'), 'Viewer');
    expect(card.getByText('Sees what was sent and what came of it.')).toBeTruthy();
    await user.type(card.getByLabelText('For whom'), 'Erin');
    await user.click(card.getByRole('button', { name: 'Make a code' }));
    expect((await card.findByRole<HTMLInputElement>('textbox', { name: 'Pairing code' })).value).toBe('K7QF-2M9X-WT4C');
    await user.click(card.getByRole('button', { name: 'Copy: Pairing code' }));
    expect(await navigator.clipboard.readText()).toBe('K7QF-2M9X-WT4C');
    expect(await card.findByText('Erin')).toBeTruthy();
    expect(server.writes).toEqual([{ method: 'POST', path: '/api/codes', body: { role: 'viewer', note: 'Erin' } }]);
  });

  it('lose a code that nobody has used yet', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'people' });
    await user.click(await screen.findByRole('button', { name: 'End the code for Dana' }));
    await user.click(screen.getByRole('button', { name: 'End' }));
    expect(await screen.findByRole('button', { name: '3 earlier codes' })).toBeTruthy();
    expect(server.writes).toEqual([{ method: 'DELETE', path: '/api/codes/c1' }]);
  });

  it('are shown out after it was said what becomes of what they sent', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'people' });
    await user.click(await screen.findByRole('button', { name: 'Revoke access of Ben Okafor' }));
    expect(screen.getByText(/Every browser of Ben Okafor is disconnected at once/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Revoke access of Ben Okafor' }));
    expect(await screen.findAllByText(/access ended/)).toHaveLength(2);
    expect(server.writes).toEqual([{ method: 'DELETE', path: '/api/members/m2' }]);
  });

  it('cannot show themselves out here, and see why the server keeps somebody', async () => {
    const server = createFakeServer();
    server.answer(
      'DELETE',
      '/api/members/m2',
      refuse('forbidden', 'This is the only admin. Make a code for another admin first.'),
    );
    const { user } = await openOptions(server, { at: 'people' });
    await user.click(await screen.findByRole('button', { name: 'Revoke access of Ben Okafor' }));
    await user.click(screen.getByRole('button', { name: 'Revoke access of Ben Okafor' }));
    expect((await screen.findByRole('alert')).textContent).toContain('This is the only admin.');
    expect(screen.queryByRole('button', { name: 'Revoke access of Ada Lovelace' })).toBeNull();
  });
});
