import { browser } from 'wxt/browser';
import type { PanelPush } from '../contract/messages.ts';

/** The name under which the background knows a port that wants live updates. */
export const PANEL_PORT = 'tagalong-panel';

/** A stopped worker drops its ports; MV3 stops it after 30 s without an extension event, and a port message is one. */
const PING_EVERY_MS = 20_000;
const RECONNECT_AFTER_MS = 250;

/** What goes up the port. `choose` names the application picked on a page that shows a person with several. */
export type PortMessage = { tagalong: 'ping' } | { tagalong: 'choose'; applicationId: string };

export interface PanelPort {
  /** Tells the background which of several applications the recruiter chose, so that pushes are about that one. */
  choose(applicationId: string): void;
  close(): void;
}

/** This end of the browser's port, as far as it is used. */
export interface ClientPort {
  postMessage(message: PortMessage): void;
  disconnect(): void;
  onMessage: { addListener(listener: (push: PanelPush) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

/**
 * Live updates for one panel or popup. `onPush` is called with each push of the background, `onConnect` after every
 * connection including the first, so that the caller can ask for what it missed. Pings every 20 s to keep the worker alive
 * and connects again when the worker was stopped. Ends by itself when the extension was updated under the page.
 */
export function connectPanelPort(
  onPush: (push: PanelPush) => void,
  onConnect: () => void = () => {},
  open: () => ClientPort | null = openPort,
): PanelPort {
  let port: ClientPort | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let chosen: string | null = null;
  let isClosed = false;

  const post = (message: PortMessage) => port?.postMessage(message);

  function connect(): void {
    port = isClosed ? null : open();
    if (!port) return;
    port.onMessage.addListener(onPush);
    port.onDisconnect.addListener(reconnectSoon);
    if (chosen) post({ tagalong: 'choose', applicationId: chosen });
    onConnect();
  }

  function reconnectSoon(): void {
    port = null;
    if (!isClosed) timer = setTimeout(connect, RECONNECT_AFTER_MS);
  }

  const pinging = setInterval(() => post({ tagalong: 'ping' }), PING_EVERY_MS);
  connect();

  return {
    choose(applicationId) {
      chosen = applicationId;
      post({ tagalong: 'choose', applicationId });
    },
    close() {
      isClosed = true;
      clearInterval(pinging);
      clearTimeout(timer);
      port?.disconnect();
    },
  };
}

/** Null when the extension is gone from under the page: then there is nobody to connect to. */
function openPort(): ClientPort | null {
  return browser.runtime?.id ? browser.runtime.connect({ name: PANEL_PORT }) : null;
}
