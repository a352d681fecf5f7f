import '../install-catalogue.ts';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { PopupApp } from '../../../components/popup/popup-app.tsx';
import { CONNECTED, createFakePopup, NOW, WAITING } from './fake-popup.ts';

afterEach(cleanup);

/** The popup with a person in front of it; the browser's clock may differ from the server's. */
function openPopup(fake: ReturnType<typeof createFakePopup>, nowMs = NOW) {
  const clock = { now: () => nowMs, newId: () => '00000000-0000-4000-8000-000000000000' };
  render(<PopupApp backend={fake.backend} sites={fake.sites} clock={clock} />);
  return { ...fake, user: userEvent.setup() };
}

describe('the popup of a connected browser', () => {
  it('says who is connected and where', async () => {
    openPopup(createFakePopup());
    expect(await screen.findByText('Connected')).toBeTruthy();
    expect(screen.getByRole('contentinfo').textContent).toContain('Ada Lovelace · tagalong.example.com');
  });

  it('lists what waits, the next to go out first, each with the way to the candidate', async () => {
    openPopup(createFakePopup());
    const items = await screen.findAllByRole('listitem');
    const names = items.map((item) => item.querySelector('bdi')?.textContent);
    expect(names).toEqual(['Ada Lovelace', 'Alan Turing', 'Grace Hopper', 'Candidate without a name']);
    expect(screen.getByRole('link', { name: /Alan Turing/ }).getAttribute('href')).toBe(
      'https://hire.lever.co/candidates/22222222-2222-4222-8222-222222222222',
    );
  });

  it('counts down by the clock of the server, not of the browser', async () => {
    openPopup(createFakePopup(), NOW - 300_000);
    expect(await screen.findByText('You are sending in 6 s')).toBeTruthy();
    expect(screen.getByText('Ben Okafor is sending in 8 s')).toBeTruthy();
  });

  it('takes an invitation back and reads the list anew', async () => {
    let items = WAITING.items;
    const fake = createFakePopup({ getWaiting: async () => ({ ...WAITING, items }) });
    const { user, undone } = openPopup(fake);
    const button = await screen.findByRole('button', { name: 'Undo the invitation to Ada Lovelace' });
    items = items.filter(({ key }) => key !== 'k1');
    await user.click(button);
    expect(undone).toEqual([{ invitationId: 'i1', applicationKey: 'k1' }]);
    await waitFor(() => expect(screen.queryByRole('link', { name: /Ada Lovelace/ })).toBeNull());
    expect(screen.getByRole('status').textContent).toBe('Undone. Nothing was sent.');
  });

  it('says so when it was too late', async () => {
    const message = 'Too late to undo: it is already on its way.';
    const fake = createFakePopup({ undoFromPopup: async () => ({ refused: 'too-late', message }) });
    const { user } = openPopup(fake);
    await user.click(await screen.findByRole('button', { name: 'Undo the invitation to Ada Lovelace' }));
    expect((await screen.findByRole('alert')).textContent).toBe(message);
  });

  it('offers no undo once the time is over', async () => {
    const late = WAITING.items.map((item) => (item.held ? { ...item, held: { ...item.held, dueAt: WAITING.serverTime } } : item));
    openPopup(createFakePopup({ getWaiting: async () => ({ ...WAITING, items: late }) }));
    expect(await screen.findAllByText('Going out now')).toHaveLength(2);
    expect(screen.queryByRole('button', { name: /Undo/ })).toBeNull();
  });

  it('tells an admin how many failures wait, and leads there; others are told nothing', async () => {
    const { user, opened } = openPopup(createFakePopup({ getWaiting: async () => ({ ...WAITING, failures: 2 }) }));
    expect(await screen.findByText('2 things failed and wait for an admin.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Look at the failures' }));
    expect(opened).toEqual(['failures']);
    cleanup();
    openPopup(createFakePopup());
    await screen.findAllByRole('listitem');
    expect(screen.queryByText(/failed and wait/)).toBeNull();
  });

  it('says that nothing waits', async () => {
    openPopup(createFakePopup({ getWaiting: async () => ({ ...WAITING, items: [] }) }));
    expect(await screen.findByText('Nothing waits. Open a candidate to send an assessment.')).toBeTruthy();
  });

  it('does not say that nothing waits where a failure does', async () => {
    openPopup(createFakePopup({ getWaiting: async () => ({ ...WAITING, items: [], failures: 1 }) }));
    await screen.findByText('1 thing failed and waits for an admin.');
    expect(screen.queryByText(/^Nothing waits/)).toBeNull();
  });

  it('says that the server is away and asks again on a click', async () => {
    let isAway = true;
    const fake = createFakePopup({
      getStatus: async () => ({ ...CONNECTED, link: 'offline' }),
      getWaiting: async () => (isAway ? { refused: 'offline', message: 'The Tagalong server cannot be reached.' } : WAITING),
    });
    const { user } = openPopup(fake);
    expect(await screen.findByText('Offline')).toBeTruthy();
    expect(await screen.findByText('The Tagalong server cannot be reached.')).toBeTruthy();
    isAway = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: /Grace Hopper/ })).toBeTruthy();
  });

  it('leads to the settings', async () => {
    const { user, opened } = openPopup(createFakePopup());
    await user.click(await screen.findByRole('button', { name: 'Settings' }));
    expect(opened).toEqual([undefined]);
  });
});

