import { browser } from 'wxt/browser';
import type { FrameMessage } from '../contract/messages.ts';
import type { AtsKind } from '../domain/ats.ts';

/** Where on the page the panel sits and whether it is open. `top` in CSS pixels from the window's upper edge. */
export interface Placement {
  isOpen: boolean;
  side: 'left' | 'right';
  top: number;
}

export interface PanelPlace {
  load(ats: AtsKind): Promise<Placement | null>;
  save(ats: AtsKind, placement: Placement): Promise<void>;
  tellFrame(message: FrameMessage): void;
}

/**
 * Remembers where the panel was per ATS, and tells the content script that holds the frame about size, place and focus. It
 * goes through the background, not through the page's window: there the page could listen, and forge it. (Firefox gives a
 * frame inside a web page no `tabs`, so that it cannot be said directly; seen in Firefox ESR 153.)
 */
export function createPanelPlace(onFailure: (error: unknown) => void): PanelPlace {
  const key = (ats: AtsKind) => `placement:${ats}`;
  return {
    async load(ats) {
      const stored = await browser.storage.local.get(key(ats));
      return readPlacement(stored[key(ats)]);
    },
    async save(ats, placement) {
      await browser.storage.local.set({ [key(ats)]: placement });
    },
    tellFrame(message) {
      browser.runtime.sendMessage(message).catch(onFailure);
    },
  };
}

/** What was stored, if it is a placement: pages of other versions and the content script can write there too. */
export function readPlacement(stored: unknown): Placement | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { isOpen, side, top }: Partial<Record<keyof Placement, unknown>> = stored;
  if (typeof isOpen !== 'boolean' || (side !== 'left' && side !== 'right')) return null;
  return typeof top === 'number' && top >= 0 ? { isOpen, side, top } : null;
}
