/** Only on this machine may the server be reached without encryption. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** True for an address of this machine. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(URL.parse(address)?.hostname ?? '');
}

/** What was typed as the server's address, as an origin. A missing scheme means https. */
export function readServerAddress(typed: string): { origin: string } | { wrong: 'no-address' | 'not-https' } {
  const text = typed.trim();
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  if (!url?.hostname || !/^https?:$/.test(url.protocol)) return { wrong: 'no-address' };
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) return { wrong: 'not-https' };
  return { origin: url.origin };
}
