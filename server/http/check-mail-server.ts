import { isIP } from 'node:net';
import { isPublicAddress } from '../outbound/is-public-address.ts';
import { say } from '../say.ts';
import { ApiError } from './api-error.ts';

const PORTS: Record<string, string> = { 'smtp:': '587', 'smtps:': '465' };

/**
 * The address of a mail server that an admin may name: smtp or smtps, and no private address unless TEST_HOSTS lists it. Where a name
 * leads is for the mailer to check when it connects.
 * @throws ApiError
 */
export function checkMailServer(text: string, testHosts: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const port = url && PORTS[url.protocol];
  if (!url?.hostname || !port) {
    const message = say('server.mail-url-wrong');
    throw new ApiError('invalid', { message, details: [{ path: 'smtpUrl', message }] });
  }
  const host = `${url.hostname.toLowerCase()}:${url.port || port}`;
  if (!testHosts.includes(host) && isPrivate(url.hostname.toLowerCase())) {
    throw new ApiError('host-not-allowed', { values: { host } });
  }
  return url;
}

/** Other spellings of an address (one number, hex) are normalised for http only, so for smtp anything like a bare number is refused. */
function isPrivate(hostname: string): boolean {
  const literal = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(literal)) return !isPublicAddress(literal);
  return /(^|\.)localhost$/.test(literal) || /^(0x[\da-f]*|\d+)(\.(0x[\da-f]*|\d+))*$/.test(literal);
}
