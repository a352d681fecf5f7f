import { type RefObject, useLayoutEffect } from 'react';
import type { PanelPlace } from './backend.ts';

/** Room below an open list, so that its outline is not cut. */
const OVERLAY_MARGIN_PX = 8;

export interface UseReportedSizeInput {
  /** The whole panel or tab. */
  root: RefObject<HTMLElement | null>;
  /** The part that scrolls when the window is too low, at its natural height; the root's own height is used without it. */
  content?: RefObject<HTMLElement | null>;
  isOpen: boolean;
  widthPx: number | null;
  place: PanelPlace;
}

/**
 * Tells the page's frame how large it wants to be, after every change. Measured on the content, not on the frame, so
 * that a frame cut by the window does not talk itself small. Lists that lie over the content (`data-overlay`) and
 * notices below it (`data-notices`) count.
 */
export function useReportedSize({ root, content, isOpen, widthPx, place }: UseReportedSizeInput): void {
  useLayoutEffect(() => {
    const box = root.current;
    if (!box) return;
    let last = '';
    const report = () => {
      const height = Math.ceil(content?.current ? naturalHeight(box, content.current) : box.offsetHeight);
      const width = Math.ceil(widthPx ?? box.offsetWidth);
      if (`${width}x${height}` === last) return;
      last = `${width}x${height}`;
      place.tellFrame({ tagalong: 'size', width, height, open: isOpen });
    };
    report();
    const sizes = new ResizeObserver(report);
    sizes.observe(content?.current ?? box);
    const changes = new MutationObserver(report);
    changes.observe(box, { childList: true, subtree: true });
    return () => {
      sizes.disconnect();
      changes.disconnect();
    };
  }, [root, content, isOpen, widthPx, place]);
}

function naturalHeight(root: HTMLElement, content: HTMLElement): number {
  const contentTop = content.getBoundingClientRect().top;
  const overlays = [...root.querySelectorAll('[data-overlay]')];
  const lowest = overlays.map((overlay) => overlay.getBoundingClientRect().bottom - contentTop + OVERLAY_MARGIN_PX);
  const scroller = content.parentElement;
  const above = contentTop - root.getBoundingClientRect().top + (scroller?.scrollTop ?? 0);
  return above + Math.max(content.offsetHeight, ...lowest) + noticesBelow(root) + borderBelow(root);
}

/** At their natural height too, though they scroll when there are many. */
function noticesBelow(root: HTMLElement): number {
  const notices = root.querySelector<HTMLElement>('[data-notices]');
  return notices ? notices.scrollHeight + notices.offsetHeight - notices.clientHeight : 0;
}

function borderBelow(root: HTMLElement): number {
  return Number.parseFloat(getComputedStyle(root).borderBottomWidth) || 0;
}
