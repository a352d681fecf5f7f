import type { CallFailure } from '../outbound/outcome.ts';
import { say } from '../say.ts';

/** Why an application could not be read, as its row keeps it: the kind of the failure, and behind it the right that is missing. */
export function toReadTrouble(failure: CallFailure): string {
  return failure.kind === 'forbidden' && failure.right !== undefined ? `${failure.kind} ${failure.right}` : failure.kind;
}

/** What only an admin can mend, as a sentence; null for what passes by itself. */
export function standingTrouble(readTrouble: string, system: string): string | null {
  const [kind, ...words] = readTrouble.split(' ');
  if (kind === 'unauthorised') return say('server.trouble.unauthorised', { system });
  if (kind !== 'forbidden') return null;
  const right = words.join(' ');
  return right === '' ? say('server.trouble.forbidden', { system }) : say('server.trouble.forbidden-right', { system, right });
}
