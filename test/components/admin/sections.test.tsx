import '../install-catalogue.ts';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { navStates } from '../../../components/admin/nav-states.ts';
import { createFakeServer, OFFLINE } from './fake-server.ts';
import { openOptions } from './render-options.tsx';
import { createSetUp } from './set-up.ts';

describe('the list of sections', () => {
  it('says of each section whether it is ready, needs somebody or is off', async () => {
    await openOptions(createFakeServer());
    const list = screen.getByRole('navigation', { name: 'Settings' });
    const entries = await within(list).findAllByRole('link', { name: /Ready|Needs you|Off/ });
    expect(entries.map((entry) => entry.textContent)).toEqual([
      'OverviewNeeds you',
      'GreenhouseReady',
      'LeverNeeds you',
      'VendorsReady',
      'Assessments and tagsReady',
      'Stages and reasonsNeeds you',
      'RulesReady',
      'MailReady',
      'PeopleReady',
    ]);
  });

  it('calls an ATS off when the other one is connected, and asks for either while there is none', () => {
    const { overview, connections } = createSetUp();
    const withoutLever = connections.filter(({ kind }) => kind !== 'lever');
    expect(navStates(overview, withoutLever).lever).toBe('off');
    expect(navStates(overview, [])).toMatchObject({ greenhouse: 'needs-you', lever: 'needs-you' });
  });

  it('shows the worst of several connections', () => {
    const { overview, connections } = createSetUp();
    const broken = connections.map((it) => (it.id === 'gh' ? { ...it, id: 'gh2', state: 'needs-you' as const } : it));
    expect(navStates(overview, [...connections, ...broken]).greenhouse).toBe('needs-you');
  });

  it('opens a section by its link and puts the focus on its title', async () => {
    const { user } = await openOptions(createFakeServer());
    await user.click(screen.getByRole('link', { name: /^People/ }));
    const title = await screen.findByRole('heading', { level: 1, name: 'People' });
    await waitFor(() => expect(document.activeElement).toBe(title));
    expect(document.title).toBe('People · Tagalong settings');
  });

  it('shows no section that does not exist yet', async () => {
    await openOptions(createFakeServer(), { at: 'health' });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Overview');
    expect(screen.queryByRole('link', { name: /Health/ })).toBeNull();
  });
});

describe('the checklist', () => {
  it('counts what is done and leads from each step to where it is taken', async () => {
    await openOptions(createFakeServer());
    expect(await screen.findByText('6 of 9 need nothing more')).toBeTruthy();
    const step = screen.getByRole('heading', { level: 3, name: /Say what your stages mean/ }).closest('li');
    expect(step && within(step).getByRole('link', { name: 'Stages and reasons' }).getAttribute('href')).toBe('#stages');
  });

  it('offers both ATSs while none is connected', async () => {
    await openOptions(createFakeServer((setUp) => Object.assign(setUp, { connections: [] })));
    const step = (await screen.findByRole('heading', { level: 3, name: /Connect your ATS/ })).closest('li');
    expect(
      step &&
        within(step)
          .getAllByRole('link')
          .map((link) => link.textContent),
    ).toEqual(['Greenhouse', 'Lever']);
  });

  it('says so when everything is in place', async () => {
    const server = createFakeServer(({ overview }) => {
      for (const step of overview.steps) step.state = 'ready';
    });
    await openOptions(server);
    expect(await screen.findByText(/Everything is in place/)).toBeTruthy();
  });
});

describe('what cannot be read', () => {
  it('is said in a sentence, with a way to ask again', async () => {
    const server = createFakeServer();
    server.answer('GET', '/api/rules', OFFLINE);
    const { user } = await openOptions(server, { at: 'rules' });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('The Tagalong server cannot be reached.');
    server.answer('GET', '/api/rules', null);
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('switch', { name: 'Send on stage entry' })).toBeTruthy();
  });

  it('is said too when the server speaks another version', async () => {
    const server = createFakeServer();
    server.answer('GET', '/api/rules', { status: 200, body: { sendOnStageEntry: 'perhaps' } });
    await openOptions(server, { at: 'rules' });
    expect((await screen.findByRole('alert')).textContent).toContain('It may run another version of Tagalong');
  });
});

describe('leaving a section with unsaved changes', () => {
  it('asks first, and staying keeps what was typed', async () => {
    const { user } = await openOptions(createFakeServer(), { at: 'rules' });
    const hold = await screen.findByLabelText<HTMLInputElement>('Hold what recruiters send');
    await user.clear(hold);
    await user.type(hold, '20');
    await user.click(screen.getByRole('link', { name: /^People/ }));
    await user.click(await screen.findByRole('button', { name: 'Stay here' }));
    expect(hold.value).toBe('20');
    expect(location.hash).toBe('#rules');
  });

  it('goes there when that is what is wanted', async () => {
    const { user } = await openOptions(createFakeServer(), { at: 'rules' });
    await user.click(await screen.findByRole('switch', { name: 'Cancel on leaving' }));
    await user.click(screen.getByRole('link', { name: /^People/ }));
    await user.click(await screen.findByRole('button', { name: 'Leave without saving' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'People' })).toBeTruthy();
  });
});
