import { createHash } from 'node:crypto';

/**
 * Under which name the allowance of a credential is kept: the same for every connection and process that uses it, and nothing from
 * which the credential could be found (keys and client ids of both ATSs are long and random).
 */
export function allowanceKeyOf(system: string, ...credential: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(credential)).digest('hex');
  return `${system} ${hash.slice(0, 32)}`;
}
