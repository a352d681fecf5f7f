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

describe('who people are in the ATSs', () => {
  const openBen = async (server = createFakeServer()) => {
    const { user } = await openOptions(server, { at: 'people' });
    const row = within((await screen.findByText('Ben Okafor')).closest('li') as HTMLElement);
    return { user, row, server };
  };

  it('is shown, with whoever is missing where it is needed', async () => {
    const { row } = await openBen();
    expect(row.getByText('ben@example.com')).toBeTruthy();
    expect(row.getByText(/Ben Okafor, by e-mail/)).toBeTruthy();
    expect(row.getByText(/no user found/)).toBeTruthy();
    expect(row.getAllByText('Needs you')).toHaveLength(1);
  });

  it('is chosen by keyboard, and saved at once', async () => {
    const { user, row, server } = await openBen();
    await user.click(row.getByRole('button', { name: 'E-mail, role and users' }));
    // Below the field, once the users have come.
    await row.findByText('no user found');
    const box = row.getByRole<HTMLInputElement>('combobox', { name: 'User in Lever' });
    expect(box.value).toBe('As the e-mail says');
    await user.clear(box);
    await user.type(box, 'ben{Enter}');
    expect(await row.findAllByText(/Ben Okafor, set by an admin/)).toHaveLength(2);
    expect(row.queryByText('Needs you')).toBeNull();
    await user.clear(box);
    await user.type(box, 'nobody{Enter}');
    expect(await row.findAllByText(/nobody, set by an admin/)).toHaveLength(2);
    await user.clear(box);
    await user.type(box, 'as the{Enter}');
    expect(await row.findAllByText(/no user found/)).toHaveLength(2);
    const path = '/api/members/m2/ats-users/lv';
    expect(server.writes).toEqual([
      { method: 'PUT', path, body: { userId: 'u-ben' } },
      { method: 'PUT', path, body: { userId: null } },
      { method: 'DELETE', path, body: undefined },
    ]);
  });

  it('cannot be somebody who may not sign in there', async () => {
    const { user, row, server } = await openBen();
    await user.click(row.getByRole('button', { name: 'E-mail, role and users' }));
    await row.findByText('no user found');
    const box = row.getByRole('combobox', { name: 'User in Lever' });
    await user.clear(box);
    await user.type(box, 'gil');
    expect(row.getByText(/Deactivated there\./)).toBeTruthy();
    await user.keyboard('{Enter}');
    expect(server.writes).toEqual([]);
  });

  it('says why the users cannot be read, and asks again', async () => {
    const server = createFakeServer();
    server.answer('GET', '/api/connections/lv/users', refuse('ats-unavailable', 'Lever cannot be reached.'));
    const { user, row } = await openBen(server);
    await user.click(row.getByRole('button', { name: 'E-mail, role and users' }));
    const alert = await row.findByRole('alert');
    expect(alert.textContent).toContain('Lever cannot be reached.');
    server.answer('GET', '/api/connections/lv/users', null);
    await user.click(row.getByRole('button', { name: 'Try again' }));
    expect(await row.findByRole('combobox', { name: 'User in Lever' })).toBeTruthy();
  });

  it('follows from the e-mail, which is saved with the role', async () => {
    const { user, row, server } = await openBen();
    await user.click(row.getByRole('button', { name: 'E-mail, role and users' }));
    const field = row.getByLabelText('E-mail');
    await user.clear(field);
    await user.type(field, 'ben');
    await user.selectOptions(row.getByLabelText('Role'), 'Admin');
    await user.click(row.getByRole('button', { name: 'Save' }));
    expect(row.getByText('This is no e-mail address.')).toBeTruthy();
    expect(server.writes).toEqual([]);
    await user.type(field, '@okafor.example');
    await user.click(row.getByRole('button', { name: 'Save' }));
    expect(await row.findByText('Saved')).toBeTruthy();
    expect(server.writes).toEqual([
      { method: 'PATCH', path: '/api/members/m2', body: { email: 'ben@okafor.example', role: 'admin' } },
    ]);
  });

  it('comes with the code', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'people' });
    const card = within(await findCard('Let somebody in'));
    await user.type(card.getByLabelText('E-mail'), 'erin@example.com');
    await user.click(card.getByRole('button', { name: 'Make a code' }));
    await card.findByRole('textbox', { name: 'Pairing code' });
    expect(server.writes).toEqual([
      { method: 'POST', path: '/api/codes', body: { role: 'recruiter', note: '', email: 'erin@example.com' } },
    ]);
  });
});
