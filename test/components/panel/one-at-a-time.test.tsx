import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PanelState } from '../../../lib/contract/messages.ts';
import type { CommandAnswer } from '../../../lib/contract/panel.ts';
import { answer } from './fake-backend.ts';
import { choice, SCREENS, showing } from './panel-states.ts';
import { deferred, renderPanel } from './render-panel.tsx';

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const button = (name: string | RegExp) => screen.getByRole('button', { name });
const BARRED = 'Still working on the cancellation. Not done: click again.';

/** Fails the first time as a background does that was stopped, and answers the second time. */
function onceLost<Result>(result: Result) {
  let isLost = false;
  return () => {
    if (isLost) return Promise.resolve(result);
    isLost = true;
    return Promise.reject<Result>(new Error('gone'));
  };
}

describe('a command that is clicked while another is under way', () => {
  async function whileCancelling(state: PanelState) {
    const cancelled = deferred<CommandAnswer>();
    const panel = await renderPanel(state, { answers: { cancelInvitation: () => cancelled.promise } });
    await panel.user.click(button('Cancel'));
    await panel.user.click(button('Cancel invitation'));
    return { ...panel, answerCancel: () => act(async () => cancelled.resolve(answer())) };
  }

  test('is said not to be done, and what was filled in stays', async () => {
    const { user, callsOf, answerCancel } = await whileCancelling(SCREENS.sent);
    await user.click(button('Send another assessment'));
    const send = button(/^Send (invitation|retake)$/);
    await user.click(send);
    expect(screen.getByRole('alert').textContent).toContain(BARRED);
    expect(callsOf('send')).toEqual([]);
    expect(send.isConnected).toBe(true);
    await answerCancel();
    await user.click(send);
    expect(callsOf('send')).toHaveLength(1);
  });

  test('is said not to be done also where it would be several sends', async () => {
    const tagged = ['senior', 'data'].map((id) => choice({ id, name: id, onCandidate: true }));
    const { invitations } = SCREENS.sent.view?.kind === 'application' ? SCREENS.sent.view : { invitations: [] };
    const { user, callsOf } = await whileCancelling(showing({ assessments: tagged, invitations, defaultAssessmentId: null }));
    await user.click(button('Send another assessment'));
    await user.click(button('Send both'));
    expect(screen.getByRole('alert').textContent).toContain(BARRED);
    expect(button('Send both')).toBeDefined();
    expect(callsOf('sendAll')).toEqual([]);
  });

  test('is passed over when it is the same click once more', async () => {
    const { user, callsOf } = await whileCancelling(SCREENS.sent);
    await user.click(button('Cancel invitation'));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(callsOf('cancelInvitation')).toHaveLength(1);
  });
});

test('a question bars no command, and gets its answer all the same', async () => {
  const read = deferred<PanelState>();
  const { user, callsOf } = await renderPanel(SCREENS.ready, { answers: { checkAgain: () => read.promise } });
  await user.click(button('More'));
  await user.click(await screen.findByRole('button', { name: 'Read the candidate again' }));
  await user.click(button('Send invitation'));
  expect(callsOf('send')).toHaveLength(1);
  await act(async () => read.resolve(showing({ version: 9, candidateName: 'Ada King' })));
  expect(screen.getByRole('heading', { name: 'Ada King' })).toBeDefined();
});

describe('"Try again"', () => {
  const again = () => screen.findByRole('button', { name: 'Try again' });

  test('brings the link to who asked for it', async () => {
    const { user, callsOf } = await renderPanel(SCREENS['link-vendor'], {
      answers: { copyLink: onceLost({ link: 'https://byteboard.dev/take/abc' }) },
    });
    await user.click(button('Copy link'));
    await user.click(await again());
    expect(await screen.findByRole('textbox', { name: /personal link/ })).toBeDefined();
    expect(callsOf('copyLink')[1]).toEqual(callsOf('copyLink')[0]);
  });

  test('enters a result once, and closes the form', async () => {
    const { user, callsOf } = await renderPanel(SCREENS['link-vendor'], { answers: { enterResult: onceLost(answer()) } });
    await user.click(button('Enter result'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Rating' }), 'Leaning Strong');
    await user.click(button('Save result'));
    await user.click(await again());
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save result' })).toBeNull());
    expect(callsOf('enterResult')[1]).toEqual(callsOf('enterResult')[0]);
  });

  test('starts the countdown of a send anew, with its way back', async () => {
    const sent = deferred<CommandAnswer>();
    let tries = 0;
    const { user, callsOf } = await renderPanel(SCREENS.ready, {
      answers: {
        send: () => {
          tries += 1;
          return tries === 1 ? Promise.reject(new Error('gone')) : sent.promise;
        },
      },
    });
    await user.click(button('Send invitation'));
    await user.click(await again());
    await user.click(button(/Undo$/));
    const [first] = callsOf('send') as { actionId: string }[];
    expect(callsOf('takeBack')).toEqual([expect.objectContaining({ sendActionId: first?.actionId })]);
  });

  test('leaves the form as it is when nobody tries', async () => {
    const { user } = await renderPanel(SCREENS['link-vendor'], { answers: { enterResult: onceLost(answer()) } });
    await user.click(button('Enter result'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Rating' }), 'Leaning Strong');
    await user.click(button('Save result'));
    await again();
    await user.click(button('Dismiss'));
    expect(button('Save result')).toBeDefined();
  });
});
