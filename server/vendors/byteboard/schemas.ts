import { z } from 'zod';
import { numericSchema } from '../numeric-schema.ts';

/** Numbers, too: no-code tools write what looks like one as one. Empty text is what they send for a field without a value. */
const written = z
  .union([z.string(), z.number().transform(String)])
  .transform((value) => value.trim() || null)
  .nullish();

/** By this somebody is found, so it must be readable. */
const name = (maxLength: number) => written.refine((value) => (value?.length ?? 0) <= maxLength);

/** One part that cannot be read must not cost the others: it is left out. */
const text = (maxLength: number) => written.transform((value) => value?.slice(0, maxLength) ?? null).catch(null);

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
 * Everything but who and `state` may be missing; a result counts with the state `scored` only. An empty object is a test. What cannot be read
 * of the rest is left out; a `scored` of which nothing is left is none.
 */
export const genericReportSchema = z.object({
  invitation: name(100),
  assessment: name(300),
  email: name(320),
  state: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(['started', 'submitted', 'scored', 'expired'])),
  rating: text(100),
  score: z
    .object({ value: numericSchema, max: numericSchema.nullish().catch(null) })
    .nullish()
    .catch(null),
  skills: z
    .array(
      z
        .object({
          name: z
            .string()
            .trim()
            .min(1)
            .transform((given) => given.slice(0, 200)),
          rating: text(100),
        })
        .nullable()
        .catch(null),
    )
    .nullish()
    .catch(null)
    .transform((rows) => (rows ?? []).filter((row) => row !== null).slice(0, 100)),
  // With its HTML; what is shown is cut later.
  notes: text(200_000),
  report_url: text(2_000),
});
export type GenericReport = z.infer<typeof genericReportSchema>;
