import { isIP } from 'node:net';
import { isPublicAddress } from './is-public-address.ts';
import { privateAddressDetail, type Target } from './target.ts';

/** Message submission, plain with STARTTLS or with TLS from the start: https://www.rfc-editor.org/rfc/rfc8314#section-7.3 */
const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/** The company's mail server, as an admin wrote it: `smtp(s)://user:password@host:port`. */
export interface SmtpServer {
  /** What the address check goes by; see target.ts. */
  target: Target;
  name: string;
  port: number;
  /** TLS from the first byte. */
  secure: boolean;
  /** Never without TLS in the presence of a credential, except to a host in TEST_HOSTS. */
  requireTls: boolean;
  credentials: { user: string; pass: string } | null;
}

/** Where a mail goes, or why it may not go there. A name is checked when it is resolved. */
export function toSmtpServer(address: string, testHosts: readonly string[]): { server: SmtpServer } | { detail: string } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const usualPort = url && PORTS[url.protocol];
  if (!url?.hostname || !usualPort) return { detail: 'The address of the mail server is not smtp:// or smtps://.' };
  const name = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const port = Number(url.port) || usualPort;
  const host = `${url.hostname.toLowerCase()}:${port}`;
  const isTestHost = testHosts.includes(host);
  if (!isTestHost && isIP(name) && !isPublicAddress(name)) return { detail: privateAddressDetail(host) };
  const credentials = url.username === '' ? null : { user: decode(url.username), pass: decode(url.password) };
  const target = { url, host, isTestHost, isNamed: true };
  const secure = url.protocol === 'smtps:';
  return { server: { target, name, port, secure, requireTls: credentials !== null && !isTestHost, credentials } };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Written as it is: a lone percent sign belongs to the password itself.
    return text;
  }
}
