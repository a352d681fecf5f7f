import { cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { OutsideFound } from '../../../lib/contract/panel.ts';
import { ago, invitation, showing } from './panel-states.ts';
import { renderPanel } from './render-panel.tsx';

afterEach(cleanup);

const FOUND: OutsideFound['found'][number] = {
  ref: 'vendor:77',
  email: 'ada@example.com',
  invitedAt: ago(60),
  expiresAt: null,
  state: 'started',
  trusted: false,
};

async function search(found: OutsideFound) {
  const panel = await renderPanel(showing({ defaultAssessmentId: 'senior' }), { answers: { findOutside: async () => found } });
  await panel.user.click(screen.getByRole('button', { name: 'More options' }));
  await panel.user.click(screen.getByRole('button', { name: 'Invited at Coderbyte by hand?' }));
  return panel;
}

describe('a candidate who may have been invited at the vendor by hand', () => {
  it('is looked for on a click, shown with what is known, and attached', async () => {
    const { user, callsOf } = await search({ found: [FOUND], elsewhere: [] });
    expect(callsOf('findOutside')).toEqual([expect.objectContaining({ assessmentId: 'senior' })]);
    expect(screen.getByText(/not verified/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Attach' }));
    expect(callsOf('attach')).toEqual([expect.objectContaining({ assessmentId: 'senior', ref: 'vendor:77' })]);
    expect(callsOf('send')).toEqual([]);
  });

  it('and was not, is said', async () => {
    await search({ found: [], elsewhere: [] });
    expect(screen.getByText(/Nothing is known of an invitation to Senior SWE/)).toBeDefined();
  });

  it('and belongs to another application cannot be attached', async () => {
    await search({ found: [], elsewhere: ['The invitation to ada@example.com belongs to the application for Data.'] });
    expect(screen.getByText(/belongs to the application for Data/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Attach' })).toBeNull();
  });
});

describe('an invitation that was not sent because the vendor has one from outside', () => {
  const failed = (part: Parameters<typeof invitation>[0] = {}) =>
    invitation({ state: 'failed', closedAt: ago(2), isInvitedOutside: true, actions: ['send-again'], ...part });
  const FIND = { name: 'Find it at Coderbyte' };

  it('leads there from its own card, before "Send again"', async () => {
    const state = showing({ invitations: [failed()] });
    const { user, callsOf } = await renderPanel(state, {
      answers: { findOutside: async () => ({ found: [FOUND], elsewhere: [] }) },
    });
    const find = screen.getByRole('button', FIND);
    expect(find.className).toContain('bg-accent ');
    expect(screen.getByRole('button', { name: 'Send again' }).className).not.toContain('bg-accent ');
    await user.click(find);
    expect(callsOf('findOutside')).toEqual([expect.objectContaining({ assessmentId: 'senior' })]);
    await user.click(screen.getByRole('button', { name: 'Attach' }));
    expect(callsOf('attach')).toEqual([expect.objectContaining({ assessmentId: 'senior', ref: 'vendor:77' })]);
    expect(callsOf('sendAgain')).toEqual([]);
  });

  it.each([
    ['it failed for another reason', showing({ invitations: [failed({ isInvitedOutside: undefined })] })],
    ['nobody can be asked', { ...showing({ invitations: [failed()] }), link: 'offline' as const }],
    ['a viewer looks', showing({ invitations: [failed({ actions: [] })] })],
  ])('leads nowhere where %s', async (_what, state) => {
    await renderPanel(state);
    expect(screen.queryByRole('button', FIND)).toBeNull();
  });
});
