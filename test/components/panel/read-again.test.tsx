import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { stateAnswered } from '../../../components/panel/newer-state.ts';
import type { PanelState } from '../../../lib/contract/messages.ts';
import type { CandidateReference } from '../../../lib/domain/candidate-reference.ts';
import { application, PAGE, panelState } from './panel-states.ts';
import { deferred, renderPanel } from './render-panel.tsx';

afterEach(cleanup);

const BEN_PAGE: CandidateReference = { ...PAGE, kind: 'application', applicationId: 'opp-2' };
const ada = panelState({ view: application() });
const ben = panelState({
  page: BEN_PAGE,
  view: application({ key: 'lever:opp-2', reference: BEN_PAGE, candidateName: 'Ben Lee' }),
});
const nobody = panelState({ page: null, view: null, viewAt: null });

describe('the answer to a question about the whole page', () => {
  const newer = panelState({ view: application({ version: 2 }) });

  test('is taken while the page is the one that it was asked on', () => {
    expect(stateAnswered({ asked: ada, shown: ada, next: newer })).toBe(newer);
    expect(stateAnswered({ asked: null, shown: null, next: ada })).toBe(ada);
  });

  test('is dropped once another page is shown, also one of nobody', () => {
    expect(stateAnswered({ asked: ada, shown: ben, next: newer })).toBe(ben);
    expect(stateAnswered({ asked: ada, shown: nobody, next: newer })).toBe(nobody);
    expect(stateAnswered({ asked: nobody, shown: ben, next: nobody })).toBe(ben);
  });

  // The background holds it for shown from then on and pushes it no second time.
  test('is taken when it is the answer that knows of the next page first', () => {
    expect(stateAnswered({ asked: ada, shown: ada, next: ben })).toBe(ben);
    expect(stateAnswered({ asked: ada, shown: ben, next: nobody })).toBe(nobody);
  });
});

test('a candidate who was read again does not come back over the next one', async () => {
  const answer = deferred<PanelState>();
  const { user, emit, callsOf } = await renderPanel(ada, { answers: { checkAgain: () => answer.promise } });
  await user.click(screen.getByRole('button', { name: 'More' }));
  await user.click(await screen.findByRole('button', { name: 'Read the candidate again' }));
  expect(callsOf('checkAgain')).toHaveLength(1);
  act(() => emit({ type: 'state', state: ben }));
  await act(async () => answer.resolve(ada));
  expect(screen.getByText('Ben Lee')).toBeDefined();
  expect(screen.queryByText('Ada Lovelace')).toBeNull();
});
