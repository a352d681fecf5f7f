/** As much of the browser's MessageSender as is looked at. */
export interface Sender {
  id?: string;
  url?: string;
  origin?: string;
  tab?: { id?: number; url?: string };
}

export interface OwnExtension {
  id: string;
  /** `chrome-extension://<id>` or `moz-extension://<uuid>`, without a trailing slash. */
  origin: string;
}

/**
 * Which page of ours does a message come from: `panel`, `options`, `popup`; null for everybody else. A content script shares
 * our id but speaks from the origin of its web page, so that a compromised ATS page gains nothing by posing as one.
 */
export function trustedPage(sender: Sender, own: OwnExtension): string | null {
  if (sender.id !== own.id || !sender.url) return null;
  if (sender.origin !== undefined && sender.origin !== own.origin) return null;
  const url = URL.parse(sender.url);
  if (!url || `${url.protocol}//${url.host}` !== own.origin) return null;
  return /^\/(panel|options|popup)\.html$/.exec(url.pathname)?.[1] ?? null;
}
