/**
 * What HackerRank answers (HackerRank API docs): fields may be added at any time,
 * and live rows leave things out that the documentation has. Only an id is indispensable.
 */
import { z } from 'zod';
import { numericSchema } from '../numeric-schema.ts';
import { toIsoTime } from '../to-iso-time.ts';

const id = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).trim())
  .pipe(z.string().min(1).max(300));
const text = z.string().nullish().catch(null);
const number = numericSchema.nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
const time = z.unknown().optional().transform(toIsoTime);
/** A word, or a number in its place, in lower case; null where nothing is told, and '' where nobody can read what is told. */
const word = z
  .unknown()
  .optional()
  .transform((value) => {
    if (value === null || value === undefined || value === '') return null;
    return typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : '';
  });
const record = z.record(z.string(), z.unknown()).nullish().catch(null);

/** "Tests". */
export const testSchema = z.object({
  id,
  name: text,
  duration: number,
  state: text,
  draft: flag,
  locked: flag,
  cutoff_score: number,
});
export type HackerrankTest = z.infer<typeof testSchema>;

/** "Invite candidate". */
export const invitedSchema = z.object({ id, test_link: text });

/**
 * "Test Candidate object". Left out on purpose: `authenticated_report_url` (whoever has it can read), `feedback` (the candidate's own words
 * about the test), answers, pictures and addresses.
 */
export const candidateSchema = z.object({
  id,
  email: text,
  status: number,
  score: number,
  percentage_score: number,
  scores_tags_split: record,
  scores_skills_split: record,
  scores_sections_split: record,
  attempt_starttime: time,
  attempt_endtime: time,
  integrity_status: text,
  integrity_summary: text,
  plagiarism: z.unknown().optional(),
  plagiarism_status: z.unknown().optional(),
  out_of_window_events: number,
  editor_paste_count: number,
  invite_valid: flag,
  invited_on: time,
  invite_valid_from: time,
  invite_valid_to: time,
  invite_link: text,
  invite_metadata: record,
  report_url: text,
  comments: text,
  questions: record,
  /** An id; with `additional_fields=test` the test itself. */
  test: z.unknown().optional(),
});
export type HackerrankCandidate = z.infer<typeof candidateSchema>;

/** Part of `questions`, which is keyed by the question's id. */
export const questionSchema = z.object({ name: z.string(), score: number });

/** "Interview". */
export const interviewSchema = z.object({
  id,
  status: word,
  url: text,
  created_at: time,
  ended_at: time,
  feedback: text,
  thumbs_up: z.union([numericSchema, z.boolean()]).nullish().catch(null),
  report_url: text,
  metadata: record,
  candidate: z.object({ email: text }).nullish().catch(null),
});
export type HackerrankInterview = z.infer<typeof interviewSchema>;

/** "Get report pdf" with `format=url`; inferred: the name of the field. */
export const fileAddressSchema = z.union([
  z.object({ url: z.string() }).transform(({ url }) => url),
  z.object({ pdf_url: z.string() }).transform(({ pdf_url }) => pdf_url),
]);
