import { z } from 'zod';

/** Kinds of who did something; `vendor`: what a vendor answered when it was asked. */
export const ACTIVITY_WHO_KINDS = ['member', 'rule', 'webhook', 'vendor', 'ats', 'command', 'system'] as const;

const filters = {
  /** Anywhere: names, reasons, what was changed. */
  text: z.string().trim().max(200).optional(),
  member: z.guid().optional(),
  /** As in `action` of an entry. */
  action: z.string().max(100).optional(),
  connection: z.guid().optional(),
  /** By our own key of the application. */
  application: z.guid().optional(),
  /** ISO 8601, UTC; `from` inclusive, `to` exclusive. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
};

/** Older than the entry with this id. */
const before = z
  .string()
  .regex(/^\d{1,18}$/)
  .optional();
const limit = z.coerce.number().int().min(1).max(500);

export const activityQuerySchema = z.object({ ...filters, before, limit: limit.default(50) });

export const activityExportQuerySchema = z.object({
  ...filters,
  format: z.enum(['csv', 'ndjson']).default('csv'),
  before: before.describe('`next` of the part before.'),
  limit: limit.optional().describe('So many entries at most, as a part; without it all, as one file.'),
});

/** A part of the file: all parts in their order, put together, are the file. */
export const activityPartSchema = z.object({
  text: z.string(),
  /** To be given as `before` for the part that follows; null: that was the last. */
  next: z.string().nullable(),
});

export const activityEntrySchema = z.object({
  id: z.string(),
  /** The place in the chain; null for the moment until it is linked. */
  seq: z.number().int().nullable(),
  /** ISO 8601, UTC. */
  at: z.string(),
  who: z.object({ kind: z.enum(ACTIVITY_WHO_KINDS).or(z.string()), id: z.string().nullable(), name: z.string() }),
  action: z.string(),
  /** The action in words. */
  what: z.string(),
  /** Whom it was about. `name` null: unknown here, erased or hidden. */
  candidate: z
    .object({
      applicationKey: z.string(),
      name: z.string().nullable(),
      job: z.string().nullable(),
      erased: z.boolean(),
      hidden: z
        .boolean()
        .optional()
        .describe('The ATS does not show the candidate to this admin: nor are name, job, why and changes.'),
    })
    .nullable(),
  connection: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Sentences. */
  why: z.array(z.string()),
  /** What was changed, field by field; null: there was, or is, nothing. */
  changes: z.array(z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  hash: z.string().nullable(),
});
export type ActivityEntry = z.infer<typeof activityEntrySchema>;

export const activityViewSchema = z.object({
  /** Newest first. May be fewer than asked for, even none, and more follow: what is hidden is passed over. */
  entries: z.array(activityEntrySchema),
  /** To be given as `before` for what is older; null: that was all. */
  next: z.string().nullable(),
  /** What one can filter by. */
  actions: z.array(z.object({ action: z.string(), what: z.string() })),
  /** The end of the chain as SEQ:HASH, for noting it elsewhere: `npm run verify-audit -- --head`. Null while nothing is linked. */
  head: z.string().nullable(),
});
export type ActivityView = z.infer<typeof activityViewSchema>;
