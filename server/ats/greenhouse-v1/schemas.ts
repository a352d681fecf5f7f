/**
 * What Greenhouse Harvest v1 answers, as far as we read it. Source: https://developers.greenhouse.io/harvest.html
 * Unknown fields are ignored; everything that is not an id may be missing or null.
 */
import { z } from 'zod';
import { greenhouseIdSchema as id } from '../greenhouse/schemas.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() || null);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);
/** ISO 8601 in UTC, or null where it is missing or makes no sense. */
const time = z
  .string()
  .nullish()
  .transform((value) => {
    const at = new Date(value ?? '');
    return Number.isNaN(at.getTime()) ? null : at.toISOString();
  });
const listOf = <T>(row: z.ZodType<T>) =>
  z
    .array(row)
    .nullish()
    .transform((rows) => rows ?? []);
const named = z.object({ id, name: text });

export const greenhouseV1ApplicationSchema = z.object({
  id,
  candidate_id: id.nullish().transform((value) => value ?? null),
  prospect: flag,
  applied_at: time,
  rejected_at: time,
  status: z.string(),
  /** The stage of the job, not a row of the history. Null for prospects and after a hire. */
  current_stage: named.nullish().transform((value) => value ?? null),
  rejection_reason: named.nullish().transform((value) => value ?? null),
  /** One; none or several for a prospect. */
  jobs: listOf(named),
});
export type GreenhouseV1Application = z.infer<typeof greenhouseV1ApplicationSchema>;

/** Custom fields by their keys, which never change. */
const fieldsSchema = z
  .record(z.string(), z.object({ name: text, type: text }))
  .nullish()
  .catch(null)
  .transform((fields) => fields ?? {});
export type GreenhouseV1Fields = z.infer<typeof fieldsSchema>;

export const greenhouseV1FieldsSchema = z.object({ keyed_custom_fields: fieldsSchema });

export const greenhouseV1CandidateSchema = z.object({
  id,
  first_name: text,
  last_name: text,
  is_private: flag,
  can_email: flag,
  tags: listOf(z.string()),
  email_addresses: listOf(z.object({ value: text })).transform((rows) => rows.flatMap(({ value }) => value ?? [])),
  applications: listOf(greenhouseV1ApplicationSchema),
  keyed_custom_fields: fieldsSchema,
});
export type GreenhouseV1Candidate = z.infer<typeof greenhouseV1CandidateSchema>;

export const greenhouseV1JobSchema = named;

export const greenhouseV1JobRowSchema = named.extend({ status: text, confidential: flag });

/** `opening_id` is a text that people give it; calls take `id`. */
export const greenhouseV1OpeningSchema = z.object({
  id,
  opening_id: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .transform((value) => value?.trim() || null),
  status: text,
});

export const greenhouseV1JobPostSchema = z.object({
  id,
  title: text,
  live: flag,
  job_id: id.nullish().transform((value) => value ?? null),
});

export const greenhouseV1StageSchema = z.object({
  id,
  name: text,
  job_id: id.nullish().transform((value) => value ?? null),
  active: flag,
  priority: z
    .number()
    .nullish()
    .transform((value) => value ?? 0),
});
export type GreenhouseV1Stage = z.infer<typeof greenhouseV1StageSchema>;

const activitySchema = z.object({ id, created_at: time, subject: text, body: text });
export type GreenhouseV1Activity = z.infer<typeof activitySchema>;

export const greenhouseV1FeedSchema = z.object({
  /** Null where they are missing: that is not "no notes". */
  notes: z
    .array(z.object({ id, body: text }))
    .nullish()
    .transform((notes) => notes ?? null),
  activities: listOf(activitySchema),
});
export type GreenhouseV1Feed = z.infer<typeof greenhouseV1FeedSchema>;
