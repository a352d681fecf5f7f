import { z } from 'zod';

/** What failed and waits for a person, and the webhooks as they were received; for admins alone. */

const id = z.string();
const time = z.string();

export const FAILURE_KINDS = ['effect', 'unconfirmed', 'delivery', 'job', 'gap'] as const;
export const FAILURE_STATES = ['open', 'retried', 'discarded', 'settled'] as const;

const limit = z.coerce.number().int().min(1).max(200).default(50);
const PAGE_BEFORE = '`next` of the page before.';

export const failuresQuerySchema = z.object({
  state: z.enum(FAILURE_STATES).default('open'),
  kind: z.enum(FAILURE_KINDS).optional(),
  before: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z_[\da-f-]{36}$/)
    .refine((end) => !Number.isNaN(Date.parse(end.slice(0, 24))))
    .optional()
    .describe(PAGE_BEFORE),
  limit,
});

export const failureViewSchema = z.object({
  id,
  kind: z.enum(FAILURE_KINDS),
  state: z.enum(FAILURE_STATES),
  text: z.string().describe('What failed.'),
  why: z.string().nullable(),
  candidateName: z.string().nullable(),
  jobName: z.string().nullable(),
  url: z.string().nullable().describe('The candidate’s page in the ATS.'),
  connectionName: z.string().nullable(),
  firstAt: time,
  lastAt: time,
  times: z.number().int(),
  closedAt: time.nullable(),
  closedBy: z.string().nullable(),
  comment: z.string().nullable(),
  needsCheck: z.boolean().describe('It may have been done: to be tried again only after somebody has looked at the other side.'),
});
export type FailureView = z.infer<typeof failureViewSchema>;

export const failuresViewSchema = z.object({
  items: z.array(failureViewSchema),
  next: z.string().nullable(),
  counts: z.object({ open: z.number(), retried: z.number(), discarded: z.number(), settled: z.number() }),
});

export const closeFailuresSchema = z
  .object({
    ids: z.array(z.guid()).min(1).max(200).optional(),
    all: z.literal(true).optional().describe('All open ones; up to 500 at once.'),
    checked: z
      .boolean()
      .default(false)
      .describe('Somebody has looked at the other side, and it was not done. Only with `ids`: each wants its own look.'),
    comment: z.string().trim().max(500).optional().describe('Needed to discard.'),
  })
  .refine(({ ids, all }) => (ids === undefined) !== (all === undefined), 'either ids or all');
export type CloseFailures = z.infer<typeof closeFailuresSchema>;

export const failuresClosedSchema = z.object({
  closed: z.number().int(),
  kept: z.array(z.object({ id, why: z.string() })).describe('Those that stay on the list.'),
  more: z.boolean().describe('There were more than are taken at once.'),
  message: z.string(),
});
export type FailuresClosed = z.infer<typeof failuresClosedSchema>;

export const DELIVERY_OUTCOMES = ['waiting', 'hinted', 'nobody', 'unreadable', 'failed', 'erased'] as const;

export const deliveriesQuerySchema = z.object({
  connectionId: z.guid().optional(),
  event: z.string().max(200).optional(),
  outcome: z.enum(DELIVERY_OUTCOMES).optional(),
  applicationId: z.string().max(200).optional().describe('The id that the ATS gave the application or the candidate.'),
  id: z.coerce.number().int().positive().optional(),
  body: z.enum(['true', 'false']).default('false').describe('With `id`: what was sent, without secrets and links.'),
  before: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .describe(PAGE_BEFORE),
  limit,
});

export const deliveryViewSchema = z.object({
  id: z.number().int(),
  connectionId: id,
  connectionName: z.string().nullable(),
  event: z.string(),
  receivedAt: time,
  repeats: z.number().int().describe('How often the same came again.'),
  outcome: z.enum(DELIVERY_OUTCOMES),
  outcomeText: z.string(),
  candidates: z.array(z.string()).describe('Names of those it is about, as far as they are known and may be seen.'),
  replays: z.number().int(),
  body: z.string().nullable().optional(),
});
export type DeliveryView = z.infer<typeof deliveryViewSchema>;

export const deliveriesViewSchema = z.object({ items: z.array(deliveryViewSchema), next: z.string().nullable() });

export const replaySchema = z.object({ dryRun: z.boolean() });

export const replayAnswerSchema = z.object({
  dryRun: z.boolean(),
  message: z.string(),
  candidates: z.array(
    z.object({
      name: z.string().nullable(),
      jobName: z.string().nullable(),
      url: z.string().nullable(),
      because: z.array(z.string()).describe('What would be decided, and why.'),
      would: z.array(z.string()).describe('What would be done; empty when nothing would.'),
    }),
  ),
});
export type ReplayAnswer = z.infer<typeof replayAnswerSchema>;
