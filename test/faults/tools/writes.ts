import type { JournalEntry } from '../../simulators/frame/journal.ts';
import type { World } from '../../simulators/world.ts';

/** Calls of ours that ask somebody outside to change something, in order; whether it was granted does not matter. */
export function writesSince({ journal }: World, seq: number): JournalEntry[] {
  return callsSince(journal.list({ kind: 'api' }), seq).filter(
    ({ what }) => !what.startsWith('GET ') && !/token|introspect/.test(what),
  );
}

/** The same for reads. */
export function readsSince({ journal }: World, seq: number): JournalEntry[] {
  return callsSince(journal.list({ kind: 'api' }), seq).filter(({ what }) => what.startsWith('GET '));
}

function callsSince(calls: readonly JournalEntry[], seq: number): JournalEntry[] {
  return calls.filter((call) => call.seq > seq);
}

/** The number of the last thing that happened so far. */
export function lastSeq({ journal }: World): number {
  return journal.list().at(-1)?.seq ?? 0;
}
