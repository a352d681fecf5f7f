import { currentStageEntry, type Snapshot } from '../../lib/domain/application.ts';
import { timeOfKey } from './known-entries.ts';

/** One visit to a stage, as a decision saw it. `entryKey` null: the ATS did not tell since when. */
export interface Visit {
  stageId: string | null;
  entryKey: string | null;
}

/** On which visit to which stage somebody is. A time that was derived tells no visit from another. Pure. */
export function visitOf(snapshot: Snapshot | null): Visit {
  const entry = snapshot ? currentStageEntry(snapshot) : undefined;
  return { stageId: snapshot?.stage?.id ?? null, entryKey: entry && !entry.derived ? entry.key : null };
}

/**
 * Whether they still are on that visit: who went elsewhere and came back stands in the same stage on another one. Where the ATS tells no other
 * stage between the two, it is taken to be the same: not every ATS keeps the time of an entry as it was told first. Pure.
 */
export function isOnVisit(snapshot: Snapshot, { stageId, entryKey }: Visit): boolean {
  if ((snapshot.stage?.id ?? null) !== stageId) return false;
  const now = currentStageEntry(snapshot);
  if (entryKey === null || !now || now.derived) return true;
  const from = timeOfKey(entryKey);
  const until = timeOfKey(now.key);
  // Of two at the same moment the current one is the later.
  const isBetween = (at: number) => at > from && at <= until;
  return !snapshot.stageEntries.some((entry) => entry.stageId !== stageId && isBetween(timeOfKey(entry.key)));
}

/** Whether the ATS tells that they came into this stage after that visit had begun. Pure. */
export function hasEnteredSince({ stageEntries }: Snapshot, stageId: string, { entryKey }: Visit): boolean {
  if (entryKey === null) return false;
  const from = timeOfKey(entryKey);
  return stageEntries.some((entry) => entry.stageId === stageId && timeOfKey(entry.key) > from);
}
