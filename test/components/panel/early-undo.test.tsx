import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PanelBackend } from '../../../components/panel/backend.ts';
import type { PanelState, Refusal } from '../../../lib/contract/messages.ts';
import type { CommandAnswer } from '../../../lib/contract/panel.ts';
import { answer, answerWith } from './fake-backend.ts';
import { application, invitation, NOW, PAGE, panelState, SCREENS } from './panel-states.ts';
import { deferred, renderPanel } from './render-panel.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const SEND_ID = '00000000-0000-4000-8000-000000000001';
const UNDO_ID = '00000000-0000-4000-8000-000000000002';
const TAKE_BACK = {
  actionId: UNDO_ID,
  applicationKey: 'lever:opp-1',
  clickedAt: new Date(NOW + 2000).toISOString(),
  sendActionId: SEND_ID,
};
const queued: Refusal = { refused: 'queued', message: 'Saved here, will be sent when you are back online.' };
const kept: Refusal = { refused: 'queued', message: 'Not undone yet.' };
const tooLate = answer({ outcome: 'refused', message: 'Too late to undo.' });
const held = invitation({ state: 'held', sentAt: null, dueAt: new Date(NOW + 10_000).toISOString(), actions: ['undo'] });
const withHeld = application({ version: 2, invitations: [held] });
const undone = application({ version: 3, invitations: [{ ...held, state: 'undone', dueAt: null, actions: [] }] });
const ben = panelState({
  page: { ...PAGE, applicationId: 'opp-2' } as typeof PAGE,
  view: application({ key: 'lever:opp-2', candidateName: 'Ben Lee' }),
});
const undo = () => screen.getByRole('button', { name: /Undo$/ });
const said = () => screen.getByRole('status').textContent;

/** "Send", then at once "Undo", while the background has not answered the first yet. */
async function undoAtOnce(answers: Partial<PanelBackend> = {}) {
  const sent = deferred<CommandAnswer | Refusal>();
  const panel = await renderPanel(SCREENS.ready, { answers: { send: () => sent.promise, ...answers } });
  await panel.user.click(screen.getByRole('button', { name: 'Send invitation' }));
  panel.pass(2000);
  await panel.user.click(undo());
  panel.pass(2000);
  const goOn = () => act(() => panel.emit({ type: 'state', state: ben }));
  return { ...panel, goOn, answerSend: (given: CommandAnswer | Refusal) => act(async () => sent.resolve(given)) };
}

