import { useCallback, useEffect, useState } from 'react';
import type { AtsKind } from '../../lib/domain/ats.ts';
import type { PanelPlace, Placement } from './backend.ts';

/** Below both ATSs' headers and below Lever's stage menu at the upper right. */
export const FIRST_PLACEMENT: Placement = { isOpen: false, side: 'right', top: 168 };

/** Keeps the tab's grip inside the window, whatever was remembered from a larger one. */
const MIN_TOP = 8;

/** Where the panel is for this ATS, remembered between pages; null until that is known. */
export function usePlacement(ats: AtsKind | null, place: PanelPlace) {
  const [placement, setPlacement] = useState<Placement | null>(null);

  useEffect(() => {
    if (!ats) return;
    let isStale = false;
    place.load(ats).then(
      (remembered) => !isStale && setPlacement(remembered ?? FIRST_PLACEMENT),
      // Without its memory the panel still works, from where it first appears.
      () => !isStale && setPlacement(FIRST_PLACEMENT),
    );
    return () => {
      isStale = true;
    };
  }, [ats, place]);

  useEffect(() => {
    if (placement) place.tellFrame({ tagalong: 'place', side: placement.side, top: placement.top });
  }, [placement, place]);

  /** Shows it there. Pass `isFinal: false` while it is still being dragged. */
  const move = useCallback(
    (change: Partial<Placement>, isFinal = true) => {
      const next = { ...(placement ?? FIRST_PLACEMENT), ...change };
      next.top = Math.max(MIN_TOP, Math.round(next.top));
      setPlacement(next);
      if (isFinal && ats) place.save(ats, next).catch((error) => console.error('placement not kept', error));
    },
    [placement, ats, place],
  );

  return { placement, move };
}
