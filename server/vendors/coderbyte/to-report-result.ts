import { z } from 'zod';
import type { BreakdownLine, Integrity, VendorResult } from '../../../lib/domain/result.ts';
import { numericSchema } from '../numeric-schema.ts';
import type { VendorReport } from '../port.ts';
import { toLine } from '../to-line.ts';
import { toSafeLink } from '../to-safe-link.ts';
import type { RawReport } from './report-fields.ts';

const MAX_LINES = 100;
const MAX_NAME = 200;
const MAX_WORD = 100;

/** `final_score` as it is: in the published examples it is once the sum of the parts and once their mean, so there is no formula. */
export function toReportResult(
  raw: RawReport,
  { reportHosts, now, isInterview }: { reportHosts: readonly string[]; now: Date; isInterview: boolean },
): NonNullable<VendorReport['result']> {
  const score = toNumber(raw.score);
  const verdict = toVerdict(raw.verdict);
  return {
    // An interview without a thumb still waits for one.
    status: isInterview && score === null && verdict === null ? 'provisional' : 'final',
    verified: true,
    // Inferred: of 100. All published scores are whole numbers from 0 to 100.
    score: score === null ? null : { value: score, max: 100 },
    rating: null,
    breakdown: [...toSections(raw), ...toTasks(raw.challenges), ...toSkills(raw.scorecard)].slice(0, MAX_LINES),
    integrity: toIntegrity(raw),
    verdict,
    // Reviewers write their notes for Coderbyte's own pages.
    notes: null,
    reportUrl: toSafeLink(raw.reportUrl, reportHosts),
    timeExpired: raw.timeExpired === true,
    reportedAt: now.toISOString(),
  };
}

/** -1 and "N/A" stand for "unknown". */
export function toNumber(value: unknown): number | null {
  const parsed = numericSchema.safeParse(value);
  return parsed.success && parsed.data >= 0 ? parsed.data : null;
}

/** "up" in the reviewed data, "thumb_up" in the webhook. */
export function toVerdict(value: unknown): VendorResult['verdict'] {
  const word = typeof value === 'string' ? value.toLowerCase().replace(/^thumbs?[_ -]/, '') : '';
  return word === 'up' || word === 'down' ? word : null;
}

/** Without a maximum: where the parts add up to the whole, neither is of 100. */
function toSections({ codeScore, choiceScore }: RawReport): BreakdownLine[] {
  const parts = [
    { name: 'Coding', value: toNumber(codeScore) },
    { name: 'Multiple choice', value: toNumber(choiceScore) },
  ];
  return parts.flatMap(({ name, value }) =>
    value === null ? [] : [{ kind: 'section', name, score: { value, max: null }, rating: null }],
  );
}

const challengeSchema = z.object({ title: z.string().transform((title) => toLine(title, MAX_NAME)), score: z.unknown() });

/** Challenges are scored from 0 to 10, as a number or as text. Their replay videos stay where they are. */
function toTasks(challenges: unknown): BreakdownLine[] {
  const rows: unknown[] = Array.isArray(challenges) ? challenges : [];
  return rows.flatMap((row) => {
    const challenge = challengeSchema.safeParse(row).data;
    if (!challenge?.title) return [];
    const value = toNumber(challenge.score);
    return [{ kind: 'task', name: challenge.title, score: value === null ? null : { value, max: 10 }, rating: null }];
  });
}

/** A reviewer's marks by skill. The scale is not stated. */
function toSkills(scorecard: unknown): BreakdownLine[] {
  if (typeof scorecard !== 'object' || scorecard === null || Array.isArray(scorecard)) return [];
  return Object.entries(scorecard).flatMap(([skill, mark]) => {
    const name = toLine(skill, MAX_NAME);
    const value = toNumber(mark);
    return name === undefined || value === null ? [] : [{ kind: 'skill', name, score: { value, max: null }, rating: null }];
  });
}

/** Only "Not detected" is seen: everything else that is said is a flag, and silence is no clearance. */
function toIntegrity({ plagiarism, cheated }: RawReport): Integrity {
  const said = [
    { what: 'Plagiarism', word: toWord(plagiarism) },
    { what: 'Cheating', word: toWord(cheated) },
  ].filter(({ word }) => word !== '');
  const signals = said.filter(({ word }) => word.toLowerCase() !== 'not detected').map(({ what, word }) => `${what}: ${word}`);
  if (signals.length > 0) return { status: 'flagged', signals };
  return { status: said.length > 0 ? 'clear' : 'not evaluated', signals: [] };
}

function toWord(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Detected' : 'Not detected';
  return toLine(value, MAX_WORD) ?? '';
}
