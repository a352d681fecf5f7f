import '../install-catalogue.ts';
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { sharedSecrets } from '../../../components/admin/webhook-secrets.ts';
import { createFakeServer, MADE_SECRET, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';
import { createSetUp } from './set-up.ts';

describe('the webhooks of Greenhouse', () => {
  it('show an address for each event, the needed ones first, and what arrived there', async () => {
    const { user } = await openOptions(createFakeServer(), { at: 'greenhouse' });
    const card = within(await findCard('Webhooks from Greenhouse'));
    expect(card.getByLabelText<HTMLInputElement>('Address for candidate_stage_change').value).toContain('/hooks/w1-');
    expect(card.getByText(/Last refused/).textContent).toContain('It was signed with another secret.');
    expect(card.queryByText('update_candidate')).toBeNull();
    await user.click(card.getByRole('button', { name: '1 more event, useful but not needed' }));
    expect(card.getByText('update_candidate')).toBeTruthy();
  });

  it('copy their address with a button', async () => {
    const { user } = await openOptions(createFakeServer(), { at: 'greenhouse' });
    await user.click(await screen.findByRole('button', { name: 'Copy: Address for candidate_stage_change' }));
    expect(await navigator.clipboard.readText()).toContain('/hooks/w1-');
  });

  it('share one secret, made once by the server and shown once', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = within(await findCard('Webhooks from Greenhouse'));
    await user.click(card.getByRole('button', { name: 'Make another secret' }));
    expect((await card.findByRole<HTMLInputElement>('textbox', { name: 'Secret' })).value).toBe(MADE_SECRET);
    expect(await card.findByText('Secret that ends in wxyz is accepted')).toBeTruthy();
    expect(card.getByText('Secret that ends in k3pd is accepted')).toBeTruthy();
    expect(server.writes).toEqual([
      { method: 'POST', path: '/api/webhooks/w1/secrets', body: {} },
      { method: 'POST', path: '/api/webhooks/w2/secrets', body: { secret: MADE_SECRET } },
      { method: 'POST', path: '/api/webhooks/w3/secrets', body: { secret: MADE_SECRET } },
    ]);
    await user.click(card.getByRole('button', { name: 'I have pasted it' }));
    expect(document.body.innerHTML).not.toContain(MADE_SECRET);
  });

  it('say which secret is only known at some addresses', async () => {
    const server = createFakeServer();
    server.answer('POST', '/api/webhooks/w2/secrets', refuse('internal', 'The server made a mistake.'));
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = within(await findCard('Webhooks from Greenhouse'));
    await user.click(card.getByRole('button', { name: 'Make another secret' }));
    expect((await card.findByRole('alert')).textContent).toContain('The server made a mistake.');
    expect(await card.findByText(/at 1 of 3 addresses/)).toBeTruthy();
  });

  it('stop accepting an old secret everywhere, after saying what that means', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'greenhouse' });
    const card = within(await findCard('Webhooks from Greenhouse'));
    await user.click(card.getByRole('button', { name: 'Remove the secret that ends in k3pd' }));
    expect(card.getByText(/everything that arrives here is refused from then on/)).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Remove the secret that ends in k3pd' }));
    expect(await card.findByRole('button', { name: 'Make the secret' })).toBeTruthy();
    expect(server.writes.map(({ path }) => path)).toEqual(['w1', 'w2', 'w3'].map((id) => `/api/webhooks/${id}/secrets/s1`));
  });
});

describe('the webhooks of Lever', () => {
  it('take the signing token that Lever shows, one for each event, and never show it', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'lever' });
    const card = within(await findCard('Webhooks from Lever'));
    expect(card.getByText('Signing token stored, ends in 77fe')).toBeTruthy();
    await user.type(card.getByLabelText('Signing token'), '  lever-token-9911 ');
    await user.click(card.getByRole('button', { name: 'Save the signing token of candidateStageChange' }));
    expect(await card.findByText('Signing token stored, ends in 9911')).toBeTruthy();
    expect(server.writes).toEqual([{ method: 'POST', path: '/api/webhooks/w4/secrets', body: { secret: 'lever-token-9911' } }]);
    expect(card.queryByDisplayValue(/lever-token/)).toBeNull();
  });
});

describe('a server without a public address', () => {
  it('says that webhooks cannot reach it and shows no address', async () => {
    const server = createFakeServer((setUp) => {
      setUp.overview.publicUrl = null;
    });
    await openOptions(server, { at: 'lever' });
    const card = within(await findCard('Webhooks from Lever'));
    expect(card.getByText(/Webhooks cannot reach this server/)).toBeTruthy();
    expect(card.queryByRole('textbox')).toBeNull();
  });
});

describe('secrets of several webhooks', () => {
  it('are one when they end alike, the newest first', () => {
    const webhooks = createSetUp().connections.flatMap(({ webhooks: own }) => own);
    expect(sharedSecrets(webhooks).map(({ lastFour, at }) => [lastFour, at.length])).toEqual([
      ['77fe', 1],
      ['k3pd', 3],
      ['55d0', 1],
    ]);
  });
});
