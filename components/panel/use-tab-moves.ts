import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef } from 'react';
import type { Placement } from './backend.ts';

/** Below this a press is a click, not a drag. */
const DRAG_FROM_PX = 4;
const KEY_STEP_PX = 24;

export interface UseTabMovesInput {
  placement: Placement;
  onMove(change: Partial<Placement>, isFinal: boolean): void;
  onOpen(): void;
}

interface Drag {
  fromY: number;
  fromTop: number;
  hasMoved: boolean;
}

/**
 * Pointer and keys of the tab. The frame moves under the pointer while it is dragged, so only screen coordinates stay put; the
 * side changes where the pointer crosses the middle of the browser window.
 */
export function useTabMoves({ placement, onMove, onOpen }: UseTabMovesInput) {
  const drag = useRef<Drag | null>(null);
  const wasDragged = useRef(false);

  const sideOf = (screenX: number): Placement['side'] => (screenX < window.screenX + window.outerWidth / 2 ? 'left' : 'right');
  const placeOf = (event: PointerEvent, from: Drag) => ({
    top: from.fromTop + event.screenY - from.fromY,
    side: sideOf(event.screenX),
  });

  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture?.(event.pointerId);
      drag.current = { fromY: event.screenY, fromTop: placement.top, hasMoved: false };
      wasDragged.current = false;
    },
    onPointerMove(event: PointerEvent) {
      const from = drag.current;
      if (!from) return;
      const isFarEnough = Math.abs(event.screenY - from.fromY) >= DRAG_FROM_PX || sideOf(event.screenX) !== placement.side;
      if (!from.hasMoved && !isFarEnough) return;
      from.hasMoved = true;
      onMove(placeOf(event, from), false);
    },
    onPointerUp(event: PointerEvent) {
      if (drag.current?.hasMoved) {
        wasDragged.current = true;
        onMove(placeOf(event, drag.current), true);
      }
      drag.current = null;
    },
    onPointerCancel() {
      drag.current = null;
    },
    onClick(event: MouseEvent) {
      // The click that ends a drag is not meant as one; keys (detail 0) always are.
      if (wasDragged.current && event.detail > 0) wasDragged.current = false;
      else onOpen();
    },
    onKeyDown(event: KeyboardEvent) {
      const change = keyMove(event.key, placement);
      if (!change) return;
      event.preventDefault();
      onMove(change, true);
    },
  };
}

function keyMove(key: string, { top }: Placement): Partial<Placement> | null {
  if (key === 'ArrowUp') return { top: top - KEY_STEP_PX };
  if (key === 'ArrowDown') return { top: top + KEY_STEP_PX };
  if (key === 'ArrowLeft') return { side: 'left' };
  return key === 'ArrowRight' ? { side: 'right' } : null;
}
