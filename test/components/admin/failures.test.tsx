import '../install-catalogue.ts';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { DeliveryView, FailureView } from '../../../lib/contract/failures.ts';
import { createFakeServer, type FakeServer, OFFLINE, ok } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

const AT = '2026-11-21T13:40:00.000Z';
const FAILED: FailureView = {
  id: '11111111-1111-4111-8111-111111111111',
  kind: 'effect',
  state: 'open',
  text: 'Not done: writing a note.',
  why: 'Greenhouse refused: the service user lacks the right.',
  candidateName: 'Ada Lovelace',
  jobName: 'Backend Engineer',
  url: 'https://app.greenhouse.io/people/1',
  connectionName: 'Greenhouse',
  firstAt: AT,
  lastAt: AT,
  times: 3,
  closedAt: null,
  closedBy: null,
  comment: null,
  needsCheck: false,
};
const UNCERTAIN: FailureView = {
  ...FAILED,
  id: '22222222-2222-4222-8222-222222222222',
  kind: 'unconfirmed',
  text: 'Not certain whether it was done: sending the invitation.',
  why: null,
  times: 1,
  needsCheck: true,
};
const WEBHOOK: DeliveryView = {
  id: 7,
  connectionId: 'gh',
  connectionName: 'Greenhouse',
  event: 'candidate_stage_change',
  receivedAt: AT,
  repeats: 1,
  outcome: 'hinted',
  outcomeText: 'Taken in: the candidate was looked at.',
  candidates: ['Ada Lovelace'],
  replays: 0,
};
const OPEN_LIST = '/api/failures?state=open&limit=50';

function serve(failures: FailureView[], webhooks: DeliveryView[] = [], next: string | null = null): FakeServer {
  const server = createFakeServer((setUp) => {
    setUp.overview.openFailures = failures.length;
  });
  const counts = { open: failures.length, retried: 0, discarded: 1, settled: 4 };
  server.answer('GET', OPEN_LIST, ok({ items: failures, next, counts }));
  server.answer('GET', '/api/deliveries?limit=20', ok({ items: webhooks, next: null }));
  return server;
}
const closed = (count: number, message: string) => ok({ closed: count, kept: [], more: false, message });

const NOTHING_OPEN = { items: [], next: null, counts: { open: 0, retried: 0, discarded: 1, settled: 0 } };

