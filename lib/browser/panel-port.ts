import { browser } from 'wxt/browser';
import type { PanelPush } from '../contract/messages.ts';

/** The name under which the background knows a port that wants live updates. */
export const PANEL_PORT = 'tagalong-panel';

/** A stopped worker drops its ports; MV3 stops it after 30 s without an extension event, and a port message is one. */
const PING_EVERY_MS = 20_000;
const RECONNECT_AFTER_MS = 250;

export interface PanelPort {
  /** Tells the background which of several applications the recruiter chose, so that pushes are about that one. */
  choose(applicationId: string): void;
  close(): void;
}

/** What goes up the port. `choose` names the application picked on a page that shows a person with several. */
export type PortMessage = { tagalong: 'ping' } | { tagalong: 'choose'; applicationId: string };

/**
 * Live updates for one panel or popup. `onPush` is called with each push of the background, `onConnect` after every
 * connection including the first, so that the caller can ask for what it missed. Pings every 20 s to keep the worker alive
 * and connects again when the worker was stopped. Ends by itself when the extension was updated under the page.
 */
export function connectPanelPort(onPush: (push: PanelPush) => void, onConnect: () => void = () => {}): PanelPort {
  let port: ReturnType<typeof browser.runtime.connect> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let chosen: string | null = null;
  let closed = false;

  const post = (message: PortMessage) => port?.postMessage(message);

  function connect(): void {
    if (closed || !browser.runtime?.id) return;
    port = browser.runtime.connect({ name: PANEL_PORT });
    port.onMessage.addListener(onPush);
    port.onDisconnect.addListener(reconnectSoon);
    if (chosen) post({ tagalong: 'choose', applicationId: chosen });
    onConnect();
  }

  function reconnectSoon(): void {
    port = undefined;
    if (!closed) timer = setTimeout(connect, RECONNECT_AFTER_MS);
  }

  const pinging = setInterval(() => post({ tagalong: 'ping' }), PING_EVERY_MS);
  connect();

  return {
    choose(applicationId) {
      chosen = applicationId;
      post({ tagalong: 'choose', applicationId });
    },
    close() {
      closed = true;
      clearInterval(pinging);
      clearTimeout(timer);
      port?.disconnect();
    },
  };
}
