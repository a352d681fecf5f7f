import '../install-catalogue.ts';
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { connectionSettingsSchema } from '../../../lib/contract/settings.ts';
import { createFakeServer, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

describe('assessments and tags', () => {
  it('show what each tag sends and what keeps one from being sent', async () => {
    await openOptions(createFakeServer(), { at: 'assessments' });
    const card = within(await findCard('In use'));
    expect(card.getAllByRole('heading', { level: 3 }).map((title) => title.textContent)).toEqual([
      'Senior SWETag Senior SWE',
      'Platform projectTag Platform project',
    ]);
    expect(card.getByText(/Invitations by e-mail need a mail server/)).toBeTruthy();
    expect(card.queryByText('Old screen')).toBeNull();
  });

  it('fill themselves from the list of the vendor', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'assessments' });
    await user.click(await screen.findByRole('button', { name: 'Add an assessment' }));
    const card = within(await findCard('Add an assessment'));
    await user.click(await card.findByRole('combobox', { name: 'Assessment at the vendor' }));
    await user.click(card.getByRole('option', { name: /Pairing interview/ }));
    expect(card.getByLabelText<HTMLInputElement>('Tag').value).toBe('Pairing interview');
    await user.click(card.getByRole('button', { name: 'Add an assessment' }));
    expect(await screen.findByRole('heading', { level: 3, name: /Pairing interview/ })).toBeTruthy();
    expect(server.writes).toMatchObject([
      {
        method: 'POST',
        path: '/api/assessments',
        body: {
          vendorConnectionId: 'cb',
          externalId: 'pairing-77xy',
          kind: 'live interview',
          durationMinutes: 45,
          passMark: null,
          deadlineDays: 7,
          linkTemplate: null,
          handover: 'vendor e-mail',
        },
      },
    ]);
  });

  it('of a service that writes to candidates itself are sent by its e-mail only, and need no link', async () => {
    const server = createFakeServer((setUp) => {
      const like = setUp.connections.find(({ kind }) => kind === 'byteboard');
      if (!like) throw new Error('no connection to copy');
      const settings = connectionSettingsSchema.parse({
        kind: 'partner',
        preset: 'adaface',
        baseUrl: 'https://app.adaface.com/x',
      });
      setUp.connections = [{ ...like, kind: 'partner', name: 'Adaface', settings, webhooks: [] }];
      setUp.assessments = [];
    });
    await openOptions(server, { at: 'assessments' });
    const card = within(await findCard('Add an assessment'));
    const handover = within(card.getByLabelText('How the candidate gets it'));
    expect(handover.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['The vendor writes an e-mail']);
    expect(card.queryByLabelText('Link for the candidate')).toBeNull();
  });

  it('of a link vendor need a link, and their name is their id', async () => {
    const server = createFakeServer((setUp) => {
      setUp.connections = setUp.connections.filter(({ kind }) => kind === 'byteboard');
      setUp.assessments = [];
    });
    const { user } = await openOptions(server, { at: 'assessments' });
    const card = within(await findCard('Add an assessment'));
    await user.type(card.getByLabelText('Name'), 'Platform project');
    await user.type(card.getByLabelText('Tag'), 'platform');
    await user.click(card.getByRole('button', { name: 'Add an assessment' }));
    expect(card.getByLabelText('Link for the candidate').getAttribute('aria-invalid')).toBe('true');
    await user.type(card.getByLabelText('Link for the candidate'), 'https://byteboard.dev/take/1');
    await user.click(card.getByRole('button', { name: 'Add an assessment' }));
    expect(await findCard('In use')).toBeTruthy();
    expect(server.writes).toMatchObject([
      { body: { externalId: 'Platform project', linkTemplate: 'https://byteboard.dev/take/1', handover: 'our e-mail' } },
    ]);
  });

  it('of a link vendor may take one-time links, which are pasted and counted', async () => {
    const server = createFakeServer((setUp) => {
      setUp.assessments = setUp.assessments
        .filter(({ id }) => id === 'a2')
        .map((assessment) => ({
          ...assessment,
          linkTemplate: null,
          linkFrom: 'pool',
          links: { free: 0, taken: 7 },
          troubles: [],
        }));
    });
    server.answer('POST', '/api/assessments/a2/links', { status: 200, body: { free: 2, taken: 7, added: 2, known: 0 } });
    const { user } = await openOptions(server, { at: 'assessments' });
    expect(await screen.findByText('0 free, 7 given to candidates')).toBeTruthy();
    await user.type(screen.getByLabelText('New links'), 'https://v.example/1{enter}https://v.example/2');
    await user.click(screen.getByRole('button', { name: 'Add links' }));
    expect(await screen.findByDisplayValue('')).toBeTruthy();
    expect(server.writes).toMatchObject([
      { method: 'POST', path: '/api/assessments/a2/links', body: { links: ['https://v.example/1', 'https://v.example/2'] } },
    ]);
    await user.click(screen.getByRole('button', { name: 'Change Platform project' }));
    expect(screen.getByLabelText<HTMLSelectElement>('Where its links come from').value).toBe('pool');
    expect(screen.queryByLabelText('Link for the candidate')).toBeNull();
  });

  it('say which numbers do not fit', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'assessments' });
    await user.click(await screen.findByRole('button', { name: 'Change Senior SWE' }));
    await user.clear(screen.getByLabelText('Deadline'));
    await user.type(screen.getByLabelText('Deadline'), '100');
    await user.clear(screen.getByLabelText('Pass mark'));
    await user.type(screen.getByLabelText('Pass mark'), 'high');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(screen.getByText('A whole number from 1 to 90.')).toBeTruthy();
    expect(screen.getByText('A number, such as 70.')).toBeTruthy();
    expect(server.writes).toEqual([]);
  });

  it('show the refusal of a tag that is taken at the tag', async () => {
    const server = createFakeServer();
    const message = 'The tag "Platform project" belongs to another assessment already.';
    server.answer('PATCH', '/api/assessments/a1', refuse('invalid', message, [{ path: 'tag', message }]));
    const { user } = await openOptions(server, { at: 'assessments' });
    await user.click(await screen.findByRole('button', { name: 'Change Senior SWE' }));
    await user.clear(screen.getByLabelText('Tag'));
    await user.type(screen.getByLabelText('Tag'), 'Platform project');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect((await screen.findByRole('alert')).textContent).toContain(message);
    expect(screen.getByLabelText('Tag').getAttribute('aria-invalid')).toBe('true');
  });

  it('are archived after saying what becomes of the candidates', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'assessments' });
    await user.click(await screen.findByRole('button', { name: 'Archive Senior SWE' }));
    expect(screen.getByText(/candidates tagged "Senior SWE" get nothing by themselves/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Archive Senior SWE' }));
    expect(await screen.findByRole('button', { name: '2 archived assessments' })).toBeTruthy();
    expect(server.writes).toEqual([{ method: 'DELETE', path: '/api/assessments/a1' }]);
  });

  it('begin with a vendor', async () => {
    await openOptions(
      createFakeServer((setUp) => Object.assign(setUp, { connections: [], assessments: [] })),
      { at: 'assessments' },
    );
    expect(await screen.findByText('Assessments belong to a vendor. Connect one first.')).toBeTruthy();
  });
});
