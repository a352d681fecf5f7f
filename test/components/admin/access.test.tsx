import '../install-catalogue.ts';
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { createFakeServer, OFFLINE, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

const PATH = '/api/connections/gh/access';

describe('the access of an ATS connection', () => {
  it('has never been checked, is checked on request, and names what is missing and what for', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = within(await findCard('Access'));
    expect(await card.findByText('Not checked yet.')).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Check access' }));
    expect(await card.findByRole('heading', { name: 'Missing: what each is for does not work' })).toBeTruthy();
    expect(card.getByText('harvest:notes:create')).toBeTruthy();
    expect(card.getByText('Notes about invitations and results')).toBeTruthy();
    expect(card.getByText(/is not a Site Admin of Greenhouse/)).toBeTruthy();
    expect(server.writes).toEqual([{ method: 'POST', path: PATH, body: {} }]);
    // What is right, and what is not needed, is there by keyboard and folded away.
    expect(card.queryByText('harvest:applications:list')).toBeNull();
    card.getByRole('button', { name: '2 rights granted' }).focus();
    await user.keyboard('{Enter}');
    expect(card.getByText('harvest:applications:list')).toBeTruthy();
    await user.click(card.getByRole('button', { name: '1 right that nothing uses' }));
    expect(card.getByText('harvest:candidates:destroy')).toBeTruthy();
    await user.click(card.getByRole('button', { name: '1 further right, and what it would add' }));
    expect(card.getByText('harvest:users:list')).toBeTruthy();
  });

  it('what only a trial can tell is tried on the candidate that is named, and on nobody else', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'lever' });
    const card = within(await findCard('Access'));
    await user.click(await card.findByRole('button', { name: 'Check access' }));
    await user.click(await card.findByRole('button', { name: 'Try on this candidate' }));
    expect(card.getByText('Paste an address or an id first.')).toBeTruthy();
    expect(server.writes).toHaveLength(1);
    const address = 'https://hire.lever.co/candidates/6e1d7a3c-0000-4000-8000-000000000001';
    await user.type(card.getByLabelText('Test candidate'), address);
    await user.click(card.getByRole('button', { name: 'Try on this candidate' }));
    expect(await card.findByRole('button', { name: '2 rights granted' })).toBeTruthy();
    expect(card.queryByRole('button', { name: 'Try on this candidate' })).toBeNull();
    expect(server.writes.at(-1)).toMatchObject({ body: { testCandidate: address } });
  });

  it('a look that fails says why, and what was known before stays', async () => {
    const server = createFakeServer((setUp) => setUp.looked.add('gh'));
    server.answer('POST', PATH, refuse('ats-unavailable', 'Greenhouse cannot be reached just now.'));
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = within(await findCard('Access'));
    await user.click(await card.findByRole('button', { name: 'Check access' }));
    expect((await card.findByRole('alert')).textContent).toContain('cannot be reached');
    expect(card.getByText('harvest:notes:create')).toBeTruthy();
  });

  it('a server that does not answer says so, with a way to ask again', async () => {
    const server = createFakeServer();
    server.answer('GET', PATH, OFFLINE);
    await openOptions(server, { at: 'greenhouse' });
    const card = within(await findCard('Access'));
    expect((await card.findByRole('alert')).textContent).toContain('cannot be reached');
  });

  it('a vendor has no such card', async () => {
    await openOptions(createFakeServer(), { at: 'vendors' });
    await screen.findAllByRole('button', { name: 'Check connection' });
    expect(screen.queryByRole('region', { name: 'Access' })).toBeNull();
  });
});
