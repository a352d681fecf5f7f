import type { AssessmentChoice } from '../../lib/contract/panel.ts';
import type { ApplicationView, SendChoice } from './panel-commands.ts';

/** What the send form holds. Kept above the form, so that folding it or fresh data loses nothing. */
export interface SendDraft {
  assessmentId: string | null;
  /** Typed, or picked among the candidate's; empty takes the first. */
  email: string;
  message: string;
  deadlineDays: string;
}

export const MAX_DEADLINE_DAYS = 90;

export interface SendProblems {
  assessment?: true;
  email?: true;
  deadlineDays?: true;
}

export interface SendCheck {
  draft: SendDraft;
  choice: AssessmentChoice | null;
  emails: string[];
}

/** What keeps it from being sent; empty when nothing does. */
export function sendProblems({ draft, choice, emails }: SendCheck): SendProblems {
  const problems: SendProblems = {};
  if (!choice || choice.unusableBecause !== null) problems.assessment = true;
  if (!looksLikeEmail(draft.email.trim() || (emails[0] ?? ''))) problems.email = true;
  if (draft.deadlineDays.trim() && toDays(draft.deadlineDays) === null) problems.deadlineDays = true;
  return problems;
}

export interface ToSendChoiceInput {
  draft: SendDraft;
  choice: AssessmentChoice;
  onlyTag: boolean;
}

/** The command's part of a draft without problems. */
export function toSendChoice({ draft, choice, onlyTag }: ToSendChoiceInput): SendChoice {
  const deadlineDays = toDays(draft.deadlineDays);
  return {
    assessmentId: choice.id,
    email: draft.email.trim() || null,
    onlyTag,
    retake: choice.isRetake,
    options: {
      ...(draft.message.trim() && { message: draft.message.trim() }),
      ...(deadlineDays !== null && { deadlineDays }),
    },
  };
}

/** Whole days from 1 to 90, or null. */
export function toDays(text: string): number | null {
  const days = Number(text.trim());
  return text.trim() && Number.isInteger(days) && days >= 1 && days <= MAX_DEADLINE_DAYS ? days : null;
}

/** The address the invitation goes to as things stand. */
export function addressOf(draft: SendDraft, { emails }: Pick<ApplicationView, 'emails'>): string | null {
  return draft.email.trim() || emails[0] || null;
}

/** Only catches slips; the server checks for real. */
function looksLikeEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}