describe('what failed', () => {
  it('shows each with its reason and whom it is about, and how many wait in the list of sections', async () => {
    await openOptions(serve([FAILED, UNCERTAIN]), { at: 'failures' });
    const card = within(await findCard('What failed'));
    expect(await card.findByRole('heading', { name: FAILED.text })).toBeTruthy();
    expect(card.getByText(FAILED.why ?? '')).toBeTruthy();
    expect(card.getAllByRole('link', { name: /Ada Lovelace/ })[0]?.getAttribute('href')).toBe(FAILED.url);
    expect(card.getByText('3 times')).toBeTruthy();
    expect(await screen.findByRole('link', { name: /Failures 2 open/ })).toBeTruthy();
  });

  it('says that nothing waits, and why it cannot be shown', async () => {
    await openOptions(serve([]), { at: 'failures' });
    expect(await screen.findByText('Nothing failed that waits for you.')).toBeTruthy();
  });

  it('says why it cannot be shown, with a way to ask again', async () => {
    const server = serve([FAILED]);
    server.answer('GET', OPEN_LIST, OFFLINE);
    const { user } = await openOptions(server, { at: 'failures' });
    const card = within(await findCard('What failed'));
    expect((await card.findByRole('alert')).textContent).toContain(OFFLINE.message);
    server.answer(
      'GET',
      OPEN_LIST,
      ok({ items: [FAILED], next: null, counts: { open: 1, retried: 0, discarded: 0, settled: 0 } }),
    );
    await user.click(card.getByRole('button', { name: 'Try again' }));
    expect(await card.findByRole('heading', { name: FAILED.text })).toBeTruthy();
  });

  it('is tried again one by one, by keyboard too', async () => {
    const server = serve([FAILED]);
    server.answer('POST', '/api/failures/retry', closed(1, 'Tried again: 1. Still on the list: 0.'));
    const { user } = await openOptions(server, { at: 'failures' });
    const button = await screen.findByRole('button', { name: `Try again: ${FAILED.text}` });
    button.focus();
    await user.keyboard('{Enter}');
    await waitFor(() =>
      expect(server.writes).toEqual([
        { method: 'POST', path: '/api/failures/retry', body: { ids: [FAILED.id], checked: false } },
      ]),
    );
    expect(await screen.findByText('Tried again: 1. Still on the list: 0.')).toBeTruthy();
  });

  it('that may have been done wants a look at the other side first', async () => {
    const server = serve([UNCERTAIN]);
    server.answer('POST', '/api/failures/retry', closed(1, 'Tried again: 1. Still on the list: 0.'));
    const { user } = await openOptions(server, { at: 'failures' });
    const button = await screen.findByRole('button', { name: `Try again: ${UNCERTAIN.text}` });
    await user.click(button);
    expect(server.writes).toEqual([]);
    expect(screen.getByText('Look at the other side first and tick the box.')).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: /I have looked at the other side/ }));
    await user.click(button);
    await waitFor(() => expect(server.writes).toMatchObject([{ body: { ids: [UNCERTAIN.id], checked: true } }]));
  });

  it('is tried again all at once, after saying what that means', async () => {
    const server = serve([FAILED, UNCERTAIN]);
    server.answer('POST', '/api/failures/retry', closed(1, 'Tried again: 1. Still on the list: 1.'));
    const { user } = await openOptions(server, { at: 'failures' });
    await user.click(await screen.findByRole('button', { name: 'Try all again' }));
    expect(server.writes).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Try all again' }));
    await waitFor(() => expect(server.writes).toMatchObject([{ path: '/api/failures/retry', body: { all: true } }]));
  });

  it('is discarded with a comment, whose refusal shows at the comment', async () => {
    const server = serve([FAILED]);
    const message = 'This comment is too long.';
    server.answer('POST', '/api/failures/discard', { status: 400, body: { error: { code: 'invalid', message } } });
    const { user } = await openOptions(server, { at: 'failures' });
    await user.click(await screen.findByRole('button', { name: `Discard: ${FAILED.text}` }));
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    const comment = screen.getByLabelText('Why nobody will mend it');
    expect(screen.getByText('Say why, for those who look later.')).toBeTruthy();
    expect(server.writes).toEqual([]);
    await user.type(comment, 'She');
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    expect(await screen.findByText(message)).toBeTruthy();
    expect(comment.getAttribute('aria-invalid')).toBe('true');
    server.answer('POST', '/api/failures/discard', closed(1, 'Discarded: 1.'));
    await user.type(comment, ' withdrew');
    server.answer('GET', '/api/failures?state=open&limit=50', ok(NOTHING_OPEN));
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    await waitFor(() => expect(server.writes.at(-1)).toMatchObject({ body: { ids: [FAILED.id], comment: 'She withdrew' } }));
    // It leaves the list with the focus in it: whoever goes on by keyboard goes on in the list.
    await screen.findByText('Nothing failed that waits for you.');
    expect(within(await findCard('What failed')).getByText('Nothing failed that waits for you.').parentElement).toBe(
      document.activeElement,
    );
  });

  it('gives the focus back to the button when it is kept after all', async () => {
    const { user } = await openOptions(serve([FAILED]), { at: 'failures' });
    const name = `Discard: ${FAILED.text}`;
    await user.click(await screen.findByRole('button', { name }));
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.getByRole('button', { name })).toBe(document.activeElement));
  });

  it('shows those that were discarded, by whom and why', async () => {
    const server = serve([]);
    const gone = { ...FAILED, state: 'discarded' as const, closedBy: 'Rosa', comment: 'She withdrew', closedAt: AT };
    const counts = { open: 0, retried: 0, discarded: 1, settled: 0 };
    server.answer('GET', '/api/failures?state=discarded&limit=50', ok({ items: [gone], next: null, counts }));
    const { user } = await openOptions(server, { at: 'failures' });
    const card = within(await findCard('What failed'));
    await user.selectOptions(card.getByLabelText('Show'), 'discarded');
    expect(await card.findByText('Discarded by Rosa: She withdrew')).toBeTruthy();
    expect(card.queryByRole('button', { name: /Try again/ })).toBeNull();
  });

  it('reads more when asked for', async () => {
    const server = serve([FAILED], [], 'cursor');
    const counts = { open: 2, retried: 0, discarded: 0, settled: 0 };
    server.answer('GET', '/api/failures?state=open&limit=100', ok({ items: [FAILED, UNCERTAIN], next: null, counts }));
    const { user } = await openOptions(server, { at: 'failures' });
    await user.click(await screen.findByRole('button', { name: 'Show more' }));
    expect(await screen.findByRole('heading', { name: UNCERTAIN.text })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });
});

