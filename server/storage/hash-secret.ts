import { createHash } from 'node:crypto';

/** SHA-256 in hex: enough for secrets of 32 random bytes, which cannot be guessed and need no slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}
