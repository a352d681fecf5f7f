import { toSafeLink } from './to-safe-link.ts';

/**
 * Names under which a link carries what opens it: `accessToken` (CodeSignal), `authkey` (HackerRank), signatures of storage services.
 * Compared without separators and case.
 */
const OPENING = [
  'token',
  'key',
  'secret',
  'signature',
  'sig',
  'auth',
  'password',
  'passwd',
  'pwd',
  'jwt',
  'credential',
  'session',
];
/** Long random text in the place of a value opens something, whatever it is called. */
const LONG_SECRET = /^(?=.*\d)(?=.*[A-Za-z])[\w.~+/=-]{40,}$/;

/** A report link as anybody at the ATS may have it: safe (see toSafeLink), and opening nothing by itself. Null for everything else. */
export function toPublicLink(text: unknown, hosts?: readonly string[]): string | null {
  const safe = toSafeLink(text, hosts);
  if (safe === null) return null;
  const { searchParams, hash } = new URL(safe);
  const fragment = new URLSearchParams(hash.slice(hash.indexOf('?') + 1));
  const pairs = [...searchParams, ...fragment];
  return pairs.some(([name, value]) => isOpening(name) || LONG_SECRET.test(value)) ? null : safe;
}

function isOpening(name: string): boolean {
  const plain = name.replace(/[^a-z]/gi, '').toLowerCase();
  return OPENING.some((word) => plain === word || plain.endsWith(word) || (word.length > 3 && plain.includes(word)));
}
