import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import type { Refusal } from '../../../lib/contract/messages.ts';
import type { CommandAnswer } from '../../../lib/contract/panel.ts';
import { answer } from './fake-backend.ts';
import { application, PAGE, panelState, SCREENS } from './panel-states.ts';
import { deferred, renderPanel } from './render-panel.tsx';

afterEach(cleanup);

const refused = answer({ outcome: 'refused', message: 'Not sent: she has one.' });
const showing = (id: string, candidateName: string) =>
  panelState({
    page: { ...PAGE, applicationId: id } as typeof PAGE,
    view: application({ key: `lever:${id}`, candidateName }),
  });
const tab = () => screen.getByRole('button', { name: /^Open Tagalong/ });

/** "Send", then the panel is closed before there is an answer. */
async function closeBeforeAnswer() {
  const sent = deferred<CommandAnswer | Refusal>();
  const panel = await renderPanel(SCREENS.ready, { answers: { send: () => sent.promise } });
  await panel.user.click(screen.getByRole('button', { name: 'Send invitation' }));
  await panel.user.click(screen.getByRole('button', { name: 'Close the panel' }));
  return { ...panel, answerSend: (given: CommandAnswer) => act(async () => sent.resolve(given)) };
}

describe('while the panel is closed', () => {
  test('what is said of a click stands on the tab as something to read, and in the panel once it is opened', async () => {
    const { user, answerSend } = await closeBeforeAnswer();
    expect(tab().textContent).not.toContain('Something to read');
    await answerSend(refused);
    expect(tab().getAttribute('aria-label')).toBe('Open Tagalong: Something to read');
    expect(screen.getByRole('status').textContent).toBe('Something to read');
    await user.click(tab());
    expect(screen.getByRole('alert').textContent).toContain('Not sent: she has one.');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    await user.click(screen.getByRole('button', { name: 'Close the panel' }));
    expect(tab().textContent).not.toContain('Something to read');
  });

  test('it is kept for the next pages, with the name, until somebody could see it', async () => {
    const { user, answerSend, emit } = await closeBeforeAnswer();
    await answerSend(refused);
    act(() => emit({ type: 'state', state: showing('opp-2', 'Ben Lee') }));
    act(() => emit({ type: 'state', state: showing('opp-3', 'Cara Diaz') }));
    await user.click(tab());
    expect(screen.getByRole('alert').textContent).toContain('About Ada Lovelace: Not sent: she has one.');
    act(() => emit({ type: 'state', state: showing('opp-4', 'Dan Ek') }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('a send that has no answer yet can still be undone when it is opened again', async () => {
    const { user, callsOf } = await closeBeforeAnswer();
    await user.click(tab());
    await user.click(screen.getByRole('button', { name: /Undo$/ }));
    expect(callsOf('takeBack')).toHaveLength(1);
  });
});
