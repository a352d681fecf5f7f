import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CommandAnswer } from '../../../lib/contract/panel.ts';
import { answerWith } from './fake-backend.ts';
import { application, CHOICES, choice, invitation, NOW, PERSON_PAGE, panelState, SCREENS, showing } from './panel-states.ts';
import { deferred, renderPanel } from './render-panel.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const heldByYou = () =>
  invitation({ state: 'held', sentAt: null, dueAt: new Date(NOW + 10_000).toISOString(), actions: ['undo'] });

describe('sending an invitation', () => {
  test('carries the application that was shown, the assessment and an id that is used once', async () => {
    const { user, callsOf } = await renderPanel(SCREENS.ready);
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    expect(callsOf('send')).toEqual([
      {
        actionId: '00000000-0000-4000-8000-000000000001',
        applicationKey: 'lever:opp-1',
        clickedAt: new Date(NOW).toISOString(),
        assessmentId: 'senior',
        email: null,
        onlyTag: false,
        retake: false,
        options: {},
      },
    ]);
  });

  test('starts the countdown before the server has answered, with the focus on the way back', async () => {
    const { user } = await renderPanel(SCREENS.ready, { answers: { send: () => new Promise(() => {}) } });
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    const undo = screen.getByRole('button', { name: 'Sending in 10 s - Undo' });
    expect(document.activeElement).toBe(undo);
    expect(screen.queryByRole('button', { name: 'Send invitation' })).toBeNull();
  });

  test('twice in one double click is one invitation, and no undo', async () => {
    const held = deferred<CommandAnswer>();
    const { callsOf } = await renderPanel(SCREENS.ready, { answers: { send: () => held.promise } });
    const send = screen.getByRole('button', { name: 'Send invitation' });
    fireEvent.click(send, { detail: 1 });
    fireEvent.click(screen.getByRole('button', { name: /Undo/ }), { detail: 2 });
    await act(async () => held.resolve(answerWith(application({ version: 2, invitations: [heldByYou()] }))));
    expect(callsOf('send')).toHaveLength(1);
    expect(callsOf('undo')).toHaveLength(0);
  });

  test('keeps the focus on "Undo" when the server has taken it', async () => {
    const { user } = await renderPanel(SCREENS.ready, {
      answers: { send: async () => answerWith(application({ version: 2, invitations: [heldByYou()] })) },
    });
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: /Undo/ })));
  });

  test('without any answer offers the same click again, under the same id', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { user, callsOf } = await renderPanel(SCREENS.ready, { answers: { send: () => Promise.reject(new Error('gone')) } });
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(callsOf('send')).toHaveLength(2));
    expect(callsOf('send')[1]).toEqual(callsOf('send')[0]);
  });

  test('names the person where the page alone does not tell who is shown', async () => {
    await renderPanel(SCREENS['ready-person']);
    expect(screen.getByRole('button', { name: 'Send to Ada' })).toBeDefined();
  });

  test('names the person with the whole name where the page may swap them in place', async () => {
    await renderPanel({ ...SCREENS.ready, isHint: true });
    expect(screen.getByRole('button', { name: 'Send to Ada Lovelace' })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Send invitation' })).toBeNull();
  });

  test('is not done by a mend on a page that does not tell who is shown: the named button is', async () => {
    const { user, callsOf } = await renderPanel({ ...SCREENS['no-email'], page: PERSON_PAGE });
    await user.click(screen.getByRole('button', { name: 'Enter an address' }));
    expect(callsOf('send')).toHaveLength(0);
  });

  test('only adds the tag, for which no address is needed', async () => {
    const { user, callsOf } = await renderPanel(SCREENS['no-email']);
    await user.click(screen.getByRole('button', { name: 'Only add the tag' }));
    expect(callsOf('send')).toEqual([expect.objectContaining({ onlyTag: true, email: null })]);
  });

  test('without an e-mail asks for one that serves this invitation only', async () => {
    const { user, callsOf } = await renderPanel(SCREENS['no-email']);
    expect(screen.getByText('There is none in Lever. What you enter serves this invitation only.')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    expect(callsOf('send')).toHaveLength(0);
    await user.type(screen.getByRole('textbox', { name: 'E-mail address' }), 'ada@example.org');
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    expect(callsOf('send')).toEqual([expect.objectContaining({ email: 'ada@example.org' })]);
  });

  test('takes message and deadline from "More options"', async () => {
    const { user, callsOf } = await renderPanel(SCREENS.ready);
    await user.click(screen.getByRole('button', { name: 'More options' }));
    await user.type(screen.getByRole('textbox', { name: 'Days until the deadline' }), '14');
    await user.type(screen.getByRole('textbox', { name: 'Message to the candidate' }), 'Good luck');
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    expect(callsOf('send')).toEqual([expect.objectContaining({ options: { deadlineDays: 14, message: 'Good luck' } })]);
  });

  test('a second time is a deliberate retake, and says so', async () => {
    const { user, callsOf } = await renderPanel(SCREENS.expired);
    expect(screen.getByText(/Sending it again is a retake/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Send retake' }));
    expect(callsOf('send')).toEqual([expect.objectContaining({ retake: true })]);
  });

  test('asks which one when the candidate has several assessment tags', async () => {
    const tagged = CHOICES.map((each) => ({ ...each, onCandidate: each.id === 'data' || each.id === 'byte' }));
    const { user, callsOf } = await renderPanel(showing({ assessments: tagged }));
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    expect(screen.getByRole('alert').textContent).toBe('Choose an assessment first.');
    expect(callsOf('send')).toHaveLength(0);
  });

  test('an assessment that cannot be sent stays in the list with its reason and cannot be chosen', async () => {
    const { user, callsOf } = await renderPanel(SCREENS.ready);
    const picker = screen.getByRole('combobox', { name: 'Assessment' });
    await user.click(picker);
    await user.clear(picker);
    await user.type(picker, 'sre');
    expect(screen.getByRole('option').textContent).toContain('Coderbyte is switched off');
    await user.keyboard('{Enter}{Escape}');
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    expect(callsOf('send')).toEqual([expect.objectContaining({ assessmentId: 'senior' })]);
  });

  test('to somebody whose link the recruiter hands over says "Create link"', async () => {
    await renderPanel(showing({ assessments: [choice({ handover: 'copy link', onCandidate: true })] }));
    expect(screen.getByRole('button', { name: 'Create link' })).toBeDefined();
  });

  test('is not offered to somebody who may only look', async () => {
    await renderPanel(SCREENS.viewer);
    expect(screen.queryByRole('button', { name: /Send/ })).toBeNull();
    expect(screen.getByText(/You may look but not send/)).toBeDefined();
  });
});

describe('a held invitation', () => {
  test("counts by the server's clock, not the browser's", async () => {
    const dueAt = new Date(NOW + 300_000 + 4_000).toISOString();
    const serverTime = new Date(NOW + 300_000).toISOString();
    await renderPanel(showing({ serverTime, invitations: [{ ...heldByYou(), dueAt }] }));
    expect(screen.getByRole('button', { name: 'Sending in 4 s - Undo' })).toBeDefined();
  });

  test('of a colleague names them and can be undone', async () => {
    const { user, callsOf } = await renderPanel(SCREENS['held-by-other']);
    await user.click(screen.getByRole('button', { name: 'Ben is sending in 6 s - Undo' }));
    expect(callsOf('undo')).toEqual([expect.objectContaining({ invitationId: 'inv-1', applicationKey: 'lever:opp-1' })]);
  });

  test('is undone even while another answer is awaited', async () => {
    const { user, callsOf } = await renderPanel(
      showing({ invitations: [heldByYou(), invitation({ id: 'inv-2', assessmentId: 'data' })] }),
      {
        answers: { cancelInvitation: () => new Promise(() => {}) },
      },
    );
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await user.click(screen.getByRole('button', { name: 'Cancel invitation' }));
    await user.click(screen.getByRole('button', { name: /Undo/ }));
    expect(callsOf('undo')).toEqual([expect.objectContaining({ invitationId: 'inv-1' })]);
  });

  test('that is due is not undone any more', async () => {
    const due = { ...heldByYou(), dueAt: new Date(NOW - 100).toISOString() };
    const { user, callsOf } = await renderPanel(showing({ invitations: [due] }));
    await user.click(screen.getByRole('button', { name: 'Sending now' }));
    expect(callsOf('undo')).toHaveLength(0);
  });

  test('takes no focus when the page just happened to show it', async () => {
    await renderPanel(SCREENS.held);
    expect(document.activeElement).toBe(document.body);
  });
});

describe('what comes of a click', () => {
  test('the refusal "the page has moved on" stays when the next candidate appears', async () => {
    const message = 'The page has moved on to Bob Noyce. Nothing was sent.';
    const { user, emit } = await renderPanel(SCREENS.ready, {
      answers: { send: async () => ({ refused: 'page-moved-on', message }) },
    });
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    await screen.findByText(message);
    const bob = application({ key: 'lever:opp-2', candidateName: 'Bob Noyce' });
    act(() => emit({ type: 'state', state: panelState({ view: bob }) }));
    expect(screen.getByRole('heading', { name: 'Bob Noyce' })).toBeDefined();
    expect(screen.getByRole('alert').textContent).toContain(message);
    act(() => emit({ type: 'state', state: panelState({ view: application({ key: 'lever:opp-3', candidateName: 'Eve' }) }) }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('a refusal comes with its mend', async () => {
    const { user, callsOf } = await renderPanel(SCREENS.ready, {
      answers: {
        send: async () => ({
          outcome: 'refused',
          message: 'Lever cannot be reached.',
          mend: { kind: 'check-again' },
          view: null,
        }),
      },
    });
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    await user.click(await screen.findByRole('button', { name: 'Check again' }));
    expect(callsOf('checkAgain')).toEqual([{ applicationKey: 'lever:opp-1' }]);
  });

  test('made offline it is saved and told, and no countdown pretends otherwise', async () => {
    const message = 'Saved here, will be sent when you are back online.';
    const { user } = await renderPanel(
      { ...SCREENS.ready, link: 'offline' },
      { answers: { send: async () => ({ refused: 'queued', message }) } },
    );
    await user.click(screen.getByRole('button', { name: 'Send invitation' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe(message));
    expect(screen.queryByRole('button', { name: /Undo/ })).toBeNull();
  });

  test('a click that waited over an hour is asked about', async () => {
    const { user, callsOf } = await renderPanel(SCREENS['queued-late']);
    await user.click(screen.getByRole('button', { name: 'Send now' }));
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    expect(callsOf('resolveOutbox')).toEqual([{ actionId: 'a1', decision: 'send' }]);
    expect(callsOf('takeBack')).toEqual([expect.objectContaining({ sendActionId: 'a1' })]);
  });

  test('the mend "Send now" sends the assessment it names', async () => {
    const state = showing({
      happenings: [
        {
          id: 'h',
          at: new Date(NOW).toISOString(),
          text: 'Not sent.',
          tone: 'attention',
          mend: { kind: 'send-now', assessmentId: 'data' },
        },
      ],
    });
    const { user, callsOf } = await renderPanel(state);
    await user.click(screen.getByRole('button', { name: 'Send now' }));
    expect(callsOf('send')).toEqual([expect.objectContaining({ assessmentId: 'data', onlyTag: false })]);
  });
});
