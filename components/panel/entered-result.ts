import type { EnteredResult } from './panel-commands.ts';

/** The form as it is typed. */
export interface ResultDraft {
  rating: string;
  value: string;
  max: string;
  verdict: '' | 'up' | 'down';
  skills: { key: number; name: string; rating: string }[];
  notes: string;
  reportUrl: string;
}

export const EMPTY_DRAFT: ResultDraft = { rating: '', value: '', max: '', verdict: '', skills: [], notes: '', reportUrl: '' };

export interface DraftProblems {
  nothing?: true;
  value?: true;
  max?: true;
  reportUrl?: true;
}

/** What keeps the form from being saved; empty when nothing does. */
export function draftProblems(draft: ResultDraft): DraftProblems {
  const problems: DraftProblems = {};
  if (!draft.rating && !draft.value.trim() && !draft.verdict) problems.nothing = true;
  if (draft.value.trim() && toNumber(draft.value) === null) problems.value = true;
  if (draft.max.trim() && !((toNumber(draft.max) ?? 0) > 0)) problems.max = true;
  if (draft.reportUrl.trim() && !isHttps(draft.reportUrl.trim())) problems.reportUrl = true;
  return problems;
}

/** The command's part of a draft without problems. A maximum without a score means nothing and is dropped. */
export function toEnteredResult(draft: ResultDraft): EnteredResult {
  const value = toNumber(draft.value);
  return {
    rating: draft.rating || null,
    score: value === null ? null : { value, max: toNumber(draft.max) },
    verdict: draft.verdict || null,
    skills: draft.skills
      .filter((skill) => skill.name.trim() && skill.rating)
      .map((skill) => ({ name: skill.name.trim(), rating: skill.rating })),
    notes: draft.notes.trim() || null,
    reportUrl: draft.reportUrl.trim() || null,
  };
}

/** A decimal comma counts as a point; anything else is no number. */
function toNumber(text: string): number | null {
  const number = Number(text.trim().replace(',', '.'));
  return text.trim() && Number.isFinite(number) ? number : null;
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}
