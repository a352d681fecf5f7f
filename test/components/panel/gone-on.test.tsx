import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Refusal } from '../../../lib/contract/messages.ts';
import type { CommandAnswer } from '../../../lib/contract/panel.ts';
import { answer } from './fake-backend.ts';
import { application, PAGE, panelState, SCREENS } from './panel-states.ts';
import { deferred, renderPanel } from './render-panel.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const showing = (id: string, candidateName: string) =>
  panelState({
    page: { ...PAGE, applicationId: id } as typeof PAGE,
    view: application({ key: `lever:${id}`, candidateName }),
  });
const ben = showing('opp-2', 'Ben Lee');
const sendNow: CommandAnswer = answer({
  outcome: 'refused',
  message: 'Not sent: she has one.',
  mend: { kind: 'send-now', assessmentId: 'senior' },
});

/** "Send" to Ada, then "Next", while the background has not answered yet. */
async function goOnBeforeAnswer(state = SCREENS.ready) {
  const sent = deferred<CommandAnswer | Refusal>();
  const panel = await renderPanel(state, { answers: { send: () => sent.promise } });
  await panel.user.click(screen.getByRole('button', { name: 'Send invitation' }));
  act(() => panel.emit({ type: 'state', state: ben }));
  return { ...panel, answerSend: (given: CommandAnswer | Refusal) => act(async () => sent.resolve(given)) };
}

describe('an answer about a candidate who is not shown any more', () => {
  test('names them, and offers nothing that would be done to the one who is shown', async () => {
    const { answerSend, emit } = await goOnBeforeAnswer();
    await answerSend(sendNow);
    expect(screen.getByRole('heading', { name: 'Ben Lee' })).toBeDefined();
    expect(screen.getByRole('alert').textContent).toContain('About Ada Lovelace: Not sent: she has one.');
    expect(screen.queryByRole('button', { name: 'Send now' })).toBeNull();
    act(() => emit({ type: 'state', state: showing('opp-3', 'Cara Diaz') }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('does not end with the blank between the two', async () => {
    const sent = deferred<CommandAnswer | Refusal>();
    const { user, emit } = await renderPanel(SCREENS.ready, { answers: { send: () => sent.promise } });
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    act(() => emit({ type: 'state', state: { ...ben, view: null } }));
    await act(async () => sent.resolve(sendNow));
    act(() => emit({ type: 'state', state: ben }));
    expect(screen.getByRole('alert').textContent).toContain('About Ada Lovelace: Not sent: she has one.');
  });

  test('is read out with the name too', async () => {
    const { answerSend } = await goOnBeforeAnswer();
    await answerSend(answer({ message: 'Held for 10 s.' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('About Ada Lovelace: Held for 10 s.'));
  });

  test('says whom it means also where there is no name', async () => {
    const nameless = panelState({ view: application({ candidateName: null, firstName: null }) });
    const { answerSend } = await goOnBeforeAnswer(nameless);
    await answerSend(sendNow);
    expect(screen.getByRole('alert').textContent).toContain('About the candidate before: Not sent: she has one.');
  });

  test('that never came is not asked for again from the page of another', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    let fail: (error: Error) => void = () => {};
    const never = new Promise<CommandAnswer>((_, reject) => {
      fail = reject;
    });
    const { user, emit } = await renderPanel(SCREENS.ready, { answers: { send: () => never } });
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    act(() => emit({ type: 'state', state: ben }));
    await act(async () => fail(new Error('gone')));
    expect(screen.getByRole('alert').textContent).toContain(
      'About Ada Lovelace: Tagalong did not answer, so it is not known whether this was taken.',
    );
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });
});
