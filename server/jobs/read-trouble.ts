import type { CallFailure } from '../outbound/outcome.ts';
import { say } from '../say.ts';

/** What passes by itself, and is tried again more and more seldom. */
const PASSING: readonly CallFailure['kind'][] = ['unreachable', 'unreadable', 'ambiguous', 'refused'];

/**
 * Why an application could not be read, as its row keeps it: the kind of the failure, and behind it the right that is missing, or, from
 * the second time on, how often in a row it has failed.
 */
export function toReadTrouble(failure: CallFailure, before: string | null): string {
  if (failure.kind === 'forbidden' && failure.right !== undefined) return `${failure.kind} ${failure.right}`;
  const failures = PASSING.includes(failure.kind) ? failuresInARow(before) + 1 : 0;
  return failures > 1 ? `${failure.kind} ${failures}` : failure.kind;
}

/** How often the last readings have failed by what passes by itself. */
export function failuresInARow(readTrouble: string | null): number {
  const [kind, count] = readTrouble?.split(' ') ?? [];
  if (!PASSING.some((known) => known === kind)) return 0;
  return Math.max(Math.trunc(Number(count)) || 1, 1);
}

/** What only an admin can mend, as a sentence; null for what passes by itself. */
export function standingTrouble(readTrouble: string, system: string): string | null {
  const [kind, ...words] = readTrouble.split(' ');
  if (kind === 'unauthorised') return say('server.trouble.unauthorised', { system });
  if (kind !== 'forbidden') return null;
  const right = words.join(' ');
  return right === '' ? say('server.trouble.forbidden', { system }) : say('server.trouble.forbidden-right', { system, right });
}
