import { currentStageEntry, type Snapshot, type StageEntry } from '../../lib/domain/application.ts';
import { isOpen } from '../../lib/domain/invitation.ts';
import type { WorkflowEvent } from './event.ts';
import { undatedStage } from './known-entries.ts';
import { nextDueAt } from './pass-time.ts';
import { type Policy, stageRoleOf } from './policy.ts';
import { howItLeft } from './rules/cancel-on-leaving.ts';
import { deriveOutcome, sameOutcome } from './rules/record-outcome.ts';
import type { ApplicationState } from './state.ts';

/** A move that we made ourselves, or are just making: the stage entry that it leads to is an echo. */
export interface OwnMove {
  toStageId: string;
  startedAt: string;
  /** Null while the answer is not known. */
  endedAt: string | null;
}

/** Clocks of two systems differ by minutes; an entry this much before our own call may still be its echo. */
const CLOCK_SKEW_MS = 10 * 60_000;

/**
 * What a fresh snapshot tells beyond our record, oldest first. Pure, and total over what an ATS may have: entries that we saw
 * before give nothing, so a hint that is repeated, early or late changes nothing. The newest entry waits for a reading that says where the
 * candidate is.
 */
export function observe(given: {
  state: ApplicationState;
  snapshot: Snapshot;
  ownMoves: readonly OwnMove[];
  policy: Policy;
  freshId: () => string;
}): WorkflowEvent[] {
  const { state, snapshot, ownMoves, freshId } = given;
  const unclaimed = [...ownMoves];
  const current = currentStageEntry(snapshot);
  // Entries that were decided before claim their moves first, so that a later return to the same stage is not taken for an echo.
  const echoes = new Set(snapshot.stageEntries.filter((entry) => claimEcho(unclaimed, entry)).map((entry) => entry.key));
  // The same row told twice in one answer is one entry.
  const entries = [...new Map(snapshot.stageEntries.map((entry) => [entry.key, entry])).values()];
  const untold = newestUntold(snapshot);
  return entries
    .filter((entry) => !state.decidedEntries.includes(entry.key))
    .filter((entry) => entry.key !== untold)
    .map((entry) => ({
      snapshot,
      freshId: freshId(),
      type: 'stage.entered' as const,
      entry,
      passed: entry.key !== current?.key,
      echo: echoes.has(entry.key),
    }));
}

/**
 * The newest entry, where the snapshot puts the candidate elsewhere and tells no entry there: stage and history may be from before and after
 * a move. Called left it would never be decided again; it is called so once a newer entry follows. Of whom the ATS has closed it
 * may tell no stage for good, and nothing goes out to them.
 */
function newestUntold(snapshot: Snapshot): string | undefined {
  return snapshot.status === 'active' && !currentStageEntry(snapshot) ? snapshot.stageEntries.at(-1)?.key : undefined;
}

/** Each of our moves explains one entry at most. */
function claimEcho(unclaimed: OwnMove[], entry: StageEntry): boolean {
  const index = unclaimed.findIndex(
    (move) =>
      move.toStageId === entry.stageId &&
      Date.parse(entry.enteredAt) >= Date.parse(move.startedAt) - CLOCK_SKEW_MS &&
      // A move that made no entry (somebody had been faster) must not explain what a person does later.
      (move.endedAt === null || Date.parse(entry.enteredAt) <= Date.parse(move.endedAt) + CLOCK_SKEW_MS),
  );
  if (index < 0) return false;
  unclaimed.splice(index, 1);
  return true;
}

/** What follows from the state of things after the entries are decided: ended, left, back again, or something is due. */
export function observeStanding(given: {
  state: ApplicationState;
  snapshot: Snapshot;
  policy: Policy;
  now: Date;
  freshId: () => string;
  /** What was known before this reading. */
  before: Before;
}): WorkflowEvent[] {
  const { state, snapshot, policy, now, freshId } = given;
  const base = { snapshot, freshId: freshId() };
  const events: WorkflowEvent[] = [];
  const ended = snapshot.status === 'archived' || snapshot.status === 'hired' ? snapshot.status : null;
  if (ended && !state.closed) events.push({ ...base, type: 'application.closed', status: ended });
  const left = howItLeft(state, snapshot, policy);
  const isBack = (state.closed && !ended) || (state.leaving !== null && !left && concernsLeaving(state));
  if (isBack) events.push({ ...base, type: 'application.returned' });
  // Brought back, but into another stage: it has left all the same.
  const leaving = isBack ? null : state.leaving;
  const isNews = left !== null && (!leaving || worse(left, leaving.how));
  if (isNews && policy.rules.cancelOnLeaving) events.push({ ...base, type: 'application.left', how: left });
  const undated = snapshot.status === 'active' ? undatedStage(snapshot) : null;
  if (undated && stageRoleOf(policy, undated) === 'assessment' && state.undatedStage !== undated.id)
    events.push({ ...base, type: 'stage.undated', stage: undated });
  const again = isBack ? null : returnUntold(snapshot, given.before);
  if (again && policy.rules.sendOnStageEntry && policy.automaticSince && stageRoleOf(policy, again) === 'assessment')
    events.push({ ...base, type: 'stage.return-untold', stage: again });
  if (state.vanished && events.length === 0) events.push({ ...base, type: 'application.seen-again' });
  if (events.length === 0 && !sameOutcome(deriveOutcome(snapshot, policy), state.outcome))
    events.push({ ...base, type: 'outcome.changed' });
  // It can be seen now, so what waited for that is due too.
  const due = nextDueAt({ ...state, vanished: false });
  if (due !== null && Date.parse(due) <= now.getTime()) events.push({ ...base, freshId: freshId(), type: 'time.passed' });
  return events;
}

/** What a person sent from some other stage stays open where it was sent, which is no coming back. */
function concernsLeaving({ invitations, leaving }: ApplicationState): boolean {
  return invitations.some(({ state, stageEntryKey }) => isOpen(state) && (leaving?.how !== 'moved' || stageEntryKey !== null));
}

export interface Before {
  snapshot: Snapshot | null;
  decidedEntries: readonly string[];
}

/**
 * The stage to which somebody has come back from another one, where the ATS tells the same time of entry for both: a history that cannot be
 * understood (Greenhouse Harvest v1). Where the times differ, an older reading was told out of turn.
 */
function returnUntold(snapshot: Snapshot, before: Before): Snapshot['stage'] {
  const from = before.snapshot && currentStageEntry(before.snapshot);
  const current = currentStageEntry(snapshot);
  if (snapshot.status !== 'active' || !from || !current || from.stageId === current.stageId) return null;
  const isUntold = from.enteredAt === current.enteredAt && before.decidedEntries.includes(current.key);
  return isUntold ? snapshot.stage : null;
}

/** Moving out of the stage and then being archived concerns more invitations, so the grace begins again. */
function worse(now: 'moved' | 'archived' | 'hired', before: 'moved' | 'archived' | 'hired'): boolean {
  return before === 'moved' && now !== 'moved';
}
