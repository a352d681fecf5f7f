import { useState } from 'react';
import type { PanelState } from '../../lib/contract/messages.ts';
import type { ChooserView } from '../../lib/contract/panel.ts';
import { candidateReferenceKey } from '../../lib/domain/candidate-reference.ts';

/** The applications offered for the person on this page, kept while one of them is shown, so that there is a way back. */
export function useChooser({ page, view }: PanelState) {
  const pageKey = page ? candidateReferenceKey(page) : null;
  const [kept, setKept] = useState<{ pageKey: string | null; view: ChooserView } | null>(null);
  const [isChoosing, setIsChoosing] = useState(false);
  if (view?.kind === 'chooser' && (kept?.view !== view || kept.pageKey !== pageKey)) setKept({ pageKey, view });
  const chooser = kept?.pageKey === pageKey ? kept.view : null;
  return { shown: isChoosing && chooser ? chooser : view, hasOthers: chooser !== null, setIsChoosing };
}
