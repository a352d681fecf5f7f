import { isIP } from 'node:net';
import { isPublicAddress } from './is-public-address.ts';

export interface TargetRules {
  /** `name:port`, lower case, brackets around version 6 addresses. */
  testHosts: readonly string[];
  /** `name` (port 443) or `name:port`. `any-public`: wherever an admin pointed us, as long as it is public. */
  allowedHosts: readonly string[] | 'any-public';
}

/** Where one call goes, after the checks that need no name resolution. */
export interface Target {
  url: URL;
  /** `name:port`, the identity that credentials and TEST_HOSTS go by. */
  host: string;
  /** May have a private address and may be plain http. */
  isTestHost: boolean;
  /** Named by the caller, so that it may see the caller's credential even after a redirect from another named host. */
  isNamed: boolean;
}

export type TargetCheck = { ok: true; target: Target } | { ok: false; detail: string };

/**
 * Whether we may call this address at all. The URL parser has already turned every spelling of a version 4 address (hex,
 * octal, one number, trailing dot) into four numbers, so a literal is judged here and a name when it is resolved.
 */
export function checkTarget(address: string, rules: TargetRules): TargetCheck {
  if (!URL.canParse(address)) return { ok: false, detail: 'The address is not a URL.' };
  const target = toTarget(new URL(address), rules);
  const detail = whyNot(target, rules);
  return detail ? { ok: false, detail } : { ok: true, target };
}

function toTarget(url: URL, rules: TargetRules): Target {
  const name = url.hostname.replace(/\.$/, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const host = `${name}:${port}`;
  const named = rules.allowedHosts === 'any-public' ? [] : rules.allowedHosts;
  const isNamed = named.some((entry) => [host, `${host.replace(/:443$/, '')}`].includes(entry.toLowerCase()));
  return { url, host, isTestHost: rules.testHosts.includes(host), isNamed };
}

function whyNot({ url, host, isTestHost, isNamed }: Target, rules: TargetRules): string | undefined {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isTestHost))
    return `Only https is allowed, not ${url.protocol}//${host}.`;
  if (url.username || url.password) return 'An address must not contain a user name or password.';
  if (isTestHost) return undefined;
  if (rules.allowedHosts !== 'any-public' && !isNamed) return `${host} is not among the hosts this connection may call.`;
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) && !isPublicAddress(literal)) return privateAddressDetail(host);
  return undefined;
}

export function privateAddressDetail(host: string): string {
  return `${host} is not a public address. In-house services have to be listed in TEST_HOSTS.`;
}
