import type { Child } from './children-of.ts';

/**
 * PostgreSQL 18 can come to a stop in its own recovery: where the process that recovers (`startup`) is killed just as it begins, the first
 * process waits for ever for nobody, refuses every connection as "in recovery mode", and ends only by its immediate shutdown. From the
 * outside it is told from a true recovery, however long, by that process alone.
 */
export interface RecoveryLook {
  /** The first process, of which this is said. */
  pid: number;
  /** Milliseconds of a clock that never goes back. */
  atMs: number;
  /** It was ready once since its start, and now refuses connections as not yet able to take them. */
  isRefusing: boolean;
  /** Null: this system does not tell. */
  children: readonly Child[] | null;
}

/** For how long, without a break, all looks have shown nobody at work. */
export interface Suspicion {
  pid: number;
  sinceMs: number;
  looks: number;
  /** Those of the last look that have no name yet: any of them may be about to recover. */
  unnamed: readonly number[];
}

/**
 * Longer than the five seconds after which PostgreSQL itself kills what does not end: until then it refuses connections, rightly, without a
 * process that recovers. https://www.postgresql.org/docs/18/runtime-config-developer.html#GUC-SEND-ABORT-FOR-KILL
 */
export const STUCK_FOR_MS = 10_000;
/** Also where the looks are far apart (the machine slept), and because a single list may lack somebody. */
const LOOKS_LEAST = 5;

/** What the next look adds; null: there is no ground. Any process that recovers, or may be the one, is a reason to wait. */
export function suspect(before: Suspicion | null, { pid, atMs, isRefusing, children }: RecoveryLook): Suspicion | null {
  if (!isRefusing || children === null || children.some(({ title }) => isRecovering(title))) return null;
  const unnamed = children.filter(({ title }) => !title.startsWith('postgres:')).map((child) => child.pid);
  const known = before?.pid === pid ? before : null;
  // Whoever answers a connection has no name for milliseconds; one without a name for longer may be the one that recovers.
  if (known?.unnamed.some((one) => unnamed.includes(one))) return null;
  return { pid, sinceMs: known?.sinceMs ?? atMs, looks: (known?.looks ?? 0) + 1, unnamed };
}

/** Whether it is time to end it. */
export function isStuck({ sinceMs, looks, unnamed }: Suspicion, atMs: number, forMs = STUCK_FOR_MS): boolean {
  return looks >= LOOKS_LEAST && atMs - sinceMs >= forMs && unnamed.length === 0;
}

/** Whether it serves or recovers, as far as its processes tell: the writer of the log is there whenever connections are taken. */
export function isAtWork(children: readonly Child[]): boolean {
  return children.some(({ title }) => isRecovering(title) || /^postgres: (.*: )?walwriter\b/.test(title));
}

/** With `cluster_name` in front, and behind it what it reads just now. https://www.postgresql.org/docs/18/monitoring-ps.html */
function isRecovering(title: string): boolean {
  return /^postgres: (.*: )?startup( |$)/.test(title);
}
