import type { HackerrankInterview } from './schemas.ts';

export type InterviewStage = 'to come' | 'under way' | 'over' | 'unknown';

/**
 * The documents show words, and filter by the numbers 0 new, 1 active, 2 ended, 3 paused (HackerRank API docs, "List all interviews",
 * https://www.hackerrank.com/work/apidocs). The fixtures of a public client have "scheduled" and "completed"
 * (https://github.com/adamtheturtle/HackerRankKit); inferred: "finished".
 */
const STAGES: ReadonlyMap<string | null, InterviewStage> = new Map([
  ['new', 'to come'],
  ['scheduled', 'to come'],
  ['0', 'to come'],
  ['active', 'under way'],
  ['1', 'under way'],
  ['paused', 'under way'],
  ['3', 'under way'],
  ['ended', 'over'],
  ['completed', 'over'],
  ['finished', 'over'],
  ['2', 'over'],
]);

/**
 * Where an interview stands. A word that is known counts more than an end, which the documented sample of one that is new has too; else an
 * end that has come means that it is over. Live rows may lack the word: without any end such a one is still to come.
 */
export function stageOfInterview(
  { status, ended_at }: Pick<HackerrankInterview, 'status' | 'ended_at'>,
  now: Date,
): InterviewStage {
  const known = STAGES.get(status);
  if (known !== undefined) return known;
  if (ended_at !== null && Date.parse(ended_at) <= now.getTime()) return 'over';
  return status === null && ended_at === null ? 'to come' : 'unknown';
}
