import type { Integrity } from '../../../lib/domain/result.ts';
import { toLine } from '../to-line.ts';
import type { HackerrankCandidate } from './schemas.ts';

const MAX_WORD = 60;
const MAX_SUMMARY = 500;

/**
 * `integrity_status` is High, Medium or "No Issues Detected" as documented (HackerRank API docs, "Test Candidate
 * object", https://www.hackerrank.com/work/apidocs); "clean" and "review" stand in the fixtures of a public client
 * (https://github.com/adamtheturtle/HackerRankKit), the other words are inferred. `unknown`: a person is to look.
 */
const WORDS: Readonly<Record<string, Pick<Integrity, 'status' | 'level'>>> = {
  high: { status: 'flagged', level: 'high' },
  medium: { status: 'flagged', level: 'medium' },
  low: { status: 'flagged', level: 'low' },
  'no issues detected': { status: 'clear', level: 'none' },
  'no issue detected': { status: 'clear', level: 'none' },
  'no issues': { status: 'clear', level: 'none' },
  'no issues found': { status: 'clear', level: 'none' },
  clean: { status: 'clear', level: 'none' },
  clear: { status: 'clear', level: 'none' },
  review: { status: 'flagged', level: 'unknown' },
  pending: { status: 'pending' },
  processing: { status: 'pending' },
  'in progress': { status: 'pending' },
  '': { status: 'not evaluated' },
  'n/a': { status: 'not evaluated' },
  'not evaluated': { status: 'not evaluated' },
  'not available': { status: 'not evaluated' },
};

/**
 * What HackerRank suspects. Nothing said is no clearance; a word that nobody knows is for a person to look at. The older `plagiarism` counts
 * only against the candidate, and only where the newer word is missing: it is deprecated, so that its "false" may be no more than a default.
 * What it detected is no open question, so that it has no level rather than `unknown`.
 */
export function toIntegrity(candidate: HackerrankCandidate): Integrity {
  const word = toLine(candidate.integrity_status, MAX_WORD) ?? '';
  const { status, level } = Object.hasOwn(WORDS, toKey(word))
    ? (WORDS[toKey(word)] ?? { status: 'not evaluated' })
    : { status: 'flagged' as const, level: 'unknown' as const };
  if (status === 'not evaluated' && isPlagiarism(candidate)) return { status: 'flagged', signals: ['Plagiarism: detected'] };
  const signals = status === 'flagged' ? toSignals(word, candidate) : [];
  return { status, ...(level && { level }), signals };
}

function toKey(word: string): string {
  return word.toLowerCase().replaceAll('_', ' ');
}

function isPlagiarism({ plagiarism, plagiarism_status }: HackerrankCandidate): boolean {
  return plagiarism === true || plagiarism_status === true;
}

function toSignals(word: string, candidate: HackerrankCandidate): string[] {
  const { integrity_summary, out_of_window_events: left, editor_paste_count: pasted } = candidate;
  const counted = [
    { what: 'Out of window events', count: left },
    { what: 'Pastes into the editor', count: pasted },
  ].flatMap(({ what, count }) => (count && count > 0 ? [`${what}: ${count}`] : []));
  const summary = toLine(integrity_summary, MAX_SUMMARY);
  return [`Suspicion: ${word}`, ...(summary === undefined ? [] : [summary]), ...counted];
}
