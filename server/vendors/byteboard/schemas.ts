import { z } from 'zod';
import { numericSchema } from '../numeric-schema.ts';

/** Empty text is what no-code tools send for a field without a value. */
const text = (maxLength: number) =>
  z
    .string()
    .trim()
    .max(maxLength)
    .nullish()
    .transform((value) => value || null);

/**
 * The body of the generic webhook, for whoever reports results to us: a script, a no-code tool, a vendor on request. JSON, signed as
 * https://www.standardwebhooks.com says, with the secret that the set-up page shows.
 *
 *     {
 *       "invitation": "our id, as filled into the link",    or  "assessment": "its id or name here", "email": "the candidate's"
 *       "state": "started" | "submitted" | "scored" | "expired",
 *       "rating": "Strong" | "Leaning Strong" | "Needs Improvement" | "Poor",
 *       "score": { "value": 71, "max": 100 },
 *       "skills": [{ "name": "Code Quality", "rating": "Strong" }],
 *       "notes": "plain text",
 *       "report_url": "https://..."
 *     }
 *
 * Everything but who and `state` may be missing; a result counts with the state `scored` only. An empty object is a test.
 */
export const genericReportSchema = z.object({
  invitation: text(100),
  assessment: text(300),
  email: text(320),
  state: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(['started', 'submitted', 'scored', 'expired'])),
  rating: text(100),
  score: z.object({ value: numericSchema, max: numericSchema.nullish() }).nullish(),
  skills: z
    .array(z.object({ name: z.string().trim().min(1).max(200), rating: text(100) }))
    .max(100)
    .nullish(),
  notes: text(20_000),
  report_url: text(2_000),
});
export type GenericReport = z.infer<typeof genericReportSchema>;
