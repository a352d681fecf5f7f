import { z } from 'zod';

const email = z.string().trim().min(3).max(320);
const id = z.string().trim().min(1).max(300);

/**
 * The four webhook bodies; only who and what they are about is indispensable, for one that is refused here is lost. https://docs.coderbyte.com/reference/completed-joined ; yes, that is the address of candidate_joined.
 */
export const coderbyteDeliverySchema = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('candidate_joined'), assessment_id: id, email }),
  // https://docs.coderbyte.com/reference/completed-assessment
  z.object({
    operation: z.literal('assessment_completed'),
    assessment_id: id,
    email,
    report_url: z.unknown().optional(),
    /** The clock ran out before the candidate was done. */
    time_expired: z.boolean().nullish().catch(null),
    /** False while the challenges are still processed in the background. A second event when they are is not documented. */
    report_ready: z.boolean().nullish().catch(null),
  }),
  // https://docs.coderbyte.com/reference/scorecard-updated
  z.object({
    operation: z.literal('scorecard_updated'),
    assessment_id: id,
    email,
    report_url: z.unknown().optional(),
    /** Which of the two was changed; the body carries both. */
    trigger: z.unknown().optional(),
    recommendation: z.enum(['thumb_up', 'thumb_down']).nullish().catch(null),
    comment: z.unknown().optional(),
  }),
  // https://docs.coderbyte.com/reference/interview-completed
  z.object({ operation: z.literal('interview_completed'), interview_id: id, email, report_url: z.unknown().optional() }),
]);
export type CoderbyteDelivery = z.infer<typeof coderbyteDeliverySchema>;
