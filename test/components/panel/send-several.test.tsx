import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Refusal } from '../../../lib/contract/messages.ts';
import type { CommandAnswer } from '../../../lib/contract/panel.ts';
import type { Call } from './fake-backend.ts';
import { application, choice, NOW, showing } from './panel-states.ts';
import { deferred, renderPanel } from './render-panel.tsx';

afterEach(cleanup);

const swe = choice({ onCandidate: true });
const data = choice({ id: 'data', name: 'Data engineering', tag: 'Data', onCandidate: true });
const other = choice({ id: 'other', name: 'Frontend', tag: 'Frontend' });
const withTags = (...assessments: (typeof swe)[]) => showing({ assessments: [...assessments, other], defaultAssessmentId: null });
const answer = (outcome: CommandAnswer['outcome']): CommandAnswer => ({ outcome, message: 'Said.', mend: null, view: null });
const queued: Refusal = { refused: 'queued', message: 'Saved here.' };

/** Everything that the background was told to send, and to whom. */
const sendsIn = (calls: Call[]) =>
  calls.flatMap((call) => {
    if (call.name === 'send') return [{ to: call.command.applicationKey, what: call.command.assessmentId }];
    if (call.name !== 'sendAll') return [];
    return call.command.sends.map(({ assessmentId }) => ({ to: call.command.applicationKey, what: assessmentId }));
  });

describe('a candidate with several assessment tags', () => {
  it('is sent each of them on one click, each under an action of its own', async () => {
    const { user, callsOf } = await renderPanel(withTags(swe, data));
    await user.click(screen.getByRole('button', { name: 'Send both' }));
    const plain = { email: null, onlyTag: false, retake: false, options: {} };
    expect(callsOf('sendAll')).toEqual([
      {
        applicationKey: 'lever:opp-1',
        clickedAt: new Date(NOW).toISOString(),
        sends: [
          { ...plain, actionId: '00000000-0000-4000-8000-000000000001', assessmentId: 'senior' },
          { ...plain, actionId: '00000000-0000-4000-8000-000000000002', assessmentId: 'data' },
        ],
      },
    ]);
  });

  it('is sent all of them, and nobody else any, when the recruiter goes on meanwhile', async () => {
    const first = deferred<CommandAnswer>();
    const all = deferred<CommandAnswer[]>();
    const { user, emit, calls } = await renderPanel(withTags(swe, data), {
      answers: { send: () => first.promise, sendAll: () => all.promise },
    });
    await user.click(screen.getByRole('button', { name: 'Send both' }));
    const ben = application({ key: 'lever:opp-2', candidateName: 'Ben Lee' });
    act(() => emit({ type: 'state', state: { ...showing({}), view: ben } }));
    await act(async () => first.resolve(answer('done')));
    await act(async () => all.resolve([answer('done'), answer('done')]));
    expect(sendsIn(calls)).toEqual([
      { to: 'lever:opp-1', what: 'senior' },
      { to: 'lever:opp-1', what: 'data' },
    ]);
  });

  it('hears at the first that is refused which one it was, and which were not sent', async () => {
    const third = choice({ id: 'third', name: 'Third', onCandidate: true });
    const { user } = await renderPanel(withTags(swe, data, third), {
      answers: { sendAll: async () => [answer('done'), answer('refused')] },
    });
    await user.click(screen.getByRole('button', { name: 'Send all 3' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Data engineering: Said. Not sent: Third.');
  });

  it('hears what was not sent when the page had moved on', async () => {
    const message = 'The page has moved on to Ben. Nothing was sent.';
    const { user } = await renderPanel(withTags(swe, data), {
      answers: { sendAll: async () => [{ refused: 'page-moved-on', message }] },
    });
    await user.click(screen.getByRole('button', { name: 'Send both' }));
    expect((await screen.findByRole('alert')).textContent).toContain(`${message} Not sent: Senior SWE, Data engineering.`);
  });

  it('hears that they are kept while the server is away', async () => {
    const { user } = await renderPanel(withTags(swe, data), { answers: { sendAll: async () => [queued, queued] } });
    await user.click(screen.getByRole('button', { name: 'Send both' }));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('status').textContent).toBe('Saved here.');
  });

  it('can be sent all of three, of which one cannot be sent', async () => {
    const dead = choice({ id: 'dead', onCandidate: true, unusableBecause: 'It is no longer at Coderbyte.' });
    await renderPanel(withTags(swe, data, choice({ id: 'third', onCandidate: true }), dead));
    expect(screen.getByRole('button', { name: 'Send all 3' })).toBeDefined();
  });

  it('has one loud button: for all of them, until one is picked', async () => {
    const { user } = await renderPanel(withTags(swe, data));
    const loud = () =>
      screen
        .getAllByRole('button')
        .filter(({ className }) => className.includes('bg-accent '))
        .map(({ textContent }) => textContent);
    expect(loud()).toEqual(['Send both']);
    expect(screen.getByText('Tagged for: Senior SWE, Data engineering')).toBeDefined();
    await user.click(screen.getByRole('combobox'));
    await user.click(screen.getByRole('option', { name: /Data engineering/ }));
    expect(loud()).toEqual(['Send invitation']);
    expect(screen.queryByText(/^Tagged for/)).toBeNull();
  });

  it('is not offered that with one tag', async () => {
    await renderPanel(withTags(swe));
    expect(screen.queryByRole('button', { name: /Send (both|all)/ })).toBeNull();
  });
});
