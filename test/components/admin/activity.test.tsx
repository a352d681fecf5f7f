import '../install-catalogue.ts';
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toQuery } from '../../../components/admin/activity-query.ts';
import { formatExact } from '../../../components/ui/format-time.ts';
import { createFakeServer, OFFLINE, ok } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

afterEach(() => vi.restoreAllMocks());

const open = async (server = createFakeServer()) => {
  const opened = await openOptions(server, { at: 'activity' });
  return { ...opened, server, card: within(await findCard('What happened')) };
};
/** What was done, of each entry in sight. */
const entries = () => [...document.querySelectorAll('ol > li')].map((item) => item.querySelector('.font-medium')?.textContent);

describe('the activity', () => {
  it('says who did what, to whom and why', async () => {
    const { card } = await open();
    const sent = within((await card.findByText('Invitation sent', { selector: 'span' })).closest('li') as HTMLElement);
    expect(sent.getByText('Tagalong')).toBeTruthy();
    expect(sent.getByRole('button', { name: 'Ada Moreno' })).toBeTruthy();
    expect(sent.getByText('Coderbyte sent the invitation to ada@example.com.')).toBeTruthy();
    expect(card.getByText('3 shown')).toBeTruthy();
  });

  it('shows what was changed on a click, a secret by its last characters', async () => {
    const { card, user } = await open();
    await user.click(await card.findByRole('button', { name: 'What changed' }));
    const deadline = card.getByRole('row', { name: /^deadline/ });
    expect(deadline.textContent).toContain(formatExact(Date.parse('2026-12-24T16:30:00.000Z')));
    expect(deadline.textContent).not.toContain('T16:30');
    const row = within(card.getByRole('row', { name: /secret client secret/ }));
    expect(row.getAllByRole('cell').map((cell) => cell.textContent)).toEqual(['… ab12', '… 9Qz7']);
    expect(card.getByText('Not linked yet')).toBeTruthy();
  });

  it('shows older entries page by page, and names nobody who was erased', async () => {
    const { card, user } = await open();
    await user.click(await card.findByRole('button', { name: 'Show older' }));
    expect(await card.findByRole('button', { name: 'Erased candidate' })).toBeTruthy();
    expect(entries()).toHaveLength(4);
    expect(card.queryByRole('button', { name: 'Show older' })).toBeNull();
  });

  it('says of whom the reader may not see that they are hidden, and names nobody', async () => {
    const server = createFakeServer((setUp) => {
      setUp.activity = setUp.activity.slice(0, 1).map((entry) => ({
        ...entry,
        candidate: { applicationKey: 'key', name: null, job: null, erased: false, hidden: true },
        why: ['You may not see this candidate.'],
        changes: [],
      }));
    });
    const { card } = await open(server);
    expect(await card.findByRole('button', { name: 'Hidden candidate' })).toBeTruthy();
    expect(card.getByText('You may not see this candidate.')).toBeTruthy();
  });

  it('does not say that nothing matches while there is more to look through', async () => {
    const server = createFakeServer();
    server.answer('GET', '/api/activity?text=Mia', ok({ entries: [], next: '40', actions: [], head: null }));
    const { card, user } = await open(server);
    await user.type(card.getByLabelText('Search'), 'Mia');
    expect(await card.findByText('Nothing matches among the newer entries. Older ones may.')).toBeTruthy();
    expect(card.getByRole('button', { name: 'Show older' })).toBeTruthy();
  });

  it('is found by what was done and by a word, and one click takes all filters away', async () => {
    const { card, user, server } = await open();
    await card.findByText('Invitation sent', { selector: 'span' });
    await user.selectOptions(card.getByLabelText('What'), 'Candidate entered a stage');
    await waitFor(() => expect(entries()).toEqual(['Candidate entered a stage']));
    await user.type(card.getByLabelText('Search'), 'no such.. word');
    expect(await card.findByText('Nothing matches these filters.')).toBeTruthy();
    expect(server.reads.at(-1)).toBe('/api/activity?action=stage%2Eentered&text=no%20such%2E%2E%20word');
    await user.click(card.getByRole('button', { name: 'Clear filters' }));
    expect(await card.findByText('Invitation sent', { selector: 'span' })).toBeTruthy();
  });

  it('shows all that happened to one candidate, by keyboard too', async () => {
    const { card, user } = await open();
    (await card.findAllByRole('button', { name: 'Ada Moreno' }))[0]?.focus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(entries()).toEqual(['Invitation sent', 'Candidate entered a stage']));
  });

  describe('as a file', () => {
    const PART = '/api/activity/export?format=ndjson&limit=500';
    const openForExport = async () => {
      const blobs: Blob[] = [];
      vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
        blobs.push(blob as Blob);
        return 'blob:x';
      });
      const names: string[] = [];
      vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
        names.push(this.download);
      });
      const opened = await open();
      await opened.card.findByText('Invitation sent', { selector: 'span' });
      await opened.user.selectOptions(screen.getByLabelText('File'), 'JSON, one entry a line');
      return { ...opened, blobs, names };
    };
    const button = () => screen.getByRole('button', { name: 'Export' });

    it('goes out whole, although the server gives it in parts', async () => {
      const { user, server, blobs } = await openForExport();
      server.answer('GET', PART, ok({ text: '\uFEFFone\n', next: '70' }));
      server.answer('GET', `${PART}&before=70`, ok({ text: 'two\n', next: '40' }));
      server.answer('GET', `${PART}&before=40`, ok({ text: 'three\n', next: null }));
      await user.click(button());
      expect(await screen.findByText('Exported.')).toBeTruthy();
      expect(blobs).toHaveLength(1);
      // With the mark by which spreadsheets tell UTF-8, which Blob.text() leaves out.
      expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(await blobs[0]?.arrayBuffer())).toBe('\uFEFFone\ntwo\nthree\n');
    });

    it('is not handed out by half: it says that nothing was saved, and can be tried again', async () => {
      const { user, server, blobs } = await openForExport();
      server.answer('GET', PART, ok({ text: 'one\n', next: '70' }));
      server.answer('GET', `${PART}&before=70`, OFFLINE);
      await user.click(button());
      const alert = await screen.findByText(/Nothing was saved/);
      expect(alert.textContent).toContain('The Tagalong server cannot be reached.');
      expect(blobs).toEqual([]);
      server.answer('GET', `${PART}&before=70`, ok({ text: 'two\n', next: null }));
      await user.click(button());
      await waitFor(() => expect(blobs).toHaveLength(1));
      expect(await blobs[0]?.text()).toBe('one\ntwo\n');
      expect(screen.queryByText(/Nothing was saved/)).toBeNull();
    });

    it('is under way meanwhile, and stays the kind of file that was asked for', async () => {
      const { user, server, blobs, names } = await openForExport();
      const last = Promise.withResolvers<ReturnType<typeof ok>>();
      server.answer('GET', PART, last.promise);
      await user.click(button());
      expect(button().getAttribute('aria-disabled')).toBe('true');
      await user.selectOptions(screen.getByLabelText('File'), 'Spreadsheet (CSV)');
      last.resolve(ok({ text: '{}\n', next: null }));
      await waitFor(() => expect(names).toEqual(['tagalong-activity.ndjson']));
      expect(blobs[0]?.type).toBe('application/x-ndjson');
    });
  });

  it('says so when nothing has happened, and when it cannot be read', async () => {
    const server = createFakeServer((setUp) => {
      setUp.activity = [];
    });
    server.answer('GET', '/api/activity', OFFLINE);
    const { card, user } = await open(server);
    const alert = await card.findByRole('alert');
    expect(alert.textContent).toContain('The Tagalong server cannot be reached.');
    server.answer('GET', '/api/activity', null);
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await card.findByText(/^Nothing has happened yet/)).toBeTruthy();
  });
});

describe('the question to the server', () => {
  it('has days in the time of whoever asks, the last one whole', () => {
    const none = { text: ' ', member: '', action: '', connection: '', application: '', from: '', to: '' };
    expect(toQuery(none)).toBe('');
    const query = new URLSearchParams(toQuery({ ...none, from: '2026-11-01', to: '2026-11-02' }));
    expect(Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '')).toBe(2 * 24 * 3_600_000);
    expect(query.get('from')).toBe(new Date(2026, 10, 1).toISOString());
  });
});
