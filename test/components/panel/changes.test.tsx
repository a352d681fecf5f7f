import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ChangeChoices } from '../../../lib/contract/panel.ts';
import { answerWith } from './fake-backend.ts';
import { ALL_CHANGES, application, happening, panelState, SCREENS } from './panel-states.ts';
import { deferred, renderPanel } from './render-panel.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const MENU = { name: 'More for this candidate' };
const JOBS: ChangeChoices = { of: 'job', choices: [{ id: 'job-2', name: 'Platform Engineer' }], isNeeded: true };
const open = async (label: string, options: Parameters<typeof renderPanel>[1] = {}, state = SCREENS.changes) => {
  const panel = await renderPanel(state, options);
  await panel.user.click(screen.getByRole('button', MENU));
  await panel.user.click(screen.getByRole('button', { name: label }));
  return panel;
};
const greenhouse = () => {
  const reference = { kind: 'application', ats: 'greenhouse', host: 'app.greenhouse.io', applicationId: '1' } as const;
  return panelState({ page: reference, view: application({ reference, atsName: 'Greenhouse', changes: ALL_CHANGES }) });
};

describe('the menu of changes', () => {
  test('offers what the server lists, and nothing else', async () => {
    const { user } = await renderPanel(panelState({ view: application({ changes: ['unreject'] }) }));
    await user.click(screen.getByRole('button', MENU));
    expect(screen.getByRole('button', { name: 'Bring back...' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Archive|Move to|hired/ })).toBeNull();
  });

  test.each([
    ['nothing can be done', panelState({ view: application() })],
    ['nobody can be told', { ...SCREENS.changes, link: 'offline' as const }],
  ])('is not there where %s', async (_what, state) => {
    await renderPanel(state);
    expect(screen.queryByRole('button', MENU)).toBeNull();
  });

  test('says "Reject" at Greenhouse and "Archive" at Lever', async () => {
    await open('Reject...', {}, greenhouse());
    expect(screen.getByRole('form', { name: 'Reject Ada Lovelace?' })).toBeTruthy();
    cleanup();
    await open('Archive...');
    expect(screen.getByRole('form', { name: 'Archive Ada Lovelace?' })).toBeTruthy();
  });
});

