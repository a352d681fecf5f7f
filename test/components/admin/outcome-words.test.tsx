import '../install-catalogue.ts';
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { connectionSettingsSchema, type OutcomeWords } from '../../../lib/contract/settings.ts';
import { createFakeServer, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

const TITLE = 'Outcomes told to HackerRank';

function withHackerrank(outcomeWords?: OutcomeWords) {
  return createFakeServer(({ connections }) => {
    const like = connections.find(({ id }) => id === 'cb');
    if (!like) throw new Error('no vendor to make one like');
    const settings = connectionSettingsSchema.parse({ kind: 'hackerrank', outcomeWords });
    connections.push({ ...like, id: 'hr', kind: 'hackerrank', name: 'HackerRank', settings, webhooks: [] });
  });
}
const card = async () => within(await findCard(TITLE));

describe('the outcomes that a vendor is told', () => {
  it('are none at first, which is said, and each can be any word of the vendor', async () => {
    await openOptions(withHackerrank(), { at: 'vendors' });
    const form = await card();
    expect(form.getByText('So far HackerRank is told nothing.')).toBeTruthy();
    const selects = form.getAllByRole<HTMLSelectElement>('combobox');
    expect(selects.map(({ value }) => value)).toEqual(['', '', '', '', '', '', '']);
    const options = [...(form.getByLabelText<HTMLSelectElement>('Offer accepted').options ?? [])].map(({ text }) => text);
    expect(options.slice(0, 2)).toEqual(['Tell nothing', 'Not set']);
    expect(options).toContain('Offer declined');
    expect(options).toHaveLength(24);
  });

  it('are saved with every other setting as it is, and one that is taken away is told no more', async () => {
    const server = withHackerrank({ rejected: 'Rejected', withdrew: 'On hold' });
    const { user } = await openOptions(server, { at: 'vendors' });
    const form = await card();
    expect(form.queryByText(/is told nothing/)).toBeNull();
    await user.selectOptions(form.getByLabelText('Offer made'), 'Offer sent');
    await user.selectOptions(form.getByLabelText('Withdrew'), 'Tell nothing');
    expect(form.getByText(/Withdrew, Offer made/)).toBeTruthy();
    await user.click(form.getByRole('button', { name: 'Save' }));
    expect(await form.findByText('Saved', { selector: 'p' })).toBeTruthy();
    const settings = connectionSettingsSchema.parse({
      kind: 'hackerrank',
      outcomeWords: { rejected: 'Rejected', 'offer extended': 'Offer sent' },
    });
    expect(server.writes).toEqual([{ method: 'PATCH', path: '/api/connections/hr', body: { settings } }]);
    expect(form.getByLabelText<HTMLSelectElement>('Offer made').value).toBe('Offer sent');
  });

  it('that are refused stay in the form, with the sentence, and can be discarded', async () => {
    const server = withHackerrank();
    server.answer('PATCH', '/api/connections/hr', refuse('invalid', 'HackerRank does not know this word.'));
    const { user } = await openOptions(server, { at: 'vendors' });
    const form = await card();
    await user.selectOptions(form.getByLabelText('Rejected'), 'Failed');
    await user.click(form.getByRole('button', { name: 'Save' }));
    expect((await form.findByRole('alert')).textContent).toContain('does not know this word');
    expect(form.getByLabelText<HTMLSelectElement>('Rejected').value).toBe('Failed');
    await user.click(form.getByRole('button', { name: 'Discard' }));
    expect(form.getByLabelText<HTMLSelectElement>('Rejected').value).toBe('');
    expect(form.queryByRole('alert')).toBeNull();
  });

  it('are not asked for where the vendor takes none', async () => {
    await openOptions(createFakeServer(), { at: 'vendors' });
    await findCard('Coderbyte');
    expect(screen.queryByText(/Outcomes told to/)).toBeNull();
  });
});

describe('connecting HackerRank', () => {
  it('takes the key alone, and nothing has to be entered there', async () => {
    const server = createFakeServer((setUp) => {
      setUp.connections = [];
    });
    const { user } = await openOptions(server, { at: 'vendors' });
    await user.click(await screen.findByRole('button', { name: 'Connect HackerRank' }));
    const form = within(await findCard('Connect HackerRank'));
    expect(form.getByText(/each invitation says where its result goes/)).toBeTruthy();
    await user.type(form.getByLabelText('API key'), 'key-of-northwind');
    await user.click(form.getByRole('button', { name: 'Connect HackerRank' }));
    expect(await findCard('HackerRank')).toBeTruthy();
    expect(server.writes).toMatchObject([
      {
        body: {
          name: 'HackerRank',
          settings: { kind: 'hackerrank', apiUrl: 'https://www.hackerrank.com/x/api/v3' },
          secrets: { apiKey: 'key-of-northwind' },
        },
      },
    ]);
  });
});
