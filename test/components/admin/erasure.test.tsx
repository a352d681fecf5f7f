import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { ErasureView, RemovedConnection } from '../../../lib/contract/erasure.ts';
import { createFakeServer, type FakeServer, OFFLINE, ok, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

const PAST: ErasureView = {
  id: 'e1',
  connectionName: 'Greenhouse',
  askedBy: 'ats-deleted',
  memberName: null,
  askedAt: '2026-11-21T13:00:00.000Z',
  finishedAt: '2026-11-21T13:00:05.000Z',
  applications: 2,
  outside: [{ code: 'mails', text: 'E-mails sent to the candidate: 3. They cannot be taken back.' }],
  counts: {},
};
const PREVIEW = { candidateName: 'Ada Moreno', applications: [{ jobName: 'Backend' }, { jobName: null }], openInvitations: 1 };
const URL = 'https://app.greenhouse.io/people/1/applications/2';

const REMOVED: RemovedConnection = {
  id: '7a6f5a0e-4c5c-4d8b-9a55-1f2f7c1f0d10',
  kind: 'greenhouse',
  name: 'Greenhouse before',
  removedAt: '2026-11-20T13:00:00.000Z',
};

const given = (erasures: ErasureView[] = [], removedConnections: RemovedConnection[] = []): FakeServer => {
  const server = createFakeServer();
  server.answer('GET', '/api/erasures', ok({ erasures, removedConnections }));
  return server;
};
const find = async (server: FakeServer, answer = ok(PREVIEW)) => {
  server.answer('POST', '/api/erasures', answer);
  const { user } = await openOptions(server, { at: 'erasure' });
  const card = await findCard('Erase a candidate');
  await user.type(within(card).getByRole('textbox', { name: 'Address of the candidate’s page' }), URL);
  await user.click(within(card).getByRole('button', { name: 'Find candidate' }));
  return { user, card };
};

describe('erasing a candidate', () => {
  test('shows first whom it found, and erases only when the word was typed', async () => {
    const server = given();
    const { user, card } = await find(server);
    expect(await within(card).findByText('Ada Moreno')).toBeTruthy();
    expect(within(card).getByText(/One open invitation/)).toBeTruthy();
    const connectionId = server.setUp.connections.find(({ kind }) => kind === 'greenhouse')?.id;
    const candidate = { kind: 'page', url: URL };
    expect(server.writes).toEqual([{ method: 'POST', path: '/api/erasures', body: { connectionId, candidate } }]);
    expect(within(card).getByRole('textbox', { name: /to confirm/ })).toBe(document.activeElement);
    const erase = within(card).getByRole('button', { name: 'Erase for ever' });
    await user.click(erase);
    expect(within(card).getByText('Type the word erase.')).toBeTruthy();
    expect(server.writes).toHaveLength(1);
    server.answer('POST', '/api/erasures', ok({ ...PAST, finishedAt: null }, 202));
    await user.type(within(card).getByRole('textbox', { name: /to confirm/ }), 'erase');
    await user.click(erase);
    await waitFor(() => expect(server.writes).toHaveLength(2));
    expect(server.writes[1]?.body).toEqual({ connectionId, candidate, confirmation: 'erase' });
    await waitFor(() => expect(within(card).queryByText('Ada Moreno')).toBeNull());
  });

  test('what is wrong with the address is said at the address, alone', async () => {
    const message = 'That is not the address of a candidate’s page at this ATS.';
    const refusal = refuse('invalid', 'Something in the request is not right.', [{ path: 'candidate.url', message }]);
    const { card } = await find(given(), refusal);
    expect(await within(card).findByText(message)).toBeTruthy();
    expect(within(card).getByRole('textbox').getAttribute('aria-invalid')).toBe('true');
    expect(within(card).queryByText('Something in the request is not right.')).toBeNull();
  });

  test('what was found is forgotten when something else is typed, so that nobody else is erased', async () => {
    const { user, card } = await find(given());
    await within(card).findByText('Ada Moreno');
    await user.type(within(card).getByRole('textbox', { name: 'Address of the candidate’s page' }), '3');
    expect(within(card).queryByText('Ada Moreno')).toBeNull();
    expect(within(card).queryByRole('button', { name: 'Erase for ever' })).toBeNull();
  });

  test('of a removed ATS is offered as such, by keyboard, as long as people of it are kept', async () => {
    const server = given([], [REMOVED]);
    server.answer('POST', '/api/erasures', ok(PREVIEW));
    const { user } = await openOptions(server, { at: 'erasure' });
    const card = await findCard('Erase a candidate');
    const select = await within(card).findByRole('combobox', { name: 'ATS', description: /look for the same person there, too/ });
    const option = within(select).getByRole<HTMLOptionElement>('option', { name: /^Greenhouse before, removed on Nov 20, 2026/ });
    expect(select).toHaveProperty('value', server.setUp.connections.find(({ kind }) => kind === 'greenhouse')?.id);
    for (let tabs = 0; document.activeElement !== select && tabs < 50; tabs += 1) await user.tab();
    expect(document.activeElement).toBe(select);
    await user.selectOptions(select, option);
    await user.type(within(card).getByRole('textbox'), `${URL}{Enter}`);
    expect(await within(card).findByText('Ada Moreno')).toBeTruthy();
    const candidate = { kind: 'page', url: URL };
    expect(server.writes).toEqual([{ method: 'POST', path: '/api/erasures', body: { connectionId: REMOVED.id, candidate } }]);
  });

  test('of a removed ATS is possible where it was the only one', async () => {
    const server = given([], [REMOVED]);
    server.setUp.connections = [];
    await openOptions(server, { at: 'erasure' });
    const select = within(await findCard('Erase a candidate')).getByRole('combobox', { name: 'ATS' });
    expect(within(select).getAllByRole('option')).toHaveLength(1);
    expect(select).toHaveProperty('value', REMOVED.id);
  });

  test('is at the ATS where they were found, also when that goes from the list meanwhile', async () => {
    const server = given([{ ...PAST, finishedAt: null }], [REMOVED]);
    server.answer('POST', '/api/erasures', ok(PREVIEW));
    const { user } = await openOptions(server, { at: 'erasure' });
    const card = await findCard('Erase a candidate');
    const select = await within(card).findByRole('combobox', { name: 'ATS' });
    await user.selectOptions(select, REMOVED.id);
    server.answer('GET', '/api/erasures', ok({ erasures: [PAST] }));
    await user.type(within(card).getByRole('textbox'), `${URL}{Enter}`);
    await within(card).findByText('Ada Moreno');
    // Read anew with the answer.
    await waitFor(() => expect(within(select).queryByRole('option', { name: /removed on/ })).toBeNull());
    server.answer('POST', '/api/erasures', ok({ ...PAST, finishedAt: null }, 202));
    await user.type(within(card).getByRole('textbox', { name: /to confirm/ }), 'erase');
    await user.click(within(card).getByRole('button', { name: 'Erase for ever' }));
    await waitFor(() => expect(server.writes).toHaveLength(2));
    expect(server.writes[1]?.body).toMatchObject({ connectionId: REMOVED.id, confirmation: 'erase' });
  });

  test('says that nothing is kept of somebody, and asks for what is missing', async () => {
    const server = given();
    const { card } = await find(server, refuse('not-found', 'Tagalong keeps nothing about this candidate.'));
    expect(await within(card).findByText('Tagalong keeps nothing about this candidate.')).toBeTruthy();
  });

  test('without an address nothing is asked', async () => {
    const server = given();
    const { user } = await openOptions(server, { at: 'erasure' });
    const card = await findCard('Erase a candidate');
    await user.click(within(card).getByRole('button', { name: 'Find candidate' }));
    expect(within(card).getByText('Enter it first.')).toBeTruthy();
    expect(server.writes).toEqual([]);
  });
});

describe('what was erased', () => {
  test('is listed with what lies elsewhere', async () => {
    const { user } = await openOptions(given([PAST, { ...PAST, id: 'e2', askedBy: 'admin', memberName: 'Rosa' }]), {
      at: 'erasure',
    });
    const card = await findCard('Erased so far');
    expect(within(card).getByText(/Deleted in Greenhouse/)).toBeTruthy();
    expect(within(card).getByText(/Erased by Rosa/)).toBeTruthy();
    const [first] = within(card).getAllByRole('button', { name: 'What lies elsewhere' });
    if (!first) throw new Error('no button');
    await user.click(first);
    expect(within(card).getAllByText('E-mails sent to the candidate: 3. They cannot be taken back.')[0]).toBeTruthy();
  });

  test('names nobody for what follows from an earlier one', async () => {
    await openOptions(given([{ ...PAST, askedBy: 'admin', memberName: null }]), { at: 'erasure' });
    const card = await findCard('Erased so far');
    expect(within(card).getByText(/Follows from an earlier erasure/)).toBeTruthy();
    expect(within(card).queryByText(/Erased by/)).toBeNull();
  });

  test('is under way for a moment', async () => {
    await openOptions(given([{ ...PAST, finishedAt: null }]), { at: 'erasure' });
    const card = await findCard('Erased so far');
    expect(within(card).getByText(/Under way/)).toBeTruthy();
  });

  test('is nobody yet', async () => {
    await openOptions(given(), { at: 'erasure' });
    expect(within(await findCard('Erased so far')).getByText('Nobody has been erased.')).toBeTruthy();
  });

  test('is cut where it is long, and says so', async () => {
    const server = given();
    server.answer('GET', '/api/erasures', ok({ erasures: [PAST, { ...PAST, id: 'e2' }], more: true }));
    await openOptions(server, { at: 'erasure' });
    expect(within(await findCard('Erased so far')).getByText('The newest 2 are shown.')).toBeTruthy();
  });

  test('is whole where nothing says otherwise', async () => {
    await openOptions(given([PAST]), { at: 'erasure' });
    expect(within(await findCard('Erased so far')).queryByText(/^The newest/)).toBeNull();
  });

  test('cannot be read while the server is away', async () => {
    const server = given();
    server.answer('GET', '/api/erasures', OFFLINE);
    await openOptions(server, { at: 'erasure' });
    expect(await screen.findByText('The Tagalong server cannot be reached.')).toBeTruthy();
  });
});