describe('the popup of a browser that is not connected', () => {
  it('offers to connect and asks the server nothing', async () => {
    let isAsked = false;
    const fake = createFakePopup({
      getStatus: async () => ({ link: 'not-connected', serverUrl: null, member: null, pageHosts: [] }),
      getWaiting: async () => {
        isAsked = true;
        return WAITING;
      },
    });
    const { user, opened } = openPopup(fake);
    await user.click(await screen.findByRole('button', { name: 'Connect' }));
    expect(opened).toEqual([undefined]);
    expect(isAsked).toBe(false);
  });
});

describe('sites', () => {
  it('are asked for when the browser withholds Greenhouse and Lever', async () => {
    let isAllowed = false;
    const fake = createFakePopup({}, { hasAtsSites: async () => isAllowed });
    fake.sites.allowAtsSites = async () => {
      isAllowed = true;
      return true;
    };
    const { user } = openPopup(fake);
    await user.click(await screen.findByRole('button', { name: 'Allow on Greenhouse and Lever' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Allow on Greenhouse and Lever' })).toBeNull());
  });

  it('of a company are allowed by name and then listed', async () => {
    const companies: string[] = [];
    const fake = createFakePopup({}, { companySites: async () => [...companies] });
    fake.sites.allowCompanySite = async (company) => {
      companies.push(`${company}.greenhouse.io`);
      return true;
    };
    const { user } = openPopup(fake);
    const sites = within(await screen.findByRole('region', { name: 'Sites' }));
    await user.click(sites.getByRole('button', { name: 'Own Greenhouse address' }));
    await user.type(sites.getByRole('textbox'), 'acme{Enter}');
    expect(await sites.findByText('Also works on acme.greenhouse.io')).toBeTruthy();
  });

  it("of the company are offered by name until this browser allows them; those of no company's are not asked about", async () => {
    const companies: string[] = [];
    const getStatus = async () => ({ ...CONNECTED, pageHosts: ['acme.greenhouse.io', 'acme-eu.greenhouse.io'] });
    let says = false;
    const fake = createFakePopup(
      { getStatus },
      {
        companySites: async () => [...companies],
        allowCompanySite: async (host) => {
          if (says) companies.push(host);
          return says;
        },
      },
    );
    const { user } = openPopup(fake);
    await user.click(await screen.findByRole('button', { name: 'Allow on acme.greenhouse.io' }));
    expect((await screen.findByRole('alert')).textContent).toContain('It is not allowed there.');
    says = true;
    await user.click(screen.getByRole('button', { name: 'Allow on acme.greenhouse.io' }));
    expect(await screen.findByText('Also works on acme.greenhouse.io')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Allow on acme.greenhouse.io' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Allow on acme-eu.greenhouse.io' })).toBeTruthy();
  });

  it.each([
    ['nobody', 'This page shows no candidate, so there is no panel on it. Open a candidate.'],
    ['contradiction', 'This page names two candidates, so nothing is shown. Open the candidate again from the list.'],
  ] as const)('say why there is nothing on a page in front that has %s', async (kind, text) => {
    openPopup(createFakePopup({}, { pageInFront: async () => kind }));
    expect(await screen.findByText(text)).toBeTruthy();
  });

  it.each(['candidate', null] as const)('say nothing about a page in front that is: %s', async (kind) => {
    openPopup(createFakePopup({}, { pageInFront: async () => kind }));
    await screen.findByRole('region', { name: 'Sites' });
    expect(screen.queryByText(/^This page/)).toBeNull();
  });

  it('that were not allowed say so', async () => {
    const fake = createFakePopup({}, { allowCompanySite: async () => false });
    const { user } = openPopup(fake);
    await user.click(await screen.findByRole('button', { name: 'Own Greenhouse address' }));
    await user.type(screen.getByRole('textbox'), 'not a name{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('It is not allowed there.');
  });
});
