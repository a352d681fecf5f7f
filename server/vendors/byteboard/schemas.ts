import { z } from 'zod';
import { fieldsOf } from '../../fields-of.ts';
import { numericSchema } from '../numeric-schema.ts';

/** Numbers, too: no-code tools write what looks like one as one. Empty text is what they send for a field without a value. */
const written = z
  .union([z.string(), z.number().transform(String)])
  .transform((value) => value.trim() || null)
  .nullish();

/** By this somebody is found, so it must be readable. */
const name = (maxLength: number) => written.refine((value) => (value?.length ?? 0) <= maxLength);

/** By this it is decided: who cannot be understood here is not understood at all. A list or an object is no word. */
const word = (maxLength: number) => written.transform((value) => value?.slice(0, maxLength) ?? null);

/** What only explains the result must not cost it: what cannot be read is left out. */
const text = (maxLength: number) => word(maxLength).catch(null);

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** A score without a value is none, also where a tool always sends the maximum. A maximum that cannot be read would make 640 of 1,000 a pass. */
const score = z.preprocess(
  (given) => (isBlank(given) || (fieldsOf(given) && isBlank(fieldsOf(given)?.value)) ? null : given),
  z.object({ value: numericSchema, max: z.preprocess((max) => (isBlank(max) ? null : max), numericSchema.nullish()) }).nullable(),
);

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
 * Everything but who and `state` may be missing; a result counts with the state `scored` only. An empty object is a test. A score or a
 * rating that cannot be read makes the whole of it unreadable, which an admin is told; of the rest it is left out. A `scored` of which nothing
 * is left is none.
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
  rating: word(100),
  score,
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
