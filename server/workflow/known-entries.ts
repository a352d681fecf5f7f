import { currentStageEntry, type Snapshot, type StageEntry } from '../../lib/domain/application.ts';
import type { ApplicationState } from './state.ts';

/** An ATS that tells one crossing at two times tells them not further apart than this. */
const RETOLD_WITHIN_MS = 10 * 60_000;

/**
 * The snapshot with each crossing under the key by which we know it. Of somebody who has just applied an ATS may first tell no time of
 * entry, so that it is derived (from the creation, or from when the stage before was left), and the true one a moment later: another
 * time, and yet the same crossing. It is the same if one of the two times was derived, the earlier key is no longer told, and nothing lies
 * between the two. Of two times that the ATS told itself each is a crossing: where it keeps one row for each stage, whoever came back within
 * minutes, while we were away, is told with the later one alone. Pure.
 */
export function underKnownKeys(
  snapshot: Snapshot,
  { decidedEntries, derivedEntries }: Pick<ApplicationState, 'decidedEntries' | 'derivedEntries'>,
): Snapshot {
  const told = new Set(snapshot.stageEntries.map(({ key }) => key));
  const decided = decidedEntries.map(parseKey);
  const forgotten = decided.filter(({ key }) => !told.has(key));
  if (forgotten.length === 0) return snapshot;
  const times = [...snapshot.stageEntries.map(({ key }) => parseKey(key)), ...decided].map(({ at }) => at);
  const knownKeyOf = (entry: StageEntry): string => {
    const own = parseKey(entry.key);
    if (decidedEntries.includes(entry.key)) return entry.key;
    const same = forgotten.find(
      ({ key, stageId, at }) =>
        stageId === own.stageId &&
        (entry.derived || derivedEntries.includes(key)) &&
        Math.abs(at - own.at) <= RETOLD_WITHIN_MS &&
        !times.some((time) => isBetween(time, at, own.at)),
    );
    return same?.key ?? entry.key;
  };
  return { ...snapshot, stageEntries: snapshot.stageEntries.map((entry) => ({ ...entry, key: knownKeyOf(entry) })) };
}

/** The stage that an entry's key names; the time behind the last @ is ours, so that a stage id may have one of its own. */
export function stageIdOfKey(key: string): string {
  return parseKey(key).stageId;
}

/** When it was entered, by an entry's key; milliseconds. */
export function timeOfKey(key: string): number {
  return parseKey(key).at;
}

/** The stage somebody stands in although the ATS tells no time at which they came; null where it tells one. */
export function undatedStage(snapshot: Snapshot): Snapshot['stage'] {
  return currentStageEntry(snapshot) ? null : snapshot.stage;
}

function parseKey(key: string): { key: string; stageId: string; at: number } {
  const split = key.lastIndexOf('@');
  return { key, stageId: key.slice(0, split), at: Number(key.slice(split + 1)) };
}

function isBetween(time: number, a: number, b: number): boolean {
  return time > Math.min(a, b) && time < Math.max(a, b);
}
