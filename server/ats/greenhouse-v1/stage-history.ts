/**
 * When somebody entered a stage, from an API that has no stage history.
 *
 * An application of v1 names its current stage and nothing about when it was entered; `last_activity_at` changes with every note and
 * would make one crossing look like many. What stays is the activity feed of the person: lines for people, with a time each that
 * never changes. https://developers.greenhouse.io/harvest.html#get-retrieve-activity-feed
 *
 * Inferred: a move is a line with the word "moved" or "advanced" that names the stage it leads to last, for example "Ada moved Ben
 * from Phone Screen to Onsite for Engineer". Lines that name one stage without these words (a scorecard) are no moves. Since lines are not a
 * contract, they are believed only as a whole: the last move read has to lead to where the application is now. Otherwise, and when
 * a person's applications cannot be told apart, one entry is told: the current stage since the application was made. That is stable, and
 * misses a return to a stage (A-B-A) rather than inventing one.
 */
import { type StageEntry, stageEntryKey } from '../../../lib/domain/application.ts';
import type { GreenhouseV1Activity, GreenhouseV1Application, GreenhouseV1Stage } from './schemas.ts';

export interface StageHistoryInput {
  application: GreenhouseV1Application;
  /** Of the application's job. */
  stages: readonly GreenhouseV1Stage[];
  /** Of the person, with all of their applications. */
  activities: readonly GreenhouseV1Activity[];
  /** All applications of the person, this one too. */
  applications: readonly GreenhouseV1Application[];
}

interface Move {
  /** Stage ids. */
  from: string | null;
  to: string;
  at: string;
}

/** Oldest first, the last being the current stage where there is one. */
export function toStageEntries(input: StageHistoryInput): StageEntry[] {
  const { application } = input;
  const current = application.current_stage;
  const moves = toMoves(input);
  const names = new Map(input.stages.map((stage) => [stage.id, stage.name]));
  if (current) names.set(current.id, current.name);
  const toEntry = (stageId: string, enteredAt: string): StageEntry => {
    return { key: stageEntryKey(stageId, new Date(enteredAt)), stageId, stageName: names.get(stageId) ?? null, enteredAt };
  };
  const start = application.applied_at;
  const since = (stageId: string, at: string): StageEntry => ({ ...toEntry(stageId, at), derived: true });
  if (current && moves.at(-1)?.to !== current.id) return start === null ? [] : [since(current.id, start)];
  const first = moves[0];
  const beginning = first?.from && start !== null && start < first.at ? [since(first.from, start)] : [];
  return [...beginning, ...moves.map((move) => toEntry(move.to, move.at))];
}

function toMoves(input: StageHistoryInput): Move[] {
  const isAbout = lineOf(input);
  if (!isAbout) return [];
  return input.activities
    .flatMap((activity) => (activity.created_at === null ? [] : [{ ...activity, at: activity.created_at }]))
    .toSorted((a, b) => a.at.localeCompare(b.at) || compareIds(a.id, b.id))
    .flatMap(({ subject, body, at }) => {
      const line = isAbout(`${subject ?? ''} ${body ?? ''}`);
      const move = line === null ? null : toMove(line, input);
      return move ? [{ ...move, at }] : [];
    });
}

/**
 * Gives a line without the job's name (it may hold a stage's), or null when it is about another application. Undefined when nothing
 * tells the person's applications apart.
 */
function lineOf({ application, applications }: StageHistoryInput): ((line: string) => string | null) | undefined {
  const job = application.jobs[0]?.name ?? null;
  const others = applications.filter((other) => other.id !== application.id);
  if (others.length === 0) return (line) => (job === null ? line : withoutLast(line, job));
  if (job === null || others.some((other) => other.jobs.some(({ name }) => name === job))) return undefined;
  return (line) => (line.includes(job) ? withoutLast(line, job) : null);
}

function withoutLast(line: string, part: string): string {
  const at = line.lastIndexOf(part);
  return at < 0 ? line : line.slice(0, at) + line.slice(at + part.length);
}

function toMove(line: string, { stages, application }: StageHistoryInput): Omit<Move, 'at'> | null {
  if (!/\b(moved|advanced)\b/i.test(line)) return null;
  const named = namesIn(line, stages);
  const last = named.at(-1);
  if (last === undefined) return null;
  const from = named.length > 1 && named[0] !== last ? named[0] : undefined;
  return { from: from === undefined ? null : idOf(from, stages, null), to: idOf(last, stages, application.current_stage) };
}

/**
 * Stage names in the order of the line; of names within names ("Interview", "Interview 2") the longest counts. Looked for one by one: put
 * together they are as long a pattern as an account likes, and there is one that is too long.
 */
function namesIn(line: string, stages: readonly GreenhouseV1Stage[]): string[] {
  const names = [...new Set(stages.flatMap(({ name }) => name || []))].toSorted((a, b) => b.length - a.length);
  const found: { name: string; from: number; to: number }[] = [];
  for (const name of names) {
    const longer = [...found];
    for (let from = line.indexOf(name); from >= 0; from = line.indexOf(name, from + name.length)) {
      const to = from + name.length;
      const isFree = longer.every((other) => other.to <= from || other.from >= to);
      if (isFree && standsAlone(line, from, to)) found.push({ name, from, to });
    }
  }
  return found.toSorted((a, b) => a.from - b.from).map(({ name }) => name);
}

/** No part of a longer word. A letter may be two units long. */
function standsAlone(line: string, from: number, to: number): boolean {
  const [before, after] = [line.slice(Math.max(0, from - 2), from), line.slice(to, to + 2)];
  return !/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after);
}

/** Of two stages of one name, the one where the application is. */
function idOf(name: string, stages: readonly GreenhouseV1Stage[], current: GreenhouseV1Application['current_stage']): string {
  if (current?.name === name) return current.id;
  return stages.find((stage) => stage.name === name)?.id ?? name;
}

/** Ids are numbers that may be too large for one. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || a.localeCompare(b);
}
