import { useEffect, useRef } from 'react';
import { classNames } from '../ui/class-names.ts';
import { LiveRegion } from '../ui/live-region.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { t } from '../ui/t.ts';
import type { PanelPlace, Placement } from './backend.ts';
import type { TabStatus } from './tab-status.ts';
import { useReportedSize } from './use-reported-size.ts';
import { useTabMoves } from './use-tab-moves.ts';

export interface PanelTabProps {
  status: TabStatus;
  placement: Placement;
  place: PanelPlace;
  /** It was just closed by somebody: the focus stays with it. */
  takesFocus: boolean;
  onMove(change: Partial<Placement>, isFinal: boolean): void;
  onOpen(): void;
}

/** The closed panel: a dot and a word at the page's edge. Click opens it; dragging or the arrow keys move it. */
export function PanelTab({ status, placement, place, takesFocus, onMove, onOpen }: PanelTabProps) {
  const root = useRef<HTMLButtonElement>(null);
  useReportedSize({ root, isOpen: false, widthPx: null, place });
  useEffect(() => {
    if (takesFocus) root.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  const moves = useTabMoves({ placement, onMove, onOpen });
  return (
    <main>
      <h1 className="sr-only">{t('extName')}</h1>
      <button
        ref={root}
        type="button"
        aria-label={t('panel.tab.label', status.word)}
        aria-describedby="tagalong-tab-hint"
        title={t('panel.tab.hint')}
        {...moves}
        className={classNames(
          'flex h-8 w-max max-w-60 touch-none items-center gap-2 border border-line bg-surface px-3 text-sm font-medium whitespace-nowrap text-ink select-none hover:bg-sunken focus-visible:-outline-offset-2',
          placement.side === 'right' ? 'rounded-s-md border-e-0' : 'rounded-e-md border-s-0',
        )}
      >
        <StatusDot tone={status.tone} />
        <span className="truncate">{status.word}</span>
        <span id="tagalong-tab-hint" hidden>
          {t('panel.tab.hint')}
        </span>
      </button>
      <LiveRegion text={status.isNews ? status.word : ''} />
    </main>
  );
}
