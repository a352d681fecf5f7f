/**
 * What Greenhouse Harvest v3 answers, as far as we read it. Source: https://harvestdocs.greenhouse.io/reference.
 * Unknown fields are ignored; everything that is not an id may be missing or null.
 */
import { z } from 'zod';

/**
 * An id as text. A number that is not exact any more is refused, because what was lost cannot be guessed: the JSON parsers
 * before us hand over large ids as text.
 */
export const greenhouseIdSchema = z.union([
  z.string().regex(/^\d+$/),
  z
    .number()
    .int()
    .nonnegative()
    .refine(Number.isSafeInteger, 'an id that has lost digits')
    .transform((id) => String(id)),
]);

const id = greenhouseIdSchema;
const optionalId = id.nullish().transform((value) => value ?? null);
const optionalText = z
  .string()
  .nullish()
  .transform((value) => value?.trim() || null);
const optionalFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);
/** ISO 8601 in UTC, or null where it is missing or makes no sense. */
const optionalTime = z
  .string()
  .nullish()
  .transform((value) => toIsoTime(value ?? ''));

function toIsoTime(text: string): string | null {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** `stage_id` is left out on purpose: it is the id of the row in the stage history, not of the stage. */
export const greenhouseApplicationSchema = z.object({
  id,
  candidate_id: optionalId,
  job_id: optionalId,
  status: z.string(),
  job_interview_stage_id: optionalId,
  stage_name: optionalText,
  prospect: optionalFlag,
  rejected_at: optionalTime,
  rejection_reason_id: optionalId,
  created_at: optionalTime,
});
export type GreenhouseApplication = z.infer<typeof greenhouseApplicationSchema>;

/** One row per stage of the job; rows without `entered_at` are stages not reached yet. */
export const greenhouseApplicationStageSchema = z.object({
  id,
  application_id: optionalId,
  job_interview_stage_id: optionalId,
  entered_at: optionalTime,
  exited_at: optionalTime,
  current: optionalFlag,
});
export type GreenhouseApplicationStage = z.infer<typeof greenhouseApplicationStageSchema>;

const emailSchema = z
  .union([z.object({ value: z.string().nullish() }).transform((email) => email.value ?? ''), z.string()])
  .catch('');

export const greenhouseCandidateSchema = z.object({
  id,
  first_name: optionalText,
  last_name: optionalText,
  private: optionalFlag,
  can_email: optionalFlag,
  tags: z
    .array(z.string())
    .nullish()
    .transform((tags) => tags ?? []),
  email_addresses: z
    .array(emailSchema)
    .nullish()
    .transform((emails) => (emails ?? []).map((email) => email.trim()).filter(Boolean)),
});
export type GreenhouseCandidate = z.infer<typeof greenhouseCandidateSchema>;

export const greenhouseJobSchema = z.object({ id, name: optionalText });

export const greenhouseJobRowSchema = greenhouseJobSchema.extend({
  status: optionalText,
  confidential: optionalFlag,
  is_template: optionalFlag,
});

/** `opening_id` is a text that people give it; calls take `id`. */
export const greenhouseOpeningSchema = z.object({
  id,
  opening_id: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .transform((text) => text?.trim() || null),
  open: optionalFlag,
  closed_at: optionalTime,
});

export const greenhouseJobPostSchema = z.object({ id, title: optionalText, live: optionalFlag });

export const greenhouseJobStageSchema = z.object({
  id,
  job_id: optionalId,
  name: optionalText,
  sort_order: z
    .number()
    .nullish()
    .transform((order) => order ?? 0),
});

export const greenhouseRejectionDetailSchema = z.object({
  application_id: optionalId,
  rejection_reason_id: optionalId,
  rejected_at: optionalTime,
});

export const greenhouseRejectionReasonSchema = z.object({ id, name: optionalText });

export const greenhouseNoteSchema = z.object({ id, body: optionalText, body_with_tags: optionalText });

/** `url` is left out on purpose: whoever has it can open the file. */
export const greenhouseAttachmentSchema = z.object({ id, filename: optionalText });

export const greenhouseCustomFieldSchema = z.object({ id, name: optionalText, value_type: optionalText, active: optionalFlag });

export const greenhouseCustomFieldOptionSchema = z.object({ id, custom_field_id: optionalId, name: optionalText });

export const greenhouseTagSchema = z.object({ id, name: optionalText });
export type GreenhouseTag = z.infer<typeof greenhouseTagSchema>;

export const greenhouseAppliedTagSchema = z.object({ id, candidate_id: optionalId, candidate_tag_id: id });

/** What a write answers with, when it answers with anything: only the id is of use. */
export const greenhouseCreatedSchema = z.object({ id });

/** The field of the expiry differs between sources: `expires_in` (seconds), `expires_at` or `expires` (date-time). */
export const greenhouseTokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().nullish().catch(null),
  expires_at: z.union([z.string(), z.number()]).nullish(),
  expires: z.union([z.string(), z.number()]).nullish(),
});
export type GreenhouseToken = z.infer<typeof greenhouseTokenSchema>;

export const greenhouseIntrospectionSchema = z.object({
  active: z.boolean().optional(),
  sub: optionalId.catch(null),
  /** Separated by spaces. */
  scope: z.string().nullish().catch(null),
  'https://auth.greenhouse.io/claims': z
    .object({ organization: z.object({ name: optionalText }).nullish(), user_role: optionalText.catch(null) })
    .nullish()
    .catch(null),
});
