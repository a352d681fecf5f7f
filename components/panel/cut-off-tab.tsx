import { useEffect, useRef } from 'react';
import { StatusDot } from '../ui/status-dot.tsx';
import { t } from '../ui/t.ts';
import type { PanelPlace } from './backend.ts';
import { FIRST_PLACEMENT } from './use-placement.ts';
import { useReportedSize } from './use-reported-size.ts';

/** The extension was updated under this page: only a reload brings the panel back. */
export function CutOffTab({ place }: { place: PanelPlace }) {
  const root = useRef<HTMLParagraphElement>(null);
  useEffect(() => place.tellFrame({ tagalong: 'place', side: FIRST_PLACEMENT.side, top: FIRST_PLACEMENT.top }), [place]);
  useReportedSize({ root, isOpen: false, widthPx: null, place });
  return (
    <main>
      <p
        ref={root}
        className="flex h-8 w-max items-center gap-2 rounded-s-md border border-e-0 border-line bg-surface px-3 font-medium whitespace-nowrap"
      >
        <StatusDot tone="warn" />
        {t('panel.cutOff')}
      </p>
    </main>
  );
}
