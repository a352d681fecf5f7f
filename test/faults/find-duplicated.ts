import type { World } from '../simulators/world.ts';
import { countRepeated } from './count-repeated.ts';
import type { Evidence } from './evidence.ts';

/** Whatever happened twice in the outside world or in our own record, one sentence each. None is right. */
export function findDuplicated({ world, notes, store }: Pick<Evidence, 'world' | 'notes' | 'store'>): string[] {
  const told = (what: string, keys: string[]) => countRepeated(keys).map(({ key, times }) => `${what} ${times} times: ${key}`);
  return [
    // Also those that Coderbyte refused as a repetition: they should not have been asked for.
    ...told(
      'invited at Coderbyte',
      callsOf(world, 'coderbyte', /^POST .*\/invitations$/, ({ body }) => emailIn(body)),
    ),
    ...told(
      'written an invitation by us',
      world.mail.mails().map(({ to, subject }) => `${to.join()} ${subject}`),
    ),
    ...told(
      'noted',
      notes.map(({ of, about, assessment }) => `${about}, ${assessment}, ${of}`),
    ),
    ...movedTwice(world, 'lever', /^PUT .*\/stage$/),
    ...movedTwice(world, 'greenhouse', /^POST .*\/move$/),
    ...told(
      'has an invitation',
      store.invitations.filter(({ state }) => state !== 'undone').map(({ person, assessment }) => `${person}, ${assessment}`),
    ),
    ...store.decided
      .filter(({ decisions, entries }) => decisions !== entries)
      .map((one) => `${one.decisions} decisions for ${one.entries} stage entries: ${one.applicationId}`),
  ];
}

/** With what was answered to each call and when, for whoever has to find out how it came to it. */
function movedTwice({ journal }: World, simulator: string, what: RegExp): string[] {
  const calls = Map.groupBy(
    journal.list({ simulator, kind: 'api' }).filter((call) => what.test(call.what) && wasDoneOrRepeated(call.status)),
    (call) => `${call.what} ${typeof call.detail.path === 'string' ? call.detail.path : ''}`.trim(),
  );
  return [...calls]
    .filter(([, of]) => of.length > 1)
    .map(
      ([key, of]) =>
        `moved at ${simulator} ${of.length} times: ${key} (${of.map(({ at, status }) => `${at}: ${status}`).join(', ')})`,
    );
}

const wasDoneOrRepeated = (status: number | null) => status === null || status < 300 || status === 409;

/** Calls that were carried out (also when their answer was lost) or refused as a repetition. */
function callsOf(
  { journal }: World,
  simulator: string,
  what: RegExp,
  keyOf: (detail: Record<string, unknown>, what: string) => string,
): string[] {
  return journal
    .list({ simulator, kind: 'api' })
    .filter(({ what: call, status }) => what.test(call) && wasDoneOrRepeated(status))
    .map((entry) => `${entry.what} ${keyOf(entry.detail, entry.what)}`.trim());
}

function emailIn(body: unknown): string {
  return typeof body === 'object' && body !== null && 'email' in body ? String(body.email).toLowerCase() : '';
}
