import type { PanelState } from '../../lib/contract/messages.ts';
import type { PanelView } from '../../lib/contract/panel.ts';
import { candidateReferenceKey, sameCandidate } from '../../lib/domain/candidate-reference.ts';

/** The view to show of two: of the same application never the older version, since answers and pushes may overtake each other. */
export function newerView(shown: PanelView | null, next: PanelView | null): PanelView | null {
  if (shown?.kind !== 'application' || next?.kind !== 'application') return next;
  return shown.key === next.key && next.version < shown.version ? shown : next;
}

/** The next state with the newer of both views, and that view's own time. */
export function newerState(shown: PanelState | null, next: PanelState): PanelState {
  // "Wait, it is being asked" comes as an answer, what was asked as a push: the push may be the quicker one.
  if (shown?.view && isOnlyWaiting(next) && isSamePage(shown, next)) return shown;
  const view = newerView(shown?.view ?? null, next.view);
  if (!shown || view === next.view) return next;
  return { ...next, view, viewAt: shown.viewAt };
}

/**
 * The state after a question that was asked while `asked` was shown. Its answer is dropped when it is still about the page
 * of then and another one is shown by now: it went another way than the push that told of the next page, which overtook it.
 */
export function stateAnswered({ asked, shown, next }: { asked: PanelState | null; shown: PanelState | null; next: PanelState }) {
  const isOvertaken = asked && shown && pageKey(shown) !== pageKey(asked) && pageKey(next) === pageKey(asked);
  return isOvertaken ? shown : newerState(shown, next);
}

function pageKey({ page }: PanelState): string | null {
  return page && candidateReferenceKey(page);
}

function isOnlyWaiting({ view, link }: PanelState): boolean {
  return view === null && link === 'connecting';
}

function isSamePage(a: PanelState, b: PanelState): boolean {
  return a.page !== null && b.page !== null && sameCandidate(a.page, b.page);
}

/** A command's answer carries a view: taken only when it is about the application that is shown. */
export function withAnswer(shown: PanelState, view: PanelView | null, at: string): PanelState {
  if (view?.kind !== 'application' || shown.view?.kind !== 'application' || view.key !== shown.view.key) return shown;
  if (newerView(shown.view, view) !== view) return shown;
  return { ...shown, view, viewAt: at, stale: false };
}
