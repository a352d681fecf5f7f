import { dayInWords } from '../day-in-words.ts';
import { say } from '../say.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import { readSweepState } from '../storage/sweep-state.ts';
import { kindName } from './kind-name.ts';

/** What the settings name and the ATS no longer has, each as a sentence that says where to mend it. */
export function settingTroubles({ kind, sweepState }: Pick<ConnectionRow, 'kind' | 'sweepState'>): string[] {
  const { goneStages, goneReasons, unlisted } = readSweepState(sweepState);
  const name = kindName(kind);
  return [
    ...goneStages.map((stage) => say('server.gone.stage', { stage: stage.name, name })),
    ...goneReasons.map((reason) => say('server.gone.reason', { reason: reason.name, name })),
    // Greenhouse reads everything by listing: without that right nothing can be seen at all.
    ...(unlisted && kind === 'greenhouse' ? [say('server.unlisted', { name })] : []),
  ];
}

/** A sweep is due every ten minutes; one or two that fail are no news. */
const LATE_MS = 60 * 60_000;

/** What works less well than it could, though nobody has to do anything: a key with the least rights is no trouble, by choice. */
export function connectionNotes(
  {
    kind,
    enabled,
    automaticSince,
    sweepState,
    sweepCursor,
  }: Pick<ConnectionRow, 'kind' | 'enabled' | 'automaticSince' | 'sweepState' | 'sweepCursor'>,
  { isRefused, now }: { isRefused: boolean; now: Date },
): string[] {
  const name = kindName(kind);
  const { unlisted, sweptAt } = readSweepState(sweepState);
  // Both leave the cursor where it is, and are said by sentences of their own.
  if (unlisted) return kind === 'greenhouse' ? [] : [say('server.unlisted', { name })];
  // Nobody looks at what is switched off, and that is no news to whoever did so.
  if (!enabled || isRefused) return [];
  // Where none got through yet, it has not since it was switched on; and what was off for long is not late at once.
  const last = latestUntil(now, [automaticSince, sweepCursor, sweptAt === null ? null : new Date(sweptAt)]);
  if (last === null || now.getTime() - last.getTime() <= LATE_MS) return [];
  return [say('server.sweep-late', { name, time: inWords(last) })];
}

/** What lies in the time to come was written by a clock that was ahead. */
function latestUntil(now: Date, times: readonly (Date | null)[]): Date | null {
  const past = times.flatMap((time) => (time !== null && time <= now ? [time.getTime()] : []));
  return past.length === 0 ? null : new Date(Math.max(...past));
}

/** "22 November 2026, 14:05 UTC" */
function inWords(at: Date): string {
  return `${dayInWords(at)}, ${at.toISOString().slice(11, 16)} UTC`;
}