describe('an undo that is clicked before the send is answered', () => {
  test('is told at once, and what is said of the send after it is of no interest', async () => {
    const { answerSend, callsOf } = await undoAtOnce({ takeBack: async () => answer({ message: 'Undone.', view: undone }) });
    expect(callsOf('takeBack')).toEqual([TAKE_BACK]);
    await waitFor(() => expect(said()).toBe('Undone.'));
    expect(screen.getByRole('button', { name: 'Send invitation' })).toBeDefined();
    await answerSend(queued);
    expect(said()).toBe('Undone.');
    expect(screen.queryByRole('alert')).toBeNull();
    expect([...callsOf('undo'), ...callsOf('resolveOutbox')]).toEqual([]);
  });

  test('shows that it is under way, also once the server shows the invitation', async () => {
    const back = deferred<CommandAnswer>();
    const { answerSend } = await undoAtOnce({ takeBack: () => back.promise });
    expect(screen.getByRole('button', { name: 'Undoing' })).toBeDefined();
    await answerSend(answerWith(withHeld));
    expect(screen.getByRole('button', { name: 'Undoing' })).toBeDefined();
    await act(async () => back.resolve(answer({ view: undone })));
    expect(screen.queryByRole('button', { name: /Undo/ })).toBeNull();
  });

  test('bars no other send, though the first has no answer yet', async () => {
    const { user, callsOf, answerSend } = await undoAtOnce();
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    expect(callsOf('send')).toHaveLength(2);
    await answerSend(answer());
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('is about the one who was shown, and says so where the page has gone on', async () => {
    const back = deferred<CommandAnswer>();
    const { goOn, answerSend, callsOf } = await undoAtOnce({ takeBack: () => back.promise });
    goOn();
    expect(callsOf('takeBack')).toEqual([TAKE_BACK]);
    await answerSend(answerWith(withHeld));
    await act(async () => back.resolve(tooLate));
    expect(screen.getByRole('alert').textContent).toContain('About Ada Lovelace: Too late to undo.');
  });

  test('that the background did not answer is told again under the same ids', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const tries: (() => Promise<CommandAnswer>)[] = [
      () => Promise.reject(new Error('gone')),
      async () => answer({ view: undone }),
    ];
    const { user, callsOf } = await undoAtOnce({ takeBack: () => tries.shift()?.() ?? Promise.reject(new Error('third')) });
    // Its own button can be clicked again too.
    expect(undo()).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(callsOf('takeBack')).toEqual([TAKE_BACK, TAKE_BACK]);
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  test('keeps the send from being offered again when that gets no answer', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    let fail: (error: Error) => void = () => {};
    const never = new Promise<CommandAnswer>((_, reject) => {
      fail = reject;
    });
    const { callsOf } = await undoAtOnce({ send: () => never });
    await act(async () => fail(new Error('gone')));
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    expect(callsOf('send')).toHaveLength(1);
  });

  test('that came too late is said to', async () => {
    const { answerSend } = await undoAtOnce({ takeBack: async () => tooLate });
    await answerSend(answerWith(application({ version: 2, invitations: [invitation()] })));
    expect((await screen.findByRole('alert')).textContent).toContain('Too late to undo.');
  });

  test('is not forgotten in silence while the server is still at it', async () => {
    const message = 'Taken, the server is still working on it.';
    await undoAtOnce({ takeBack: async () => answer({ outcome: 'pending', message }) });
    await waitFor(() => expect(document.querySelector('[data-notices]')?.textContent).toContain(message));
  });

  test('is not said to be done while it is only kept', async () => {
    await undoAtOnce({ takeBack: async () => kept });
    await waitFor(() => expect(said()).toBe('Not undone yet.'));
  });

  test('that may not be given leaves what became of the send to be said', async () => {
    const back = deferred<CommandAnswer | Refusal>();
    const { answerSend } = await undoAtOnce({ takeBack: () => back.promise });
    await answerSend(answer({ outcome: 'refused', message: 'Sent already.' }));
    expect(screen.queryByRole('alert')).toBeNull();
    await act(async () => back.resolve({ refused: 'forbidden', message: 'Your role does not allow this.' }));
    expect(screen.getByRole('alert').textContent).toContain('Sent already.');
  });

  test('that may not be given leaves the send to be answered, and to be undone again', async () => {
    const refusal: Refusal = { refused: 'not-found', message: 'Not undone: That is not there.' };
    const { user, answerSend, callsOf } = await undoAtOnce({ takeBack: async () => refusal });
    expect(screen.getByRole('alert').textContent).toContain('Not undone: That is not there.');
    await user.click(undo());
    expect(callsOf('takeBack')).toHaveLength(2);
    await answerSend(answerWith(withHeld));
    expect(said()).toBe('Taken.');
    // By the invitation, which every server knows.
    await user.click(undo());
    expect(callsOf('undo')).toMatchObject([{ invitationId: held.id }]);
  });

  test('that may not be given does not swallow that the send was refused', async () => {
    const { answerSend } = await undoAtOnce({ takeBack: async () => ({ refused: 'forbidden', message: 'Not undone: no.' }) });
    await answerSend(answer({ outcome: 'refused', message: 'Sent already.' }));
    expect(screen.getByRole('alert').textContent).toContain('Sent already.');
    expect(screen.queryByRole('button', { name: /Undo/ })).toBeNull();
  });

  describe('whose refusal the background keeps', () => {
    const item = { ...SCREENS.queued.outbox[0], actionId: UNDO_ID, kind: 'way back', text: 'Undo sending: Too late to undo.' };
    const listed = (needsConfirmation: boolean, shown = SCREENS.ready) =>
      ({ ...shown, outbox: [{ ...item, needsConfirmation }] }) as PanelState;
    const told = () => document.querySelector('[data-notices]')?.textContent?.match(/Too late to undo\./g) ?? [];

    test('is said once, and put away with the notice', async () => {
      const { user, emit, callsOf } = await undoAtOnce({ takeBack: async () => tooLate });
      act(() => emit({ type: 'state', state: listed(true) }));
      expect(told()).toHaveLength(1);
      await user.click(screen.getByRole('button', { name: 'Dismiss' }));
      expect(callsOf('resolveOutbox')).toEqual([{ actionId: UNDO_ID, decision: 'discard' }]);
      await waitFor(() => expect(told()).toEqual([]));
    });

    test('is in the list once the notice has ended with its page', async () => {
      const { emit, callsOf } = await undoAtOnce({ takeBack: async () => tooLate });
      act(() => emit({ type: 'state', state: listed(true, ben) }));
      expect(screen.queryByRole('alert')).toBeNull();
      expect(told()).toHaveLength(1);
      expect(callsOf('resolveOutbox')).toEqual([]);
    });

    test('is in the list when it comes after "still working", which is said once too', async () => {
      const pending = answer({ outcome: 'pending', message: 'The server is still working on it.' });
      const { user, emit, callsOf } = await undoAtOnce({ takeBack: async () => pending });
      act(() => emit({ type: 'state', state: listed(false) }));
      expect(screen.queryByText(/^Not undone yet/)).toBeNull();
      act(() => emit({ type: 'state', state: listed(true) }));
      expect(told()).toHaveLength(1);
      await user.click(screen.getAllByRole('button', { name: 'Dismiss' })[0] as HTMLElement);
      expect(callsOf('resolveOutbox')).toEqual([]);
      expect(told()).toHaveLength(1);
    });
  });

  test('outlives the panel being closed and a page that shows nobody', async () => {
    const back = deferred<CommandAnswer>();
    const { user, emit, callsOf } = await undoAtOnce({ takeBack: () => back.promise });
    await user.click(screen.getByRole('button', { name: 'Close the panel' }));
    act(() => emit({ type: 'state', state: panelState({ page: null, view: null }) }));
    await act(async () => back.resolve(tooLate));
    expect(callsOf('takeBack')).toEqual([TAKE_BACK]);
    act(() => emit({ type: 'state', state: ben }));
    await user.click(screen.getByRole('button', { name: /^Open Tagalong/ }));
    expect(screen.getByRole('alert').textContent).toContain('About Ada Lovelace: Too late to undo.');
  });
});

test('"Discard" of a kept send takes it back, under the same ids when it has to be tried again', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const tries: (() => Promise<CommandAnswer>)[] = [() => Promise.reject(new Error('gone')), async () => tooLate];
  const { user, callsOf } = await renderPanel(SCREENS.queued, {
    answers: { takeBack: () => tries.shift()?.() ?? Promise.reject(new Error('third')) },
  });
  await user.click(screen.getByRole('button', { name: 'Discard' }));
  await user.click(await screen.findByRole('button', { name: 'Try again' }));
  const click = { actionId: SEND_ID, applicationKey: 'lever:opp-1', clickedAt: new Date(NOW).toISOString(), sendActionId: 'a1' };
  expect(callsOf('takeBack')).toEqual([click, click]);
  expect(callsOf('resolveOutbox')).toEqual([]);
  expect(screen.getByRole('alert').textContent).toContain('Send "Senior SWE" to Ada Lovelace: Too late to undo.');
  await user.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(callsOf('resolveOutbox')).toEqual([{ actionId: SEND_ID, decision: 'discard' }]);
});

describe('what is kept and discarded', () => {
  const item = { ...SCREENS.queued.outbox[0], kind: 'other', text: 'Cancel Senior SWE for Ada Lovelace' } as const;
  const state = { ...SCREENS.queued, outbox: [item] } as PanelState;

  test('is not called undone: the server may have done it', async () => {
    const { user } = await renderPanel(state);
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    const notices = document.querySelector('[data-notices]');
    await waitFor(() =>
      expect(notices?.textContent).toContain(
        'Cancel Senior SWE for Ada Lovelace: not kept here any more. The server may have done it already',
      ),
    );
  });

  test('too late says whom it is about, on the page of the next one too', async () => {
    const gone = deferred<PanelState>();
    const { user, emit } = await renderPanel(state, { answers: { resolveOutbox: () => gone.promise } });
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    act(() => emit({ type: 'state', state: ben }));
    await act(async () => gone.resolve({ ...ben, trouble: { code: 'too-late', text: 'The server has it.' } }));
    expect(screen.getByRole('alert').textContent).toContain('Cancel Senior SWE for Ada Lovelace: The server has it.');
    expect(screen.queryAllByText('The server has it.')).toEqual([]);
  });
});

test('a way back that waits cannot be discarded; one that was refused is told, and put away', async () => {
  const item = { ...SCREENS.queued.outbox[0], kind: 'way back', text: 'Undo sending Senior SWE to Ada Lovelace' };
  const { user, emit, callsOf } = await renderPanel({ ...SCREENS.queued, outbox: [item] } as PanelState);
  expect(screen.getByText(/^Not undone yet: saved here/)).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Discard' })).toBeNull();
  act(() => emit({ type: 'state', state: { ...SCREENS.queued, outbox: [{ ...item, needsConfirmation: true }] } as PanelState }));
  expect(screen.queryByText(/over an hour ago/)).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(callsOf('resolveOutbox')).toEqual([{ actionId: 'a1', decision: 'discard' }]);
});

test('the way back is not barred by what is still under way, and does not let a second send through', async () => {
  const undone = deferred<CommandAnswer>();
  const cancelled = deferred<CommandAnswer>();
  const other = invitation({ id: 'inv-2', assessmentId: 'data' });
  const state: PanelState = panelState({ view: application({ invitations: [held, other] }) });
  const { user, callsOf } = await renderPanel(state, {
    answers: { cancelInvitation: () => cancelled.promise, undo: () => undone.promise },
  });
  const cancel = async () => {
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await user.click(screen.getByRole('button', { name: 'Cancel invitation' }));
  };
  await cancel();
  await user.click(screen.getByRole('button', { name: /Undo/ }));
  await act(async () => undone.resolve(answer()));
  await user.click(screen.getByRole('button', { name: 'Cancel invitation' }));
  expect(callsOf('cancelInvitation')).toHaveLength(1);
  await act(async () => cancelled.resolve(answer()));
});
