import { randomInt } from 'node:crypto';

/** A number of [0, 1), as Math.random gives. Tests put in their own to be told the same ids each time. */
export type Random = () => number;

export const cryptoRandom: Random = () => randomInt(2 ** 47) / 2 ** 47;

/** The same numbers for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `length` characters of the alphabet, as ids and keys are made of. */
export function randomText(random: Random, length: number, alphabet = CHARACTERS): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}
