import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import type { PanelBackend } from '../../../components/panel/backend.ts';
import type { PanelState, Refusal } from '../../../lib/contract/messages.ts';
import type { CommandAnswer } from '../../../lib/contract/panel.ts';
import { answer, answerWith } from './fake-backend.ts';
import { application, invitation, NOW, PAGE, panelState, SCREENS } from './panel-states.ts';
import { deferred, renderPanel } from './render-panel.tsx';

afterEach(cleanup);

const SEND_ID = '00000000-0000-4000-8000-000000000001';
const queued: Refusal = { refused: 'queued', message: 'Saved here, will be sent when you are back online.' };
const held = invitation({ state: 'held', sentAt: null, dueAt: new Date(NOW + 10_000).toISOString(), actions: ['undo'] });
const ben = panelState({
  page: { ...PAGE, applicationId: 'opp-2' } as typeof PAGE,
  view: application({ key: 'lever:opp-2', candidateName: 'Ben Lee' }),
});

/** "Send", then at once "Undo", while the background has not answered the first yet. */
async function undoAtOnce(answers: Partial<PanelBackend> = {}) {
  const sent = deferred<CommandAnswer | Refusal>();
  const panel = await renderPanel(SCREENS.ready, { answers: { ...answers, send: () => sent.promise } });
  await panel.user.click(screen.getByRole('button', { name: 'Send invitation' }));
  panel.pass(2000);
  await panel.user.click(screen.getByRole('button', { name: /Undo/ }));
  panel.pass(2000);
  const goOn = () => act(() => panel.emit({ type: 'state', state: ben }));
  return { ...panel, goOn, answerSend: (given: CommandAnswer | Refusal) => act(async () => sent.resolve(given)) };
}

describe('an undo that is clicked before the send is answered', () => {
  test('takes the click out again where it was saved for later', async () => {
    const { answerSend, callsOf } = await undoAtOnce();
    await answerSend(queued);
    expect(callsOf('resolveOutbox')).toEqual([{ actionId: SEND_ID, decision: 'discard' }]);
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('Undone. It is not kept here any more.'));
  });

  test('says so when what was saved had gone to the server meanwhile', async () => {
    const text = 'This is not kept here any more.';
    const { answerSend, callsOf } = await undoAtOnce({
      resolveOutbox: async () => panelState({ trouble: { code: 'too-late', text } }),
    });
    await answerSend(queued);
    expect((await screen.findByRole('alert')).textContent).toContain(text);
    expect(callsOf('undo')).toEqual([]);
  });

  test('undoes what had gone to the server meanwhile and is still held', async () => {
    const view = application({ version: 2, invitations: [held] });
    const { answerSend, callsOf } = await undoAtOnce({
      resolveOutbox: async () => panelState({ view, trouble: { code: 'too-late', text: 'Gone.' } }),
    });
    await answerSend(queued);
    await waitFor(() => expect(callsOf('undo')).toEqual([expect.objectContaining({ invitationId: 'inv-1' })]));
  });

  test('is about the one who was shown, at the time of the click, also when the page has gone on', async () => {
    const { goOn, answerSend, callsOf } = await undoAtOnce();
    goOn();
    await answerSend(answerWith(application({ version: 2, invitations: [held] })));
    const clickedAt = new Date(NOW + 2000).toISOString();
    await waitFor(() =>
      expect(callsOf('undo')).toEqual([
        { actionId: expect.any(String), applicationKey: 'lever:opp-1', clickedAt, invitationId: 'inv-1' },
      ]),
    );
  });

  test('that came too late is said to', async () => {
    const { answerSend, callsOf } = await undoAtOnce();
    await answerSend(answerWith(application({ version: 2, invitations: [invitation()] })));
    expect((await screen.findByRole('alert')).textContent).toContain('Too late to undo: Senior SWE is on its way.');
    expect(callsOf('undo')).toEqual([]);
  });

  test('is not forgotten in silence while the server is still at it', async () => {
    const { answerSend } = await undoAtOnce();
    await answerSend(answer({ outcome: 'pending' }));
    expect((await screen.findByRole('alert')).textContent).toContain(
      'Not undone yet: the server is still working on Senior SWE.',
    );
  });

  test('has nothing to undo when the send is refused, which is said', async () => {
    const { answerSend, callsOf } = await undoAtOnce();
    await answerSend(answer({ outcome: 'refused', message: 'Sent already.' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Sent already.');
    expect([...callsOf('undo'), ...callsOf('resolveOutbox')]).toEqual([]);
  });

  test('of one that is undone already needs nothing more', async () => {
    const { answerSend, callsOf } = await undoAtOnce();
    await answerSend(
      answerWith(application({ version: 2, invitations: [{ ...held, state: 'undone', dueAt: null, actions: [] }] })),
    );
    expect(screen.queryByRole('alert')).toBeNull();
    expect(callsOf('undo')).toEqual([]);
  });
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
