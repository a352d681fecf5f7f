import { cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CommandAnswer } from '../../../lib/contract/panel.ts';
import { choice, showing } from './panel-states.ts';
import { renderPanel } from './render-panel.tsx';

afterEach(cleanup);

const swe = choice({ onCandidate: true });
const data = choice({ id: 'data', name: 'Data engineering', tag: 'Data', onCandidate: true });
const other = choice({ id: 'other', name: 'Frontend', tag: 'Frontend' });
const withTags = (...assessments: (typeof swe)[]) => showing({ assessments: [...assessments, other], defaultAssessmentId: null });
const answer = (outcome: CommandAnswer['outcome']): CommandAnswer => ({ outcome, message: 'Said.', mend: null, view: null });

describe('a candidate with several assessment tags', () => {
  it('is sent each of them on one click, each under an action of its own', async () => {
    const { user, callsOf } = await renderPanel(withTags(swe, data));
    await user.click(screen.getByRole('button', { name: 'Send both' }));
    await vi.waitFor(() => expect(callsOf('send')).toHaveLength(2));
    const sent = callsOf('send') as { assessmentId: string; actionId: string }[];
    expect(sent.map(({ assessmentId }) => assessmentId)).toEqual(['senior', 'data']);
    expect(new Set(sent.map(({ actionId }) => actionId)).size).toBe(2);
  });

  it('hears at the first that is refused, and the rest stay unsent', async () => {
    const { user, callsOf } = await renderPanel(withTags(swe, data), { answers: { send: async () => answer('refused') } });
    await user.click(screen.getByRole('button', { name: 'Send both' }));
    expect(await screen.findByText('Said.')).toBeDefined();
    expect(callsOf('send')).toHaveLength(1);
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
