import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import type { InvitationView } from '../../../lib/contract/panel.ts';
import { answer } from './fake-backend.ts';
import { ahead, invitation, panelState, SCREENS, showing } from './panel-states.ts';
import { renderPanel } from './render-panel.tsx';

afterEach(cleanup);

const MENU = { name: 'More for Senior SWE' };
const ALL: InvitationView['actions'] = ['cancel', 'resend', 'correct-email', 'extend', 'extra-time'];
const invited = (part: Partial<InvitationView> = {}) =>
  showing({ invitations: [invitation({ state: 'sent', actions: ALL, expiresAt: ahead(3 * 1440), ...part })] });
const open = async (label: string, options: Parameters<typeof renderPanel>[1] = {}, state = invited()) => {
  const panel = await renderPanel(state, options);
  await panel.user.click(screen.getByRole('button', MENU));
  await panel.user.click(screen.getByRole('button', { name: label }));
  return { ...panel, form: within(screen.getByRole('form')) };
};

describe('the menu of an invitation', () => {
  test('offers what the server lists, and nothing else', async () => {
    const { user } = await renderPanel(invited({ actions: ['cancel', 'extend'] }));
    await user.click(screen.getByRole('button', MENU));
    expect(screen.getByRole('button', { name: 'Change deadline...' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Send again|Wrong address|Extra time/ })).toBeNull();
  });

  test.each([
    ['nothing can be done', invited({ actions: ['cancel'] })],
    ['nobody can be asked', { ...invited(), link: 'offline' as const }],
    ['a viewer looks', panelState({ ...invited({ actions: [] }), member: { id: 'm', name: 'Vera', role: 'viewer' } })],
  ])('is not there where %s', async (_what, state) => {
    await renderPanel(state);
    expect(screen.queryByRole('button', MENU)).toBeNull();
  });

  test('a refused address is offered to be mended at once', async () => {
    const { user, callsOf } = await renderPanel(
      invited({ state: 'failed', isAddressRefused: true, trouble: 'No such mailbox.', actions: ['send-again', 'correct-email'] }),
    );
    await user.click(screen.getByRole('button', { name: 'Wrong address?' }));
    await user.type(screen.getByLabelText('Right address'), 'ada@right.example{Enter}');
    await waitFor(() => expect(callsOf('correctEmail')).toMatchObject([{ email: 'ada@right.example' }]));
  });
});

