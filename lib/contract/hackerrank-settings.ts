import { z } from 'zod';
import { outcomeWordsSchema } from './outcome-words.ts';

/** HackerRank for Work, API version 3; which description of it is meant by "API docs" stands in server/vendors/hackerrank/index.ts. */

/**
 * `ats_state`, what became of a candidate: the number is the place in this list. That it goes from 0 to 22 is documented
 * (HackerRank API docs, "Update candidate"); inferred: the names, which HackerRank shows in its own pages.
 */
export const HACKERRANK_STATES = [
  'Not set',
  'Evaluation required',
  'Qualified',
  'Failed',
  'Phone interview 1',
  'Phone interview 2',
  'Phone interview 3',
  'Offer sent',
  'Offer negotiation',
  'Offer accepted',
  'Offer declined',
  'On hold',
  'Phone interview cleared',
  'Phone interview failed',
  'Technical interview cleared',
  'Technical interview failed',
  'HR interview cleared',
  'HR interview failed',
  'Phone interview',
  'Technical interview',
  'HR interview',
  'Hired',
  'Rejected',
] as const;

/** The `ats_state` that a word stands for: its name without regard to case, or its number. Null for a word that HackerRank does not know. */
export function toAtsState(word: string): number | null {
  const plain = word.trim().toLowerCase();
  const named = HACKERRANK_STATES.findIndex((name) => name.toLowerCase() === plain);
  if (named >= 0) return named;
  return /^\d{1,2}$/.test(plain) && Number(plain) < HACKERRANK_STATES.length ? Number(plain) : null;
}

/** Where its pages are, and reports among them. */
export const HACKERRANK_REPORT_HOSTS = ['hackerrank.com'];

export const HACKERRANK_API = 'https://www.hackerrank.com/x/api/v3';

export const hackerrankSettingsSchema = z.object({
  kind: z.literal('hackerrank'),
  outcomeWords: outcomeWordsSchema.refine(
    (words) => Object.values(words ?? {}).every((word) => word === '' || toAtsState(word) !== null),
    'a word that HackerRank does not know',
  ),
  apiUrl: z.url().max(500).default(HACKERRANK_API).describe('Another address than HackerRank’s own is for TEST_HOSTS only.'),
});
export type HackerrankSettings = z.infer<typeof hackerrankSettingsSchema>;
