import type { CallFailure } from '../outbound/outcome.ts';
import { say } from '../say.ts';

/** What passes by itself, and is tried again more and more seldom. */
const PASSING: readonly CallFailure['kind'][] = ['unreachable', 'unreadable', 'ambiguous', 'refused'];

/** It answered, and what it said made no sense. */
const UNREADABLE = 'unreadable' satisfies CallFailure['kind'];

/** Nobody was asked yet: too many calls of our own wait for the allowance. */
const IN_OUR_QUEUE = 'rate-limited own';
/** Brought forward from such a wait; still unread. */
export const BROUGHT_FORWARD = 'waiting';
/** What is to be read as soon as there is room. */
export const WAITS_FOR_ROOM: readonly string[] = ['rate-limited', IN_OUR_QUEUE];

/** It is our own queue that is long, so nothing is to be said against the ATS. */
export function isInOurQueue(readTrouble: string): boolean {
  return readTrouble === IN_OUR_QUEUE || readTrouble === BROUGHT_FORWARD;
}

/**
 * Why an application could not be read, as its row keeps it: the kind of the failure, and behind it the right that is missing, or, from
 * the second time on, how often in a row it has failed. What made no sense keeps behind that how often in a row it was just that: the
 * pauses grow with whatever fails, but who could not be reached has said nothing that makes no sense.
 */
export function toReadTrouble(failure: CallFailure, before: string | null): string {
  if (failure.kind === 'forbidden' && failure.right !== undefined) return `${failure.kind} ${failure.right}`;
  if (failure.kind === 'rate-limited' && failure.inOurQueue) return IN_OUR_QUEUE;
  const failures = PASSING.includes(failure.kind) ? failuresInARow(before) + 1 : 0;
  if (failures <= 1) return failure.kind;
  return failure.kind === UNREADABLE
    ? `${UNREADABLE} ${failures} ${unreadableInARow(before) + 1}`
    : `${failure.kind} ${failures}`;
}

/** How often the last readings have failed by what passes by itself. */
export function failuresInARow(readTrouble: string | null): number {
  const [kind, count] = readTrouble?.split(' ') ?? [];
  if (!PASSING.some((known) => known === kind)) return 0;
  return atLeastOne(count);
}

/** How often the last readings have made no sense, with nothing else in between. */
export function unreadableInARow(readTrouble: string | null): number {
  const [kind, , count] = readTrouble?.split(' ') ?? [];
  return kind === UNREADABLE ? atLeastOne(count) : 0;
}

function atLeastOne(count: string | undefined): number {
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
