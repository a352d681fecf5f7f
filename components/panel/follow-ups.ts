import type { InvitationView } from '../../lib/contract/panel.ts';

/** What can be done with an invitation that is out, in the order in which it is offered. */
export const FOLLOW_UPS = [
  'resend',
  'correct-email',
  'extend',
  'extra-time',
] as const satisfies readonly InvitationView['actions'][number][];
export type FollowUp = (typeof FOLLOW_UPS)[number];

export function isFollowUp(action: string): action is FollowUp {
  return (FOLLOW_UPS as readonly string[]).includes(action);
}

/** A click on one of them, with what was entered. */
export type FollowUpWish =
  | { action: 'resend' }
  | { action: 'extend'; day: string }
  | { action: 'extra-time'; percent: number | null }
  | { action: 'correct-email'; email: string };

const DAY_MS = 24 * 60 * 60_000;
export const DAYS_AHEAD_MAX = 90;

/** The days that can be chosen as a deadline, which are counted in UTC as in the e-mails to the candidate. */
export function deadlineRange(nowMs: number): { min: string; max: string } {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return { min: day(nowMs), max: day(nowMs + DAYS_AHEAD_MAX * DAY_MS) };
}

/** Whole percent from 1 to 300; null for anything else. */
export function readPercent(text: string): number | null {
  const number = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  return number >= 1 && number <= 300 ? number : null;
}

/** Enough to spare a round trip; the server looks closer. */
export function looksLikeEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());
}
