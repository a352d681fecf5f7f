import { browser } from 'wxt/browser';
import type { FrameMessage } from '../../lib/contract/messages.ts';

const TAG = 'tagalong-panel';

/**
 * The panel's place on the page: an element with a closed shadow root, fixed at the edge, with the extension's own page in
 * a frame. The page's layout never moves and its style sheets do not reach in: inline `!important` outranks them.
 */
export function createPanelFrame() {
  let host: HTMLElement | undefined;
  let frame: HTMLIFrameElement | undefined;
  let focusedBefore: EventTarget | null = null;
  // Until the panel says otherwise: its closed tab, below the ATS's header. `top` and sizes in CSS pixels.
  let look = { side: 'right', top: 168, width: 120, height: 40, display: 'block' };

  function mount(): HTMLElement {
    // A copy that died with an earlier version cannot clean up in Firefox, where its code is gone at once.
    for (const old of document.querySelectorAll(TAG)) old.remove();
    const made = document.createElement(TAG);
    frame = document.createElement('iframe');
    frame.src = browser.runtime.getURL('/panel.html');
    frame.title = 'Tagalong';
    // Without a scheme of its own the browser paints an opaque ground behind a dark panel.
    important(frame, 'all:initial;width:100%;height:100%;color-scheme:light dark');
    // Copying a link is a click inside the frame.
    frame.allow = 'clipboard-write';
    made.attachShadow({ mode: 'closed' }).append(frame);
    made.addEventListener('focusin', (event) => {
      focusedBefore = event.relatedTarget;
    });
    return made;
  }

  /** Takes over what is given; the browser itself keeps the frame inside the window. */
  function place(change?: object): void {
    look = { ...look, ...change };
    const { side, top, width, height, display } = look;
    // Moves up only to have this much room: what grows beyond it must not pull a button away from under the mouse.
    const fits = `--t:min(${top}px,max(8px,100vh - ${Math.min(height, 560) + 8}px));top:var(--t);height:min(${height}px,100vh - 8px - var(--t));width:min(${width}px,100vw)`;
    if (host)
      important(
        host,
        `all:initial;position:fixed;z-index:2147483647;${side}:0;display:${display};border-radius:6px;box-shadow:0 2px 12px #0003;${fits}`,
      );
  }

  return {
    place,
    /** Puts the frame on the page, or back when the page took it away. */
    show(): void {
      host ??= mount();
      place();
      if (!host.isConnected) document.documentElement.append(host);
    },
    remove(): void {
      host?.remove();
      host = undefined;
    },
    /** Does what the panel's page or the background asks for. */
    obey(message: FrameMessage): void {
      if (message.tagalong === 'focus') frame?.focus();
      else if (message.tagalong === 'blur') {
        frame?.blur();
        if (focusedBefore instanceof HTMLElement) focusedBefore.focus();
      } else place(message);
    },
  };
}

function important(element: HTMLElement, css: string): void {
  element.style.cssText = `${css.replaceAll(';', '!important;')}!important`;
}
