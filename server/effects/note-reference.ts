import { createHash } from 'node:crypto';

/**
 * The short code that stands in a note and by which the note is found again. Made from the effect's key, so that a repeat after a
 * crash looks for the same code; 48 bits do not collide among the notes of one candidate.
 */
export function noteReference(effectKey: string): string {
  return `TA-${createHash('sha256').update(effectKey).digest('hex').slice(0, 12)}`;
}