describe('the questions', () => {
  test('send again names the address; it goes out on the confirming click, and the focus comes back to the menu', async () => {
    const { user, callsOf } = await open('Send again...');
    expect(screen.getByRole('form', { name: /Send it again to .*@/ })).toBeTruthy();
    expect(callsOf('resend')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Send again' }));
    await waitFor(() => expect(callsOf('resend')).toHaveLength(1));
    await waitFor(() => expect(screen.queryByRole('form')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', MENU)));
  });

  test('Escape says no', async () => {
    const { user, callsOf } = await open('Send again...');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('form')).toBeNull();
    expect(callsOf('resend')).toEqual([]);
  });

  test('what is refused stays open with the sentence', async () => {
    const refusal = answer({ outcome: 'refused', message: 'Not sent again: Senior SWE is started.' });
    const { user } = await open('Send again...', { answers: { resend: async () => refusal } });
    await user.click(screen.getByRole('button', { name: 'Send again' }));
    expect(await screen.findByText('Not sent again: Senior SWE is started.')).toBeTruthy();
    expect(screen.getByRole('form')).toBeTruthy();
  });

  test('the deadline is a day from today to 90 days ahead', async () => {
    const { user, callsOf, form } = await open('Change deadline...');
    const day = form.getByLabelText<HTMLInputElement>('Last day');
    expect([day.type, day.min, day.max, day.value]).toEqual(['date', '2025-11-21', '2026-02-19', '2025-11-24']);
    expect(document.activeElement).toBe(day);
    await user.clear(day);
    await user.type(day, '2025-11-20');
    await user.click(form.getByRole('button', { name: 'Set deadline' }));
    expect(form.getByText('Choose a day from today up to 90 days ahead.')).toBeTruthy();
    expect(callsOf('extend')).toEqual([]);
    await user.clear(day);
    await user.type(day, '2025-12-01');
    await user.click(form.getByRole('button', { name: 'Set deadline' }));
    await waitFor(() => expect(callsOf('extend')).toMatchObject([{ day: '2025-12-01' }]));
  });

  test('the right address is another one', async () => {
    const { user, callsOf, form } = await open('Wrong address?', {}, invited({ email: 'ada@mail.example' }));
    for (const wrong of ['ada', 'ADA@mail.example']) {
      await user.clear(form.getByLabelText('Right address'));
      await user.type(form.getByLabelText('Right address'), `${wrong}{Enter}`);
      expect(form.getByText('Enter an e-mail address other than this one.')).toBeTruthy();
    }
    expect(callsOf('correctEmail')).toEqual([]);
  });
});

describe('extra time', () => {
  test('is asked for when the question opens, shown, and changed', async () => {
    const getExtraTime = async () => ({ percent: 50, reaches: 'this', vendorName: 'Coderbyte' }) as const;
    const { user, callsOf } = await open('Extra time...', { answers: { getExtraTime } });
    const field = await screen.findByLabelText<HTMLSelectElement>('At every test');
    expect(field.value).toBe('50');
    await user.selectOptions(field, 'Another amount');
    await user.type(screen.getByLabelText('Percent more'), '400');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(screen.getByText('Enter a whole number from 1 to 300.')).toBeTruthy();
    await user.clear(screen.getByLabelText('Percent more'));
    await user.type(screen.getByLabelText('Percent more'), '75');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(callsOf('setExtraTime')).toMatchObject([{ percent: 75 }]));
  });

  test('where the vendor cannot be told it is said, and "none" takes it away', async () => {
    const getExtraTime = async () => ({ percent: 33, reaches: 'none', vendorName: 'Byteboard' }) as const;
    const { user, callsOf } = await open('Extra time...', { answers: { getExtraTime } });
    expect(await screen.findByText(/Byteboard cannot be told by us: set it at Byteboard yourself/)).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('Percent more').value).toBe('33');
    await user.selectOptions(screen.getByLabelText('At every test'), 'None');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(callsOf('setExtraTime')).toMatchObject([{ percent: null }]));
  });

  test('what opens no more after a lost key is not shown as none, and can be set again', async () => {
    const getExtraTime = async () => ({ percent: null, isLocked: true, reaches: 'this', vendorName: 'Coderbyte' }) as const;
    const { user, callsOf } = await open('Extra time...', { answers: { getExtraTime } });
    expect(await screen.findByText(/was set before, and cannot be read any more/)).toBeTruthy();
    await user.selectOptions(screen.getByLabelText('At every test'), '50% more');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(callsOf('setExtraTime')).toMatchObject([{ percent: 50 }]));
  });

  test('when it cannot be had nothing can be set, and it can be asked for again', async () => {
    let tries = 0;
    const getExtraTime = async () => {
      tries += 1;
      return tries === 1
        ? ({ refused: 'internal', message: 'The server made a mistake.' } as const)
        : ({ percent: null, reaches: 'next', vendorName: 'Coderbyte' } as const);
    };
    const { user } = await open('Extra time...', { answers: { getExtraTime } });
    expect(await screen.findByText('The server made a mistake.')).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/It goes with the next invitation at Coderbyte/)).toBeTruthy();
  });

  test('is set for the candidate beforehand, from the menu of the candidate', async () => {
    const { user, callsOf } = await renderPanel(SCREENS.changes);
    await user.click(screen.getByRole('button', { name: 'More for this candidate' }));
    await user.click(screen.getByRole('button', { name: 'Extra time...' }));
    await user.selectOptions(await screen.findByLabelText('At every test'), '25% more');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(callsOf('setExtraTime')).toMatchObject([{ invitationId: null, percent: 25 }]));
    expect(callsOf('getExtraTime')).toEqual([{ applicationKey: 'lever:opp-1' }]);
    await waitFor(() => expect(screen.queryByRole('form')).toBeNull());
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'More for this candidate' }));
  });
});
