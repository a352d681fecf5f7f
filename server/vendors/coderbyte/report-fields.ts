import { readPath } from './read-path.ts';

/**
 * Our word for each part of a report, and the words of Coderbyte's own published examples: trigger data
 * (https://gist.github.com/danielborowski/61bcb611cade79e95e8bde1724844b72) and JSON export
 * (https://gist.github.com/danielborowski/85c52cf68330ed88d34abbdcb9d2d173). Inferred: that the API speaks one of the two. A map may
 * name another place for each of them.
 */
const REPORT_FIELDS = {
  email: ['email'],
  status: ['status'],
  ready: ['report_ready'],
  startedAt: ['date_joined'],
  submittedAt: ['date'],
  score: ['final_score'],
  codeScore: ['code_score'],
  choiceScore: ['mc_score'],
  challenges: ['challenge_details'],
  plagiarism: ['plagiarism'],
  cheated: ['cheated'],
  // Inferred: `action` of the JSON export, whose words are not published, is the same thumb; anything but up and down says nothing.
  verdict: ['vote_decision', 'recommendation', 'action'],
  scorecard: ['scorecard'],
  reportUrl: ['report_link', 'report_url'],
  timeExpired: ['time_expired'],
} as const;

export type ReportField = keyof typeof REPORT_FIELDS;
export const REPORT_FIELD_NAMES = Object.keys(REPORT_FIELDS) as ReportField[];
export type RawReport = Record<ReportField, unknown>;

/** One part of a report row and where it stood; null where it is nowhere. The map's place comes first, then Coderbyte's own words. */
export function findReportField(
  row: unknown,
  field: ReportField,
  fields: Readonly<Record<string, string>>,
): { value: unknown; from: string } | null {
  const words: readonly string[] = REPORT_FIELDS[field];
  // An admin with the documentation at hand may use either its word or ours as the key.
  const paths = [field, ...words].flatMap((key) => (Object.hasOwn(fields, key) ? [fields[key] ?? ''] : []));
  const found = [...paths, ...words].map((from) => ({ from, value: readPath(row, from) }));
  return found.find(({ value }) => value !== undefined && value !== null) ?? null;
}

/** The parts of one report row, wherever they stand. What is not read here (private notes, replay videos, answers) goes nowhere. */
export function pickReportFields(row: unknown, fields: Readonly<Record<string, string>>): RawReport {
  const pick = (field: ReportField) => findReportField(row, field, fields)?.value;
  return {
    email: pick('email'),
    status: pick('status'),
    ready: pick('ready'),
    startedAt: pick('startedAt'),
    submittedAt: pick('submittedAt'),
    score: pick('score'),
    codeScore: pick('codeScore'),
    choiceScore: pick('choiceScore'),
    challenges: pick('challenges'),
    plagiarism: pick('plagiarism'),
    cheated: pick('cheated'),
    verdict: pick('verdict'),
    scorecard: pick('scorecard'),
    reportUrl: pick('reportUrl'),
    timeExpired: pick('timeExpired'),
  };
}
