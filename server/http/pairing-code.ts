import type { Random } from '../random.ts';

/** Crockford's base 32 leaves out letters that are read as others. https://www.crockford.com/base32.html */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX_LENGTH = 4;
/** 40 random bits behind five tries per code: one guesser in 200 billion gets in. */
const SECRET_LENGTH = 8;
const LENGTH = PREFIX_LENGTH + SECRET_LENGTH;

export interface PairingCode {
  /** As stored and compared: twelve letters, no hyphens. */
  text: string;
  /** The open part: names the code, so that wrong guesses of the rest can be counted against it. */
  prefix: string;
}

/** A new code to be typed in by a person. */
export function makePairingCode(random: Random): PairingCode {
  const bytes = Buffer.from(random.token(LENGTH), 'base64url');
  return toCode(Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join(''));
}

/** What a person typed, in whatever case and grouping, with the letters that are easily mistaken; null when it is no code. */
export function readPairingCode(typed: string): PairingCode | null {
  const text = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return text.length === LENGTH ? toCode(text) : null;
}

/** In groups of four, as it is shown. */
export function showPairingCode({ text }: PairingCode): string {
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

function toCode(text: string): PairingCode {
  return { text, prefix: text.slice(0, PREFIX_LENGTH) };
}
