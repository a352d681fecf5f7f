import { cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { ResultView } from '../../../lib/contract/panel.ts';
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
