/**
 * What a partner answers. Greenhouse documents the shapes (https://developers.greenhouse.io/assessment.html); real servers write ids as
 * numbers, leave out what they have no value for, and add what they like.
 */
import { z } from 'zod';

/** Ids are text, or numbers as in older examples of the documentation; too long a number has come as text (see parse-json.ts). */
const id = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).trim())
  .pipe(z.string().min(1).max(300));

export const testSchema = z.object({ partner_test_id: id, partner_test_name: z.unknown().optional() });

export const sentTestSchema = z.object({ partner_interview_id: id });

export const testStatusSchema = z.object({
  partner_status: z.string().trim().min(1),
  partner_profile_url: z.unknown().optional(),
  partner_score: z.unknown().optional(),
  metadata: z.unknown().optional(),
});
export type TestStatus = z.infer<typeof testStatusSchema>;
