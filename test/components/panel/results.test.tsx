import { cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { InvitationView, ResultView } from '../../../lib/contract/panel.ts';
import { invitation, result, showing } from './panel-states.ts';
import { renderPanel } from './render-panel.tsx';

afterEach(cleanup);

const showResult = (part: Partial<ResultView>) =>
  renderPanel(showing({ invitations: [invitation({ state: 'scored', result: result(part) })] }));

describe('a result in the panel', () => {
  it('that was revised says so and why', async () => {
    await showResult({ version: 2, revision: { because: 'integrity' }, integrity: { status: 'flagged', signals: [] } });
    expect(screen.getByText(/revised: integrity/)).toBeDefined();
  });

  it('that the vendor called passed says whose word that is, and shows no mark of ours', async () => {
    await showResult({ passMark: 70, score: null, percent: null, rating: 'Good', passedBasis: 'cutoff' });
    expect(screen.getByText('Passed')).toBeDefined();
    expect(screen.getByText('by the mark set at Coderbyte')).toBeDefined();
    expect(screen.queryByText(/mark 70/)).toBeNull();
  });

  it('that missed the mark by less than a percent shows how, and the mark as it was set', async () => {
    await showResult({ score: { value: 417, max: 600 }, percent: 69.5, passed: false, passMark: 69.75 });
    expect(screen.getByText('69.5%')).toBeDefined();
    expect(screen.getByText('Not passed')).toBeDefined();
    expect(screen.getByText(/mark 69\.75%/)).toBeDefined();
  });

  it('tells the percentile and the time it took', async () => {
    await showResult({ percentile: 83.4, seconds: 47 * 60 });
    expect(screen.getByText(/percentile 83 · took 47 min/)).toBeDefined();
  });

  it('that was declared invalid is neither passed nor not passed', async () => {
    await showResult({ status: 'voided', passed: null });
    expect(screen.getByText('Declared invalid')).toBeDefined();
    expect(screen.queryByText('Passed')).toBeNull();
  });
});

it('shows a word of the vendor as text, whatever stands in it', async () => {
  await renderPanel(showing({ invitations: [invitation({ state: 'sent', vendorSays: '<img src=x> on hold' })] }));
  expect(screen.getByText(/Coderbyte says "<img src=x> on hold"/)).toBeDefined();
  expect(document.querySelector('img')).toBeNull();
});

it('names no address of somebody who was anonymised', async () => {
  await renderPanel(showing({ invitations: [invitation({ state: 'sent', email: '' })] }));
  expect(screen.getByText('Coderbyte')).toBeDefined();
  expect(screen.queryByText(/· to/)).toBeNull();
});

describe('a move that rests on an older result', () => {
  const text = 'Ada was moved to On-site on an earlier result, 82. The result is now 55. Please check.';
  const showReview = (part: Partial<InvitationView>) =>
    renderPanel(showing({ invitations: [invitation({ state: 'scored', result: result(), review: text, ...part })] }));

  it('is shown, and is settled by the person who says to have checked it', async () => {
    const { user, callsOf } = await showReview({ actions: ['close-review'] });
    expect(screen.getByText(text)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Done, I checked' }));
    expect(callsOf('closeReview')).toEqual([expect.objectContaining({ invitationId: 'inv-1' })]);
  });

  it('is shown without the button to somebody who may not settle it', async () => {
    await showReview({ actions: [] });
    expect(screen.getByText(text)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Done, I checked' })).toBeNull();
  });
});