describe('webhooks as they came in', () => {
  it('show what became of each, and what each would do without doing it', async () => {
    const server = serve([], [WEBHOOK]);
    const because = ['Sent: entered "Assessment" with tag "Senior SWE".'];
    server.answer(
      'POST',
      '/api/deliveries/7/replay',
      ok({
        dryRun: true,
        message: 'This would be done:',
        candidates: [{ name: 'Ada Lovelace', jobName: null, url: null, because, would: ['Sending the invitation'] }],
      }),
    );
    const { user } = await openOptions(server, { at: 'failures' });
    const card = within(await findCard('Webhooks as they came in'));
    expect(await card.findByText(WEBHOOK.outcomeText)).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Show what it would do: candidate_stage_change' }));
    expect(await card.findByText('Sending the invitation')).toBeTruthy();
    expect(card.getByText(because[0] ?? '')).toBeTruthy();
    expect(server.writes).toMatchObject([{ body: { dryRun: true } }]);
  });

  it('are run again for real only after a yes', async () => {
    const server = serve([], [WEBHOOK]);
    const message = 'Taken in once more. What happened before does not happen again.';
    server.answer('POST', '/api/deliveries/7/replay', ok({ dryRun: false, message, candidates: [] }));
    const { user } = await openOptions(server, { at: 'failures' });
    await user.click(await screen.findByRole('button', { name: 'Run again: candidate_stage_change' }));
    expect(server.writes).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Run again' }));
    await waitFor(() => expect(server.writes).toMatchObject([{ body: { dryRun: false } }]));
    // The question is over, lest a second click run it once more.
    await screen.findByRole('button', { name: 'Run again: candidate_stage_change' });
    expect(screen.queryByRole('button', { name: 'Run again' })).toBeNull();
  });

  it('show what was sent when asked, and say when it is not kept any more', async () => {
    const server = serve([], [WEBHOOK]);
    server.answer('GET', '/api/deliveries?id=7&body=true', ok({ items: [{ ...WEBHOOK, body: '{ "to": "Test" }' }], next: null }));
    const { user } = await openOptions(server, { at: 'failures' });
    const open = await screen.findByRole('button', { name: 'Show what was sent' });
    expect(server.reads).not.toContain('/api/deliveries?id=7&body=true');
    await user.click(open);
    expect(await screen.findByText('{ "to": "Test" }')).toBeTruthy();
  });

  it('offer nothing to run where all that one told was erased, and say so', async () => {
    const outcomeText = 'About somebody who was erased.';
    await openOptions(serve([], [{ ...WEBHOOK, outcome: 'erased', outcomeText, candidates: [] }]), { at: 'failures' });
    const card = within(await findCard('Webhooks as they came in'));
    expect(await card.findByText(outcomeText)).toBeTruthy();
    expect(card.getByText(/not kept, so it cannot be run again/)).toBeTruthy();
    expect(card.queryByRole('button', { name: /^(Run again|Show what it would do)/ })).toBeNull();
  });
});