describe('the question', () => {
  test('takes the focus, asks for a reason, and goes to the server with the stage that was shown', async () => {
    const { user, callsOf } = await open('Archive...');
    const reason = await screen.findByRole('combobox', { name: 'Reason' });
    await waitFor(() => expect(document.activeElement).toBe(reason));
    await user.type(reason, 'under{Enter}');
    await user.click(screen.getByRole('button', { name: 'Archive' }));
    expect(callsOf('getChoices')).toEqual([{ applicationKey: 'lever:opp-1', change: 'reject' }]);
    expect(callsOf('change')).toMatchObject([
      {
        applicationKey: 'lever:opp-1',
        shown: { stageId: 'assessment' },
        change: { kind: 'reject', reasonId: 'underqualified' },
      },
    ]);
    await waitFor(() => expect(screen.queryByRole('form', { name: /Archive/ })).toBeNull());
    expect(document.activeElement).toBe(screen.getByRole('button', MENU));
  });

  test('without a reason nobody is archived, and none is chosen beforehand', async () => {
    const one: ChangeChoices = { of: 'reason', choices: [{ id: 'underqualified', name: 'Underqualified' }], isNeeded: true };
    const { user, callsOf } = await open('Archive...', { answers: { getChoices: async () => one } });
    await screen.findByRole('combobox', { name: 'Reason' });
    await user.click(screen.getByRole('button', { name: 'Archive' }));
    expect(screen.getByText('Choose one first.')).toBeTruthy();
    expect(callsOf('change')).toEqual([]);
  });

  test('Escape says no, and gives the focus back to the menu', async () => {
    const { user, callsOf, told } = await open('Move to next stage...');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('form', { name: /"Onsite"/ })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', MENU));
    expect(callsOf('change')).toEqual([]);
    expect(told).not.toContainEqual({ tagalong: 'blur' });
  });

  test('"next stage" asks nothing of the ATS, and names the stage that it leads to, else the one that is left', async () => {
    await open('Move to next stage...');
    expect(screen.getByRole('form', { name: 'Move Ada Lovelace to "Onsite"?' })).toBeTruthy();
    cleanup();
    const unknown = panelState({ view: application({ changes: ALL_CHANGES }) });
    const { user, callsOf } = await open('Move to next stage...', {}, unknown);
    await user.click(within(screen.getByRole('form', { name: /on from "Assessment"/ })).getByRole('button', { name: 'Move on' }));
    expect(callsOf('getChoices')).toEqual([]);
    expect(callsOf('change')).toMatchObject([{ change: { kind: 'advance' } }]);
  });

  test('another job: waits for the list, and cannot be confirmed before', async () => {
    const list = deferred<ChangeChoices>();
    const { user, callsOf } = await open('Move to another job...', { answers: { getChoices: () => list.promise } });
    const confirm = screen.getByRole<HTMLButtonElement>('button', { name: 'Move to this job' });
    expect(screen.getByText('Asking Lever')).toBeTruthy();
    expect(confirm.disabled).toBe(true);
    list.resolve(JOBS);
    await user.type(await screen.findByRole('combobox', { name: 'Job' }), 'platform{Enter}');
    await user.click(confirm);
    expect(callsOf('change')).toMatchObject([{ change: { kind: 'transfer', jobId: 'job-2' } }]);
  });

  test('a list that cannot be had says why, and is asked for again', async () => {
    let tries = 0;
    const getChoices = async () => {
      tries += 1;
      return tries === 1 ? { refused: 'ats-refused' as const, message: 'Lever refused.' } : JOBS;
    };
    const { user } = await open('Move to another job...', { answers: { getChoices } });
    expect((await screen.findByRole('alert')).textContent).toContain('Lever refused.');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('combobox', { name: 'Job' })).toBeTruthy();
  });

  test('an empty list says so and leaves nothing to confirm; a hire without openings needs none', async () => {
    const empty = (of: ChangeChoices['of'], isNeeded: boolean) => ({ getChoices: async () => ({ of, choices: [], isNeeded }) });
    await open('Move to another job...', { answers: empty('job', true) });
    expect(await screen.findByText('Lever has nothing to choose from here.')).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Move to this job' }).disabled).toBe(true);
    cleanup();
    const { user, callsOf } = await open('Mark as hired...', { answers: empty('opening', false) });
    const confirm = screen.getByRole<HTMLButtonElement>('button', { name: 'Mark as hired' });
    await waitFor(() => expect(confirm.disabled).toBe(false));
    await user.click(confirm);
    expect(callsOf('change')).toMatchObject([{ change: { kind: 'hire' } }]);
  });

  test('a refusal keeps the question open and says why', async () => {
    const message = 'Nothing was changed: the candidate is in another stage by now. Look again first.';
    const change = async () => ({ ...answerWith(application({ changes: ALL_CHANGES })), outcome: 'refused' as const, message });
    const { user } = await open('Move to next stage...', { answers: { change } });
    await user.click(screen.getByRole('button', { name: 'Move on' }));
    expect(await screen.findByText(message)).toBeTruthy();
    expect(screen.getByRole('form', { name: /^Move Ada/ })).toBeTruthy();
  });

  test('goes away when the change is not possible any more', async () => {
    const { emit } = await open('Archive...');
    const view = application({ version: 2, status: 'hired', changes: [] });
    emit({ type: 'state', state: panelState({ view }) });
    await waitFor(() => expect(screen.queryByRole('form', { name: /Archive/ })).toBeNull());
  });
});

test('what failed is asked once more by its "Try again", never done at once', async () => {
  const failed = happening({
    text: 'Not archived: Lever refused.',
    tone: 'attention',
    mend: { kind: 'change-again', change: 'reject' },
  });
  const { user, callsOf } = await renderPanel(panelState({ view: application({ changes: ALL_CHANGES, happenings: [failed] }) }));
  const unfold = screen.queryByRole('button', { name: /What happened/ });
  if (unfold?.getAttribute('aria-expanded') === 'false') await user.click(unfold);
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.getByRole('form', { name: 'Archive Ada Lovelace?' })).toBeTruthy();
  expect(callsOf('change')).toEqual([]);
});
